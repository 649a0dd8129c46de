import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';

/**
 * Keeps an export from its job until this transaction ends: whoever changes what the job waits for takes it, so that a
 * job that is faster than the commit waits for it.
 */
export async function lockExport(tx: Db, id: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`export:${id}`}, 0))`);
}
