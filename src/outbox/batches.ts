import { eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import { newId } from '../kernel/ids.ts';
import { isoOf, type Temporal } from '../kernel/time.ts';
import { sendBatches } from './outbox.tables.ts';
import type { Priority } from './priority.ts';
import type { Row, RowKey } from './settle.ts';

/** In `calling`: every row of the batch is with the platform, whatever its message. */
export const EVERYTHING = '00000000-0000-0000-0000-000000000000';

/** Whether the row is with the platform now, or was when a worker died. */
export function isWithPlatform(calling: string | null, row: Pick<Row, 'messageId'>): boolean {
  return calling === EVERYTHING || calling === row.messageId;
}

export interface Batch {
  id: string;
  priority: Priority;
}

export interface NewBatch {
  rows: readonly (RowKey & { countsOn?: Temporal.PlainDate | null })[];
  of: Pick<Row, 'channel' | 'account'>;
  way: string;
  priority: Priority;
  messageId: string | null;
  calls: number;
}

/** Puts rows that are planned, and locked by this transaction, into batches as one set. */
export async function makeBatches(
  tx: Db,
  batches: readonly NewBatch[],
  now: Temporal.Instant,
): Promise<Batch[]> {
  if (batches.length === 0) return [];
  const made = batches.map((batch) => ({ id: newId(), ...batch }));
  await tx.insert(sendBatches).values(
    made.map(({ id, of, way, priority, messageId, calls }) => ({
      id,
      channel: of.channel,
      account: of.account,
      way,
      priority,
      messageId,
      calls,
      state: 'queued' as const,
      createdAt: now,
    })),
  );
  const rows = JSON.stringify(
    made.flatMap(({ id, rows }) =>
      rows.map(({ messageId, recipient, countsOn }) => ({
        b: id,
        m: messageId,
        r: recipient,
        c: countsOn?.toString() ?? null,
      })),
    ),
  );
  await tx.execute(sql`
    update deliveries d set state = 'queued', reason = null, not_before = null, batch_id = q.b,
      counts_on = coalesce(q.c, d.counts_on), changed_at = ${isoOf(now)}
    from json_to_recordset(${rows}::json) as q(b uuid, m uuid, r text, c date)
    where d.message_id = q.m and d.recipient = q.r and d.state = 'planned'`);
  return made.map(({ id, priority }) => ({ id, priority }));
}

/** Everything whose job may have been lost: made or left by somebody who is not at it any more. */
export async function openBatches(db: Db): Promise<Batch[]> {
  return db
    .select({ id: sendBatches.id, priority: sendBatches.priority })
    .from(sendBatches)
    .where(
      sql`${eq(sendBatches.state, 'queued')} and (${sendBatches.leaseUntil} is null or ${sendBatches.leaseUntil} < clock_timestamp())`,
    )
    .orderBy(sendBatches.id);
}

/** How many calls of what we start ourselves are under way on this channel, by way. */
export async function callsUnderWay(
  tx: Db,
  { channel, account }: Pick<Row, 'channel' | 'account'>,
): Promise<Map<string, number>> {
  const { rows } = await tx.execute<{ way: string; calls: number }>(sql`
    select way, sum(calls)::int as calls from send_batches
    where state = 'queued' and channel = ${channel} and account = ${account} and priority <> 'answer'
    group by way`);
  return new Map(rows.map(({ way, calls }) => [way, calls]));
}

/** A batch whose rows have all left it, or reached an end. */
export async function finishBatch(tx: Db, ids: readonly string[], now: Temporal.Instant): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(sendBatches)
    .set({ state: 'done', calling: null, leaseUntil: null, doneAt: now })
    .where(inArray(sendBatches.id, [...ids]));
}
