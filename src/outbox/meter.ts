import { sql } from 'drizzle-orm';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Quota } from '../chat/quota.ts';
import { groupBy } from '../kernel/collections.ts';
import type { Db } from '../kernel/db.ts';
import type { Clock, Temporal } from '../kernel/time.ts';
import type { Priority } from './priority.ts';
import {
  accountQuotas,
  allowed,
  amountOf,
  calendarEnd,
  comesFirst,
  momentFor,
  roomAt,
  SPAN_DIGITS,
  type SpanUse,
  spanMs,
  spanOf,
  spanUse,
} from './quota.rules.ts';

/** Longer than any adapter waits for an answer: a call whose worker died counts as answered then. */
export const CALL_TIMEOUT_MS = 30_000;

export interface Use {
  calls: number;
  recipients: number;
}

/** What was reserved for one call, to be handed back to `answered`. */
export interface Permit {
  account: string;
  spans: { quota: Quota; span: string; amount: number }[];
  /** The database's clock at the reservation, and ours just before we asked for it. */
  granted: { wallMs: number; askedMs: number };
}

export type Reservation =
  | { kind: 'granted'; permit: Permit }
  /** Not now. `quota` says which one; for a calendar span it may be a long time. */
  | { kind: 'wait'; ms: number; quota: string };

/** The database's clock in milliseconds, which all processes share. */
export async function wallNow(tx: Db): Promise<number> {
  const { rows } = await tx.execute<{ ms: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
  );
  return rows[0]?.ms ?? Date.now();
}

export const accountKey = (adapter: Pick<ChannelAdapter, 'channel' | 'account'>): string =>
  `${adapter.channel}:${adapter.account}`;

/**
 * Reserves one call in all quotas of the account, or says how long to wait. To be the last thing in a transaction that
 * commits before the call is made: the processes see one another's reservations, and wait for one another from here on.
 */
export async function reserve(
  tx: Db,
  adapter: ChannelAdapter,
  way: string,
  use: Use,
  { clock, priority }: { clock: Clock; priority: Priority },
): Promise<Reservation> {
  const account = accountKey(adapter);
  const quotas = accountQuotas(adapter.quotas, way);
  const askedMs = performance.now();
  if (quotas.length === 0)
    return { kind: 'granted', permit: { account, spans: [], granted: { wallMs: Date.now(), askedMs } } };
  const wants = quotas.map((quota) => ({
    q: quota.name,
    most: allowed(quota, comesFirst(priority)),
    n: amountOf(quota, use),
    ...('seconds' in quota.window
      ? { window: quota.window.seconds * 1000, span: spanMs(quota.window.seconds) }
      : { exact: spanOf(quota, 0, clock) }),
  }));
  // Until the answer is here, the call may still reach the platform at any moment within the time-out.
  const { rows } = await tx.execute<{ wall_ms: number; granted: boolean }>(
    sql`select wall_ms, granted from reserve_call(${account}, ${JSON.stringify(wants)}::json, ${CALL_TIMEOUT_MS})`,
  );
  const { wall_ms: wallMs, granted } = rows[0] ?? { wall_ms: Date.now(), granted: false };
  if (granted) {
    const spans = quotas.map((quota) => ({
      quota,
      span: spanOf(quota, wallMs + CALL_TIMEOUT_MS, clock),
      amount: amountOf(quota, use),
    }));
    return { kind: 'granted', permit: { account, spans, granted: { wallMs, askedMs } } };
  }
  const usesOf = await readUses(tx, account, quotas, { clock, wallMs });
  const waits = quotas.map((quota) => {
    const most = allowed(quota, comesFirst(priority));
    const moment = momentFor(amountOf(quota, use), most, usesOf(quota), wallMs);
    return { quota: quota.name, ms: moment === wallMs ? 0 : waitFor(quota, moment, { clock, wallMs }) };
  });
  const longest = waits.reduce((most, one) => (one.ms > most.ms ? one : most));
  return { kind: 'wait', quota: longest.quota, ms: Math.max(1, longest.ms) };
}

/** A quota that a single call exceeds never has room; a minute keeps such a mistake from spinning. */
const NEVER_MS = 60_000;

function waitFor(
  quota: Quota,
  moment: number | undefined,
  { clock, wallMs }: { clock: Clock; wallMs: number },
): number {
  if (moment !== undefined) return Math.max(1, moment - wallMs);
  if ('seconds' in quota.window) return NEVER_MS;
  return calendarEnd(quota.window, clock.now()).epochMilliseconds - clock.now().epochMilliseconds;
}

/** The database's clock now, for whoever holds a permit: never earlier than it really is, and no question asked. */
export function wallSince({ granted }: Permit): number {
  return granted.wallMs + (performance.now() - granted.askedMs);
}

/**
 * Notes when the answer came, by the database's clock: from then on the sliding windows run. `unused` gives back what
 * was never sent.
 */
export async function answered(
  tx: Db,
  permit: Permit,
  { clock, atMs, unused = false }: { clock: Clock; atMs: number; unused?: boolean },
): Promise<void> {
  if (permit.spans.length === 0) return;
  const moved = permit.spans
    .filter(({ quota }) => unused || 'seconds' in quota.window)
    .map((one) => ({ ...one, to: spanOf(one.quota, atMs, clock) }))
    .filter(({ span, to }) => unused || span !== to);
  if (moved.length === 0) return;
  const changes = moved.flatMap(({ quota, span, to, amount }) => [
    { quota, span, amount: -amount },
    ...(unused ? [] : [{ quota, span: to, amount }]),
  ]);
  await add(tx, permit.account, changes);
}

