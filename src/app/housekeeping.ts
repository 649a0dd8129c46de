import { lt } from 'drizzle-orm';
import { forgetTurns } from '../features/faq/index.ts';
import { type ExportDeps, removeExpired } from '../features/reports/index.ts';
import { forgetOldAnswers } from '../http/idempotency.ts';
import { inbox } from '../inbox/inbox.tables.ts';
import type { Db } from '../kernel/db.ts';
import { systemClock, type Temporal } from '../kernel/time.ts';

/**
 * Forgets what has outlived its purpose: claims that no platform redelivers any more, answers to repeated requests,
 * files of old exports, conversations of yesterday. Evidence is never touched. Bears to run in several processes at once.
 */
export async function keepHouse(deps: ExportDeps & { inboxKeepDays: number }): Promise<void> {
  const oldest = deps.clock.now().subtract({ hours: deps.inboxKeepDays * 24 });
  await forgetClaims(deps.db, oldest);
  await forgetOldAnswers(deps.db, systemClock.now());
  await removeExpired(deps);
  await forgetTurns(deps.db, deps.clock.now());
}

async function forgetClaims(db: Db, before: Temporal.Instant): Promise<void> {
  await db.delete(inbox).where(lt(inbox.receivedAt, before));
}
