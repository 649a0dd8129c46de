import type { Db } from '../../kernel/db.ts';
import { type AuditEntry, append } from './audit.chain.ts';

export { type AuditEntry, verifyAudit } from './audit.chain.ts';
export type { AuditActor } from './audit.tables.ts';

/** Writes one line of the audit in the caller's transaction: without the line the deed does not happen either. */
export async function recordAudit(tx: Db, entry: AuditEntry): Promise<void> {
  await tx.transaction((inner) => append(inner, [entry]));
}
