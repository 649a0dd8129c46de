import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ChannelAdapter, Dispatch } from '../chat/adapter.ts';
import type { Way } from '../chat/quota.ts';
import type { Db } from '../kernel/db.ts';
import type { Temporal } from '../kernel/time.ts';
import { EVERYTHING, finishBatch, isWithPlatform } from './batches.ts';
import { healthOf } from './health.ts';
import { CALL_TIMEOUT_MS, type Permit, type Reservation, reserve } from './meter.ts';
import { outboxMessages, sendBatches } from './outbox.tables.ts';
import { overReceiverQuotas } from './receiver-quotas.ts';
import { dispatchOf } from './sealing.ts';
import type { SenderDeps } from './sender-deps.ts';
import { type End, isPast, lostEnd, type Row, readRows, settle } from './settle.ts';
import { activeStops, pausedBy, stopFor } from './stops.ts';

export type NextCall =
  | {
      kind: 'call';
      batchId: string;
      adapter: ChannelAdapter;
      way: Way;
      rows: Row[];
      dispatches: Dispatch[];
      permit: Permit;
      /** Nothing of the batch is left after this call. */
      last: boolean;
      /** The channel has failed lately: a success is worth noting. */
      unwell: boolean;
    }
  | { kind: 'wait'; ms: number; why: string; channel: string }
  | { kind: 'done' };

type Batch = typeof sendBatches.$inferSelect;
const DONE: NextCall = { kind: 'done' };

/**
 * Takes the next call of a batch, in one transaction: what a dead worker left is resolved, what must not be sent any
 * more is ended, the quotas are reserved, and the batch says which message is with the platform from now on.
 */
export async function nextCall(deps: SenderDeps, batchId: string): Promise<NextCall> {
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const [batch] = await tx
      .select({ row: sendBatches, alive: sql<boolean>`coalesce(lease_until > clock_timestamp(), false)` })
      .from(sendBatches)
      .where(and(eq(sendBatches.id, batchId), eq(sendBatches.state, 'queued')))
      .for('update');
    // Somebody else is at it: when they die, the sweep brings the batch back.
    if (batch === undefined || batch.alive) return DONE;
    const open = await readRows(
      tx,
      sql`where d.batch_id = ${batchId} and d.state = 'queued' order by d.message_id, d.recipient for update`,
    );
    const next = await choose(deps, tx, batch.row, open, now);
    if (next.kind === 'done') await finishBatch(tx, [batchId], now);
    return next;
  });
}

async function choose(
  deps: SenderDeps,
  tx: Db,
  batch: Batch,
  open: readonly Row[],
  now: Temporal.Instant,
): Promise<NextCall> {
  const adapter = deps.adapterOf(batch.channel, batch.account);
  const way = adapter?.ways.find(({ name }) => name === batch.way);
  const ends = new Map<Row, End>();
  if (adapter === undefined || way === undefined) {
    for (const row of open) ends.set(row, gone(isWithPlatform(batch.calling, row)));
    await settleAll(tx, ends, now);
    return DONE;
  }
  const forgotten = now.subtract({ milliseconds: way.repeatsForMs ?? A_DAY_MS });
  for (const row of open) {
    const left = isWithPlatform(batch.calling, row);
    if (left && !(way.repeatsSafely && !isPast(batch.createdAt, forgotten)))
      ends.set(row, lostEnd('answer-lost', adapter, way.name, now));
    else if (!left && isPast(row.expiresAt, now)) ends.set(row, { state: 'expired', reason: null });
  }
  const waiting = open.filter((row) => !ends.has(row));
  for (const row of await whoActed(tx, deps, waiting, batch))
    ends.set(row, { state: 'excluded', reason: 'acted' });
  await obeyStops(tx, deps, batch, waiting, ends, now);
  const unsent = waiting.filter((row) => !isWithPlatform(batch.calling, row));
  await overReceiverQuotas(tx, adapter, way, unsent, ends, now);
  await settleAll(tx, ends, now);
  const rows = open.filter((row) => !ends.has(row));
  const call = callOf(rows, way);
  if (call.length === 0) return DONE;
  const health = await healthOf(tx, adapter);
  if (health.restsMs > 0) return waitOf(batch, 'channel-rests', health.restsMs);
  const dispatches = await dispatchesOf(tx, deps, call);
  const reserved = await begin(tx, deps, { batch, adapter, way, call });
  if (reserved.kind === 'wait') return waitOf(batch, `quota: ${reserved.quota}`, reserved.ms);
  return {
    kind: 'call',
    batchId: batch.id,
    adapter,
    way,
    rows: call,
    dispatches,
    permit: reserved.permit,
    last: call.length === rows.length,
    unwell: health.failures > 0,
  };
}

function waitOf({ channel }: Batch, why: string, ms: number): NextCall {
  return { kind: 'wait', ms, why, channel };
}

/**
 * Notes that the call is under way, then asks for its place in the quotas: last, because from then on all workers of
 * the account wait for this transaction. Without a place nothing of the note stays.
 */
