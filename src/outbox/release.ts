import { inArray, sql } from 'drizzle-orm';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Way } from '../chat/quota.ts';
import type { Db } from '../kernel/db.ts';
import type { Temporal } from '../kernel/time.ts';
import { type Batch, callsUnderWay, makeBatches, type NewBatch } from './batches.ts';
import { healthOf } from './health.ts';
import { roomSoon, usedUp, wallNow } from './meter.ts';
import { outboxMessages } from './outbox.tables.ts';
import { comesFirst } from './quota.rules.ts';
import type { RelayDeps } from './relay-deps.ts';
import { perCall, rushEnds, shareOut, wayFor } from './release.rules.ts';
import { type Row, readRows, settle } from './settle.ts';
import { type SiftedMessage, sift } from './sift.ts';
import { activeStops, type Stop, stopFor, whileNobodyCancels } from './stops.ts';

/** What leaves in a round is what the platform takes within this time, and no more than so many calls at once. */
const HORIZON_MS = 1_000;
const MOST_CALLS_UNDER_WAY = 64;
/** How many rows one statement looks at. */
const ROWS_A_STEP = 5_000;
/** How many messages share a round; the others come next. */
const MESSAGES_A_ROUND = 50;

interface Waiting extends SiftedMessage {
  importance: number;
  way: Way | undefined;
  /** Recipients a call. */
  size: number;
  kind: 'person' | 'group';
  rows: number;
}

export interface Released {
  batches: Batch[];
  /** Rows that were looked at: a round that moved some is followed by another. */
  moved: number;
  /** Something still waits for room on its channel. */
  left: boolean;
}

/** One round over all channels. One process at a time does it; the others wait for a moment and find less to do. */
export async function releaseCampaigns(deps: RelayDeps): Promise<Released> {
  const all: Released = { batches: [], moved: 0, left: false };
  for (const adapter of deps.adapters) {
    const { batches, moved, left } = await releaseOn(deps, adapter);
    all.batches.push(...batches);
    all.moved += moved;
    all.left ||= left;
  }
  return all;
}

