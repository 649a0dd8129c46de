import { or, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { employees } from '../directory/directory.tables.ts';

/** The one employee whom a typed 工号 or name means; undefined when there is none, or more than one. */
export async function employeeByWord(tx: Db, word: string): Promise<string | undefined> {
  const said = word.replace(/^(?:给|到|to )\s*/, '').trim();
  const found = await tx
    .select({ id: employees.id })
    .from(employees)
    .where(
      or(sql`lower(${employees.number}) = lower(${said})`, sql`lower(${employees.name}) = lower(${said})`),
    )
    .limit(2);
  return found.length === 1 ? found[0]?.id : undefined;
}