async function begin(
  tx: Db,
  { clock }: SenderDeps,
  { batch, adapter, way, call }: { batch: Batch; adapter: ChannelAdapter; way: Way; call: readonly Row[] },
): Promise<Reservation> {
  await tx.execute(sql`savepoint begun`);
  await beginCall(tx, batch.id, call, way, adapter);
  const use = { calls: 1, recipients: call.length };
  const reserved = await reserve(tx, adapter, way.name, use, { clock, priority: batch.priority });
  if (reserved.kind === 'wait') await tx.execute(sql`rollback to savepoint begun`);
  return reserved;
}

const gone = (wasBeingSent: boolean): End =>
  wasBeingSent
    ? { state: 'unknown', reason: 'channel-off' }
    : { state: 'unreachable', reason: 'channel-off' };

/** After that a key may be new to the platform again, unless its way says otherwise. */
const A_DAY_MS = 86_400_000;

async function settleAll(tx: Db, ends: ReadonlyMap<Row, End>, now: Temporal.Instant): Promise<void> {
  await settle(
    tx,
    [...ends].map(([row, end]) => ({ row, end })),
    now,
  );
}

/** What goes in one call: everything where each may have its own content, else one message. */
function callOf(rows: readonly Row[], way: Way): Row[] {
  const first = rows[0];
  if (first === undefined) return [];
  const together = way.ownContents === true ? rows : rows.filter((row) => row.messageId === first.messageId);
  return together.slice(0, way.batchSize);
}

async function whoActed(tx: Db, deps: SenderDeps, rows: readonly Row[], batch: Batch): Promise<Row[]> {
  const waiting = rows.filter((row) => row.employeeId !== null && !isWithPlatform(batch.calling, row));
  const stopKey = waiting[0]?.stopKey ?? null;
  if (stopKey === null) return [];
  const acted = await deps.acted(
    tx,
    stopKey,
    waiting.map((row) => row.employeeId ?? ''),
  );
  return waiting.filter((row) => acted.has(row.employeeId ?? ''));
}

/** What we started ourselves and somebody has stopped goes back, or ends; what may be with the platform is not touched. */
async function obeyStops(
  tx: Db,
  deps: SenderDeps,
  batch: Batch,
  rows: readonly Row[],
  ends: Map<Row, End>,
  now: Temporal.Instant,
): Promise<void> {
  if (batch.priority === 'answer' || batch.messageId === null) return;
  const stops = await activeStops(tx);
  if (stops.length === 0) return;
  const [message] = await tx
    .select({ campaignId: outboxMessages.campaignId })
    .from(outboxMessages)
    .where(eq(outboxMessages.id, batch.messageId));
  const ofDepartment = stops.some(({ scope }) => scope === 'department');
  const ids = rows.flatMap(({ employeeId }) => employeeId ?? []);
  const rules = ofDepartment ? await deps.rulesOf(tx, ids, now) : undefined;
  for (const row of rows) {
    if (ends.has(row) || isWithPlatform(batch.calling, row)) continue;
    const stop = stopFor(stops, {
      messageId: row.messageId,
      campaignId: message?.campaignId ?? null,
      channel: row.channel,
      departments: rules?.get(row.employeeId ?? '')?.departments ?? [],
    });
    if (stop === undefined) continue;
    if (stop.kind === 'kill') ends.set(row, { state: 'excluded', reason: 'killed' });
    else if (stop.scope === 'department')
      ends.set(row, { state: 'planned', reason: pausedBy(stop.id), leavesBatch: true });
    else ends.set(row, { state: 'planned', reason: null, leavesBatch: true });
  }
}

async function dispatchesOf(tx: Db, { sealer }: SenderDeps, rows: readonly Row[]): Promise<Dispatch[]> {
  const messages = await tx
    .select({ id: outboxMessages.id, content: outboxMessages.content, replyTo: outboxMessages.replyTo })
    .from(outboxMessages)
    .where(inArray(outboxMessages.id, [...new Set(rows.map(({ messageId }) => messageId))]));
  const byId = new Map(messages.map((message) => [message.id, message]));
  return rows.flatMap((row) => {
    const message = byId.get(row.messageId);
    if (message === undefined) return [];
    const dispatch = dispatchOf(sealer, row, message.content);
    return [message.replyTo === null ? dispatch : { ...dispatch, replyTo: message.replyTo }];
  });
}

async function beginCall(
  tx: Db,
  batchId: string,
  rows: readonly Row[],
  way: Way,
  adapter: ChannelAdapter,
): Promise<void> {
  const [first] = rows;
  await tx
    .update(sendBatches)
    .set({
      calling: way.ownContents === true && rows.length > 1 ? EVERYTHING : (first?.messageId ?? null),
      leaseUntil: sql`clock_timestamp() + ${CALL_TIMEOUT_MS} * interval '1 millisecond'`,
    })
    .where(eq(sendBatches.id, batchId));
  const countsPeople = adapter.quotas.some(({ per, ways }) => per !== 'account' && ways.includes(way.name));
  if (!countsPeople) return;
  const called = JSON.stringify(rows.map(({ messageId, recipient }) => ({ m: messageId, r: recipient })));
  await tx.execute(sql`
    update deliveries d set called_at = clock_timestamp(), way = ${way.name}
    from json_to_recordset(${called}::json) as c(m uuid, r text)
    where d.message_id = c.m and d.recipient = c.r`);
}