async function releaseOn(deps: RelayDeps, adapter: ChannelAdapter): Promise<Released> {
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const waiting = await messagesWaiting(tx, adapter, now);
    if (waiting.length === 0) return { batches: [], moved: 0, left: false };
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`relay ${adapter.channel} ${adapter.account}`}, 0))`,
    );
    await whileNobodyCancels(tx);
    const stops = await activeStops(tx);
    const running = waiting.filter((message) => !isPaused(message, adapter, stops));
    const may = running.filter((message) => mayLeave(message, adapter, now));
    const capacity = await capacityOf(tx, deps, adapter, may);
    const released: Released = { batches: [], moved: 0, left: false };
    const context = { stops, now, adapter };
    const wallMs = await wallNow(tx);
    for (const [way, calls] of capacity) {
      const sharing = may.filter((message) => message.way?.name === way);
      const full = await usedUp(tx, adapter, way, { clock: deps.clock, wallMs });
      const kept = full === undefined ? [] : sharing.filter(({ priority }) => !comesFirst(priority));
      if (full !== undefined) released.moved += await holdAll(tx, adapter, kept, full, now);
      const wants = sharing.map((message) => ({
        messageId: message.id,
        importance: message.importance,
        calls: Math.ceil(message.rows / message.size),
      }));
      const grants = shareOut(calls, wants);
      for (const message of sharing) {
        if (kept.includes(message)) continue;
        const granted = grants.get(message.id) ?? 0;
        const done = await releaseMessage(tx, deps, message, granted, context);
        released.batches.push(...done.batches);
        released.moved += done.moved;
        released.left ||= done.left;
      }
    }
    const wayless = may.filter(({ way }) => way === undefined);
    released.moved += await endAll(tx, wayless, 'no-way', now);
    // Whoever ends a pause says so; a rush passes by itself.
    released.left ||= may.length < running.length || waiting.length === MESSAGES_A_ROUND;
    return released;
  });
}

/** Counting stops here: more than any round can hand out. */
const ROWS_COUNTED = 5_000;

/** The messages with somebody who may get them now, the oldest of the most important first. */
async function messagesWaiting(tx: Db, adapter: ChannelAdapter, now: Temporal.Instant): Promise<Waiting[]> {
  const planned = sql`d.state = 'planned' and d.channel = ${adapter.channel} and d.account = ${adapter.account}`;
  // From message to message through the index, however many rows each has.
  const { rows } = await tx.execute<{ id: string; kind: 'person' | 'group'; n: number }>(sql`
    with recursive w(id) as (
      (select d.message_id from deliveries d where ${planned} order by d.message_id limit 1)
      union all
      select (select d.message_id from deliveries d where ${planned} and d.message_id > w.id
              order by d.message_id limit 1)
      from w where w.id is not null
    )
    select w.id, c.kind, c.n from w join outbox_messages m on m.id = w.id
    cross join lateral (
      select o.address_kind as kind, count(*)::int as n from (
        select d.address_kind from deliveries d
        where ${planned} and d.message_id = w.id and (d.not_before is null or d.not_before <= ${now.toString()})
        limit ${ROWS_COUNTED}
      ) o group by 1
    ) c
    where m.priority <> 'answer'
    order by case m.priority when 'urgent' then 0 when 'official' then 1 else 2 end, m.importance desc, w.id
    limit ${MESSAGES_A_ROUND}`);
  if (rows.length === 0) return [];
  const messages = await tx
    .select()
    .from(outboxMessages)
    .where(inArray(outboxMessages.id, [...new Set(rows.map(({ id }) => id))]));
  const byId = new Map(messages.map((message) => [message.id, message]));
  return rows.flatMap(({ id, n, kind }) => {
    const message = byId.get(id);
    if (message === undefined) return [];
    const { campaignId, priority, content, rings } = message;
    const way = wayFor(adapter.ways, content, kind, n, rings);
    const importance = priority === 'urgent' ? 20 : priority === 'official' ? 10 : message.importance;
    const size = way === undefined ? 1 : perCall(way, content);
    return [{ id, campaignId, priority, importance, way, size, kind, rows: n }];
  });
}

/** Whether all of it is kept back; a department's pause is seen person by person, and a kill ends people one by one. */
function isPaused(message: Waiting, { channel }: ChannelAdapter, stops: readonly Stop[]): boolean {
  const { id: messageId, campaignId } = message;
  return stopFor(stops, { messageId, campaignId, channel, departments: [] })?.kind === 'pause';
}

/** What is urgent does not wait for a rush to pass. */
function mayLeave(message: Waiting, { avoid }: ChannelAdapter, now: Temporal.Instant): boolean {
  return message.priority === 'urgent' || rushEnds(avoid, message.id, now) === undefined;
}

/** How many calls of each way may be handed out now. */
async function capacityOf(
  tx: Db,
  deps: RelayDeps,
  adapter: ChannelAdapter,
  waiting: readonly Waiting[],
): Promise<Map<string, number>> {
  const capacity = new Map<string, number>();
  if (waiting.length === 0) return capacity;
  const health = await healthOf(tx, adapter);
  const underWay = await callsUnderWay(tx, adapter);
  const wallMs = await wallNow(tx);
  const total = [...underWay.values()].reduce((sum, calls) => sum + calls, 0);
  for (const way of new Set(waiting.flatMap((message) => message.way ?? []))) {
    const recipients = Math.max(
      1,
      ...waiting
        .filter((message) => message.way === way)
        .map((message) => Math.min(message.rows, message.size)),
    );
    const at = { clock: deps.clock, wallMs, recipients, horizonMs: HORIZON_MS };
    const room = (await roomSoon(tx, adapter, way.name, at)) - (underWay.get(way.name) ?? 0);
    // After failures one call at a time tries whether the channel is back.
    const most = health.restsMs > 0 ? 0 : health.failures > 0 ? 1 : MOST_CALLS_UNDER_WAY;
    capacity.set(way.name, Math.max(0, Math.min(room, most - total)));
  }
  return capacity;
}

interface Context {
  stops: readonly Stop[];
  now: Temporal.Instant;
  adapter: ChannelAdapter;
}

/** Fills the calls that were granted to a message with those who may get it now; the others go where the rules say. */
async function releaseMessage(
  tx: Db,
  deps: RelayDeps,
  message: Waiting,
  granted: number,
  { stops, now, adapter }: Context,
): Promise<Released> {
  const { way } = message;
  const size = message.size;
  const released: Released = { batches: [], moved: 0, left: granted * size < message.rows };
  if (way === undefined) return released;
  const leaving: (Row & { countsOn: Temporal.PlainDate | null })[] = [];
  let after = '';
  while (leaving.length < granted * size) {
    const most = Math.min(granted * size - leaving.length, ROWS_A_STEP);
    const rows = await lockPlanned(tx, message, adapter, { after, most, now });
    const sifted = await sift(tx, deps, message, rows, { stops, now });
    await settle(tx, sifted.kept, now);
    leaving.push(...sifted.send.map(({ row, countsOn }) => ({ ...row, countsOn })));
    released.moved += rows.length;
    after = rows.at(-1)?.recipient ?? after;
    if (rows.length < most) break;
  }
  released.batches = await makeBatches(tx, cut(leaving, size, message, way, adapter), now);
  return released;
}

function cut<Of extends Row>(
  rows: readonly Of[],
  size: number,
  message: Waiting,
  way: Way,
  adapter: ChannelAdapter,
): NewBatch[] {
  const batches: NewBatch[] = [];
  for (let start = 0; start < rows.length; start += size)
    batches.push(batchOf(rows.slice(start, start + size), message, way, adapter));
  return batches;
}

function batchOf(rows: readonly Row[], message: Waiting, way: Way, adapter: ChannelAdapter): NewBatch {
  const of = { channel: adapter.channel, account: adapter.account };
  return { rows, of, way: way.name, priority: message.priority, messageId: message.id, calls: 1 };
}

/** The next people who wait for a message, in the order of their ids, so that a step goes on where the last ended. */
async function lockPlanned(
  tx: Db,
  { id, kind }: Waiting,
  { channel, account }: ChannelAdapter,
  { after, most, now }: { after: string; most: number; now: Temporal.Instant },
): Promise<Row[]> {
  return readRows(
    tx,
    sql`where d.state = 'planned' and d.channel = ${channel} and d.account = ${account} and d.message_id = ${id}
      and d.address_kind = ${kind} and d.recipient > ${after}
      and (d.not_before is null or d.not_before <= ${now.toString()})
    order by d.recipient limit ${most} for update skip locked`,
  );
}

/** The day or month of the platform is used up: people see until when, and nothing looks at them before. */
async function holdAll(
  tx: Db,
  { channel, account }: ChannelAdapter,
  messages: readonly Waiting[],
  { quota, until }: { quota: string; until: Temporal.Instant },
  now: Temporal.Instant,
): Promise<number> {
  if (messages.length === 0) return 0;
  const { rowCount } = await tx.execute(sql`
    update deliveries set state = 'held', reason = ${`quota: ${quota}`}, not_before = ${until.toString()},
      changed_at = ${now.toString()}
    where (message_id, recipient) in (
      select message_id, recipient from deliveries
      where state = 'planned' and channel = ${channel} and account = ${account}
        and message_id in ${messages.map(({ id }) => id)}
      order by message_id, recipient for update skip locked)`);
  return rowCount ?? 0;
}

async function endAll(
  tx: Db,
  messages: readonly Waiting[],
  reason: string,
  now: Temporal.Instant,
): Promise<number> {
  if (messages.length === 0) return 0;
  const { rowCount } = await tx.execute(sql`
    update deliveries set state = 'unreachable', reason = ${reason}, changed_at = ${now.toString()}
    where state = 'planned' and message_id in ${messages.map(({ id }) => id)}`);
  return rowCount ?? 0;
}

/** What is planned for a channel that is switched off, and what expired while nobody could send it; for the sweep. */
export async function endWhatCannotLeave({ db, adapters, clock }: RelayDeps): Promise<void> {
  const now = clock.now().toString();
  const served = JSON.stringify(adapters.map(({ channel, account }) => ({ channel, account })));
  await db.execute(sql`
    update deliveries d set state = 'unreachable', reason = 'channel-off', changed_at = ${now}
    where d.state = 'planned' and not exists (
      select 1 from json_to_recordset(${served}::json) as s(channel text, account text)
      where s.channel = d.channel and s.account = d.account)`);
  await db.execute(sql`
    update deliveries set state = 'expired', changed_at = ${now}
    where state in ('planned', 'held') and expires_at <= ${now}`);
}
