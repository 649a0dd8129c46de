import { sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';

/**
 * Waits until no other transaction works for any of these people, and keeps them until this one ends: what somebody
 * does is worked on one thing after the other, also when it reaches two processes at once. Asking again is free of
 * waiting. The locks are taken in one order, so that two sets with the same people cannot wait for each other.
 */
export async function oneAtATime(tx: Db, employeeIds: readonly string[]): Promise<void> {
  if (employeeIds.length === 0) return;
  await tx.execute(sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended(id, 0) as key
      from json_array_elements_text(${JSON.stringify(employeeIds)}::json) as id order by key
    ) keys`);
}
