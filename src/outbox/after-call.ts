import { and, eq, sql } from 'drizzle-orm';
import type { SendResult } from '../chat/adapter.ts';
import type { PlatformError } from '../kernel/errors.ts';
import { finishBatch } from './batches.ts';
import { answered } from './meter.ts';
import type { NextCall } from './next-call.ts';
import { deliveries, sendBatches } from './outbox.tables.ts';
import type { SenderDeps } from './sender-deps.ts';
import { endOf, lostEnd, settle } from './settle.ts';

type Call = Extract<NextCall, { kind: 'call' }>;
type Wait = Extract<NextCall, { kind: 'wait' }>;
type Deps = Pick<SenderDeps, 'db' | 'clock'>;

/**
 * Writes down what the platform said about each person; where it said nothing, the answer counts as lost. The batch is
 * free for its next call, or done. `atMs` is when the answer came, unless that was noted before.
 */
export async function closeCall(
  { db, clock }: Deps,
  call: Call,
  {
    results,
    atMs,
    lostReason = 'answer-lost',
  }: { results: readonly SendResult[]; atMs?: number; lostReason?: string },
): Promise<void> {
  const now = clock.now();
  const { adapter, way, rows, batchId } = call;
  // By itself: all calls of the account count in the same few rows, which nobody may hold for long.
  const noted = atMs === undefined ? undefined : answered(db, call.permit, { clock, atMs });
  noted?.catch(() => undefined);
  await db.transaction(async (tx) => {
    // The batch first, as everybody does who works on its rows.
    if (call.last) await finishBatch(tx, [batchId], now);
    else await release(tx, batchId);
    await settle(
      tx,
      rows.map((row, index) => {
        const result = results[index];
        return {
          row,
          end:
            result === undefined
              ? lostEnd(lostReason, adapter, way.name, now)
              : endOf(result, adapter, way.name, now),
        };
      }),
      now,
    );
  });
  await noted;
}

async function release(tx: Deps['db'], batchId: string): Promise<void> {
  await tx.update(sendBatches).set({ calling: null, leaseUntil: null }).where(eq(sendBatches.id, batchId));
}

/** The platform refused the call, and with it everybody in it. */
export async function refuseAll(
  { db, clock }: Deps,
  call: Call,
  reason: PlatformError['platformCode'],
): Promise<void> {
  const now = clock.now();
  await db.transaction(async (tx) => {
    await release(tx, call.batchId);
    const end = { state: 'refused' as const, reason, way: call.way.name };
    await settle(
      tx,
      call.rows.map((row) => ({ row, end })),
      now,
    );
    if (call.last) await finishBatch(tx, [call.batchId], now);
  });
}

/** How often a platform may answer that it could not before we take its word for a no. */
const MOST_ATTEMPTS = 8;

/** The same call will be made again. Says whether the platform has had its tries. */
export async function keepForRepeat(
  { db }: Deps,
  { batchId }: Pick<Call, 'batchId'>,
  { mayHaveArrived, isAttempt = false }: { mayHaveArrived: boolean; isAttempt?: boolean },
): Promise<boolean> {
  const [batch] = await db
    .update(sendBatches)
    .set({
      // The next run need not wait for this lease.
      leaseUntil: sql`clock_timestamp()`,
      attempts: sql`${sendBatches.attempts} + ${isAttempt ? 1 : 0}`,
      ...(mayHaveArrived ? {} : { calling: null }),
    })
    .where(eq(sendBatches.id, batchId))
    .returning({ attempts: sendBatches.attempts });
  return (batch?.attempts ?? 0) >= MOST_ATTEMPTS;
}

/**
 * What we started ourselves does not wait in the queue: its people are planned again and get their turn when there is
 * room. Answers stay, in their order. Says whether the batch is empty now.
 */
export async function giveBack({ db, clock }: Deps, batchId: string, { ms, why }: Wait): Promise<boolean> {
  const now = clock.now();
  return db.transaction(async (tx) => {
    const [batch] = await tx.select().from(sendBatches).where(eq(sendBatches.id, batchId)).for('update');
    if (batch === undefined || batch.priority === 'answer' || batch.calling !== null) return false;
    const held = ms >= HELD_FROM_MS;
    await tx
      .update(deliveries)
      .set({
        state: 'planned',
        batchId: null,
        countsOn: null,
        reason: held ? why : null,
        notBefore: held ? now.add({ milliseconds: ms }) : null,
        changedAt: now,
      })
      .where(and(eq(deliveries.batchId, batchId), eq(deliveries.state, 'queued')));
    await finishBatch(tx, [batchId], now);
    return true;
  });
}

/** Waits for a new day or month are written down; shorter ones show in the channel's quotas. */
const HELD_FROM_MS = 600_000;
