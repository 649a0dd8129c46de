import { and, eq, sql } from 'drizzle-orm';
import { type Batch, makeBatches, type NewBatch } from './batches.ts';
import { deliveries, outboxMessages } from './outbox.tables.ts';
import type { RelayDeps } from './relay-deps.ts';
import { wayFor } from './release.rules.ts';
import { isPast, type Row, rowColumns, settle } from './settle.ts';

/** How many rows one round takes. */
const ROWS_A_ROUND = 2_000;

/** Answers of different people may share a call where the channel can, but not more than a failed one may repeat. */
const ANSWERS_A_BATCH = 50;

/**
 * Answers to what people did leave at once, before everything else and in the order of their promise: one person's
 * share a batch, so that they cannot overtake one another.
 */
export async function releaseAnswers(deps: RelayDeps): Promise<{ batches: Batch[]; more: boolean }> {
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const found = await tx
      .select({ row: rowColumns, content: outboxMessages.content })
      .from(deliveries)
      .innerJoin(outboxMessages, eq(outboxMessages.id, deliveries.messageId))
      .where(
        and(
          eq(deliveries.state, 'planned'),
          eq(outboxMessages.priority, 'answer'),
          sql`(${deliveries.notBefore} is null or ${deliveries.notBefore} <= ${now.toString()})`,
        ),
      )
      .orderBy(deliveries.messageId, deliveries.recipient)
      .limit(ROWS_A_ROUND)
      .for('update', { of: deliveries, skipLocked: true });
    const ends: Parameters<typeof settle>[1][number][] = [];
    const lanes = new Map<string, NewBatch & { rows: Row[] }>();
    const full: NewBatch[] = [];
    for (const { row, content } of found) {
      const adapter = deps.adapters.find(
        ({ channel, account }) => channel === row.channel && account === row.account,
      );
      const way = adapter && wayFor(adapter.ways, content, row.addressKind, 1);
      if (isPast(row.expiresAt, now)) ends.push({ row, end: { state: 'expired', reason: null } });
      else if (adapter === undefined)
        ends.push({ row, end: { state: 'unreachable', reason: 'channel-off' } });
      else if (way === undefined) ends.push({ row, end: { state: 'unreachable', reason: 'no-way' } });
      else {
        const shared = way.ownContents === true;
        const key = `${row.channel} ${row.account} ${way.name} ${shared ? '' : row.platformId}`;
        let lane = lanes.get(key);
        if (lane === undefined) {
          lane = { rows: [], of: row, way: way.name, priority: 'answer', messageId: null, calls: 0 };
          lanes.set(key, lane);
        }
        lane.rows.push(row);
        lane.calls = shared ? 1 : lane.rows.length;
        if (lane.rows.length >= ANSWERS_A_BATCH) {
          full.push(lane);
          lanes.delete(key);
        }
      }
    }
    await settle(tx, ends, now);
    const batches = await makeBatches(tx, [...full, ...lanes.values()], now);
    return { batches, more: found.length === ROWS_A_ROUND };
  });
}