async function add(
  tx: Db,
  account: string,
  changes: readonly { quota: Quota; span: string; amount: number }[],
): Promise<void> {
  const rows = changes
    .map(({ quota, span, amount }) => ({ q: quota.name, s: span, n: amount }))
    .sort((a, b) => (`${a.q} ${a.s}` < `${b.q} ${b.s}` ? -1 : 1));
  await tx.execute(sql`
    insert into quota_use (account, quota, span, used)
    select ${account}, q, s, n from json_to_recordset(${JSON.stringify(rows)}::json) as r(q text, s text, n int)
    on conflict (account, quota, span) do update set used = quota_use.used + excluded.used`);
}

interface At {
  clock: Clock;
  wallMs: number;
}

/** What is in use of each quota, only spans that still count. */
async function readUses(
  tx: Db,
  account: string,
  quotas: readonly Quota[],
  { clock, wallMs }: At,
): Promise<(quota: Quota) => SpanUse[]> {
  const wanted = quotas.map((quota) => ({ q: quota.name, ...countedFrom(quota, { clock, wallMs }) }));
  const { rows } = await tx.execute<{ quota: string; span: string; used: number }>(sql`
    select u.quota, u.span, u.used
    from json_to_recordset(${JSON.stringify(wanted)}::json) as w(q text, first bigint, exact text)
    join quota_use u on u.account = ${account} and u.quota = w.q and u.used > 0
      and case when w.exact is null then u.span >= lpad(w.first::text, ${SPAN_DIGITS}, '0') else u.span = w.exact end`);
  const byQuota = groupBy(rows, ({ quota }) => quota);
  return (quota) => (byQuota.get(quota.name) ?? []).map(({ span, used }) => spanUse(quota, span, used));
}

function countedFrom(quota: Quota, { clock, wallMs }: At): { first: number; exact: string | null } {
  if (!('seconds' in quota.window)) return { first: 0, exact: spanOf(quota, wallMs, clock) };
  const { seconds } = quota.window;
  return { first: Math.floor((wallMs - seconds * 1000) / spanMs(seconds)) - 1, exact: null };
}

/** What is used and left of every account quota now. */
export async function quotaLevels(
  tx: Db,
  adapter: ChannelAdapter,
  at: At,
): Promise<{ quota: Quota; used: number; left: number }[]> {
  const quotas = adapter.quotas.filter(({ per, counts }) => per === 'account' && counts !== 'same-content');
  if (quotas.length === 0) return [];
  const usesOf = await readUses(tx, accountKey(adapter), quotas, at);
  return quotas.map((quota) => {
    const left = roomAt(quota.most, usesOf(quota), at.wallMs);
    return { quota, used: quota.most - left, left };
  });
}

/** A calendar quota that what we start ourselves has used up, and when it begins anew. */
export async function usedUp(
  tx: Db,
  adapter: ChannelAdapter,
  way: string,
  at: At,
): Promise<{ quota: string; until: Temporal.Instant } | undefined> {
  const quotas = accountQuotas(adapter.quotas, way).filter(({ window }) => 'calendar' in window);
  if (quotas.length === 0) return undefined;
  const usesOf = await readUses(tx, accountKey(adapter), quotas, at);
  const full = quotas.find((quota) => roomAt(allowed(quota, false), usesOf(quota), at.wallMs) < 1);
  if (full === undefined || !('calendar' in full.window)) return undefined;
  return { quota: full.name, until: calendarEnd(full.window, at.clock.now()) };
}

/** How many calls of a way may begin within `horizonMs`, when each takes `recipients`. */
export async function roomSoon(
  tx: Db,
  adapter: ChannelAdapter,
  way: string,
  { recipients, horizonMs, ...at }: At & { recipients: number; horizonMs: number },
): Promise<number> {
  const quotas = accountQuotas(adapter.quotas, way);
  if (quotas.length === 0) return Number.POSITIVE_INFINITY;
  const usesOf = await readUses(tx, accountKey(adapter), quotas, at);
  return Math.min(
    ...quotas.map((quota) => {
      const room = roomAt(allowed(quota, false), usesOf(quota), at.wallMs + horizonMs);
      const anew =
        'seconds' in quota.window ? Math.floor((horizonMs / 1000 / quota.window.seconds) * quota.most) : 0;
      return Math.floor((room + anew) / amountOf(quota, { calls: 1, recipients }));
    }),
  );
}

/** Spans are kept a while longer than they count, for whoever looks at what happened. */
const KEPT_MS = 3_600_000;

/** Forgets spans of sliding windows that count no more. */
export async function sweepQuotaUse(db: Db, adapters: readonly ChannelAdapter[]): Promise<void> {
  const wallMs = await wallNow(db);
  for (const adapter of adapters) {
    for (const { name, window } of adapter.quotas) {
      if (!('seconds' in window)) continue;
      const oldest = Math.floor((wallMs - window.seconds * 1000 - KEPT_MS) / spanMs(window.seconds));
      await db.execute(sql`
        delete from quota_use
        where account = ${accountKey(adapter)} and quota = ${name}
          and case when span ~ '^[0-9]+$' then span::bigint < ${oldest} else false end`);
    }
  }
}
