import { and, eq, lt } from 'drizzle-orm';
import type { ChannelAdapter } from '../chat/adapter.ts';
import { forgetTurns } from '../features/faq/index.ts';
import { type ExportDeps, removeExpired } from '../features/reports/index.ts';
import { forgetOldAnswers } from '../http/idempotency.ts';
import { inbox } from '../inbox/inbox.tables.ts';
import type { Db } from '../kernel/db.ts';
import { systemClock, type Temporal } from '../kernel/time.ts';
import { sweepQuotaUse } from '../outbox/meter.ts';
import { sendBatches } from '../outbox/outbox.tables.ts';

/**
 * Forgets what has outlived its purpose: claims that no platform redelivers any more, answers to repeated requests,
 * files of old exports, conversations of yesterday. Evidence is never touched. Bears to run in several processes at once.
 */
export async function keepHouse(
  deps: Pick<ExportDeps, 'db' | 'clock' | 'fileRoot'> & {
    inboxKeepDays: number;
    adapters: readonly ChannelAdapter[];
  },
): Promise<void> {
  const oldest = deps.clock.now().subtract({ hours: deps.inboxKeepDays * 24 });
  await forgetClaims(deps.db, oldest);
  await forgetOldAnswers(deps.db, systemClock.now());
  await sweepQuotaUse(deps.db, deps.adapters);
  await forgetBatches(deps.db, deps.clock.now().subtract({ hours: BATCHES_KEPT_HOURS }));
  await removeExpired(deps);
  await forgetTurns(deps.db, deps.clock.now());
}

async function forgetClaims(db: Db, before: Temporal.Instant): Promise<void> {
  await db.delete(inbox).where(lt(inbox.receivedAt, before));
}

const BATCHES_KEPT_HOURS = 7 * 24;

/** A done batch tells nothing that its deliveries do not tell. */
async function forgetBatches(db: Db, before: Temporal.Instant): Promise<void> {
  await db.delete(sendBatches).where(and(eq(sendBatches.state, 'done'), lt(sendBatches.doneAt, before)));
}
