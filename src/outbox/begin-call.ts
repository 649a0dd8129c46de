import { sql } from 'drizzle-orm';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Way } from '../chat/quota.ts';
import type { Db } from '../kernel/db.ts';
import { EVERYTHING } from './batches.ts';
import {
  answered,
  begins,
  CALL_TIMEOUT_MS,
  type Permit,
  type Reservation,
  reserve,
  wallSince,
} from './meter.ts';
import type { sendBatches } from './outbox.tables.ts';
import type { SenderDeps } from './sender-deps.ts';
import type { Row } from './settle.ts';

interface Beginning {
  batch: Pick<typeof sendBatches.$inferSelect, 'id' | 'priority'>;
  adapter: ChannelAdapter;
  way: Way;
  call: readonly Row[];
}

/**
 * Takes the batch for a call, then asks for its place in the quotas: last, because from then on all workers of the
 * account wait for this transaction. Without a place nothing of it stays. A call that may leave at once is noted as
 * with the platform; one that has a moment to wait is not, so that it can still be stopped, and a death loses no doubt
 * over it: `mayLeave` notes it then.
 */
export async function begin(
  tx: Db,
  { clock }: Pick<SenderDeps, 'clock'>,
  { batch, adapter, way, call }: Beginning,
): Promise<{ lease: string; reserved: Reservation }> {
  await tx.execute(sql`savepoint begun`);
  const { rows } = await tx.execute<{ lease: string }>(sql`
    update send_batches set lease_until = clock_timestamp() + ${CALL_TIMEOUT_MS} * interval '1 millisecond'
    where id = ${batch.id} returning lease_until::text as lease`);
  await noteCalled(tx, call, way, adapter);
  const use = { calls: 1, recipients: call.length };
  const reserved = await reserve(tx, adapter, way.name, use, {
    clock,
    priority: batch.priority,
    leaving: { batchId: batch.id, calling: callingOf(call, way) },
  });
  if (reserved.kind === 'wait') await tx.execute(sql`rollback to savepoint begun`);
  return { lease: rows[0]?.lease ?? '', reserved };
}

function callingOf(call: readonly Row[], way: Way): string | null {
  return way.ownContents === true && call.length > 1 ? EVERYTHING : (call[0]?.messageId ?? null);
}

const keysOf = (rows: readonly Row[]): string =>
  JSON.stringify(rows.map(({ messageId, recipient }) => ({ m: messageId, r: recipient })));

/** Where the platform counts for each person or group: when they were called on. */
async function noteCalled(tx: Db, call: readonly Row[], way: Way, adapter: ChannelAdapter): Promise<void> {
  const countsPeople = adapter.quotas.some(({ per, ways }) => per !== 'account' && ways.includes(way.name));
  if (!countsPeople) return;
  await tx.execute(sql`
    update deliveries d set called_at = clock_timestamp(), way = ${way.name}
    from json_to_recordset(${keysOf(call)}::json) as c(m uuid, r text)
    where d.message_id = c.m and d.recipient = c.r`);
}

/** A note takes a few milliseconds, which the moment need not wait for. */
const NOTE_MS = 20;

interface Ready {
  batchId: string;
  way: Way;
  rows: readonly Row[];
  permit: Permit;
  lease: string;
}

/**
 * Resolves at the moment of the call: true when it is noted as with the platform. False when somebody has taken a row
 * out of it meanwhile, or the batch is not ours any more; its place is given back then, and the batch is free.
 */
export async function mayLeave(
  { db, clock }: Pick<SenderDeps, 'db' | 'clock'>,
  call: Ready,
): Promise<boolean> {
  const { batchId, permit, rows, way, lease } = call;
  if (!permit.noted) {
    await begins(permit, NOTE_MS);
    const noted = await db.transaction(async (tx) => {
      // The batch first, as everybody does who works on its rows.
      const { rows: mine } = await tx.execute(sql`
        select 1 from send_batches where id = ${batchId} and state = 'queued' and lease_until::text = ${lease} for update`);
      if (mine.length === 0) return false;
      const { rowCount } = await tx.execute(sql`
        update send_batches set calling = ${callingOf(rows, way)}
        where id = ${batchId} and ${rows.length} = (
          select count(*) from json_to_recordset(${keysOf(rows)}::json) as c(m uuid, r text)
          join deliveries d on d.message_id = c.m and d.recipient = c.r
          where d.batch_id = ${batchId} and d.state = 'queued')`);
      if (rowCount === 1) return true;
      await tx.execute(sql`update send_batches set lease_until = null where id = ${batchId}`);
      return false;
    });
    if (!noted) {
      await answered(db, permit, { clock, atMs: wallSince(permit), unused: true });
      return false;
    }
  }
  await begins(permit);
  return true;
}
