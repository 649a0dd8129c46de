import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type AuditActor, audit } from './audit.tables.ts';

export type { AuditActor } from './audit.tables.ts';

/** Writes one line of the audit in the caller's transaction: without the line the deed does not happen either. */
export async function recordAudit(
  tx: Db,
  entry: {
    at: Temporal.Instant;
    actor: AuditActor;
    action: string;
    subject: string;
    detail?: Record<string, unknown>;
  },
): Promise<void> {
  await tx.insert(audit).values({
    at: entry.at,
    actorKind: entry.actor.kind,
    actorId: entry.actor.id,
    action: entry.action,
    subject: entry.subject,
    detail: entry.detail ?? {},
  });
}
