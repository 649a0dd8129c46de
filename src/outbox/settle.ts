import { type SQL, sql } from 'drizzle-orm';
import type { ChannelAdapter, SendResult } from '../chat/adapter.ts';
import { instantFromSql } from '../kernel/columns.ts';
import type { Db } from '../kernel/db.ts';
import { isoOf, Temporal } from '../kernel/time.ts';
import { type DeliveryState, statesBefore } from './delivery-states.ts';
import { deliveries } from './outbox.tables.ts';

type Whole = typeof deliveries.$inferSelect;

/** What the way from planned to sent looks at; the rest of a row is for those who ask later. */
export const rowColumns = {
  messageId: deliveries.messageId,
  recipient: deliveries.recipient,
  employeeId: deliveries.employeeId,
  addressKind: deliveries.addressKind,
  channel: deliveries.channel,
  account: deliveries.account,
  platformId: deliveries.platformId,
  state: deliveries.state,
  reason: deliveries.reason,
  stopKey: deliveries.stopKey,
  expiresAt: deliveries.expiresAt,
};
export type Row = Pick<Whole, keyof typeof rowColumns>;
export type RowKey = Pick<Row, 'messageId' | 'recipient'>;

interface PlainRow extends Record<string, unknown> {
  message_id: string;
  recipient: string;
  employee_id: string | null;
  address_kind: Row['addressKind'];
  channel: Row['channel'];
  account: string;
  platform_id: string;
  state: Row['state'];
  reason: string | null;
  stop_key: string | null;
  expires_at: string | null;
}

/**
 * The rows of `deliveries d` that a query's end names: its condition, order and lock. Hundreds of thousands pass here
 * within a minute, so no general mapper looks at each of their fields.
 */
export async function readRows(tx: Db, end: SQL): Promise<Row[]> {
  const { rows } = await tx.execute<PlainRow>(sql`
    select d.message_id, d.recipient, d.employee_id, d.address_kind, d.channel, d.account, d.platform_id, d.state, d.reason,
           d.stop_key, d.expires_at
    from deliveries d ${end}`);
  return rows.map((row) => ({
    messageId: row.message_id,
    recipient: row.recipient,
    employeeId: row.employee_id,
    addressKind: row.address_kind,
    channel: row.channel,
    account: row.account,
    platformId: row.platform_id,
    state: row.state,
    reason: row.reason,
    stopKey: row.stop_key,
    expiresAt: row.expires_at === null ? null : instantFromSql(row.expires_at),
  }));
}

/** What becomes of a row. What is left out stays as it is; `null` empties. */
export interface End {
  state: DeliveryState;
  reason: string | null;
  platformMessageId?: string;
  notBefore?: Temporal.Instant | null;
  confirmAt?: Temporal.Instant | null;
  sentAt?: Temporal.Instant;
  way?: string;
  /** Leaves its batch, to be put into another one. */
  leavesBatch?: true;
}

/**
 * Writes new states as one set. Only changes that the table of states allows take place: whoever read the message in
 * the meantime keeps `read`. Answers how many rows changed.
 */
export async function settle(
  tx: Db,
  ends: readonly { row: RowKey; end: End }[],
  now: Temporal.Instant,
): Promise<number> {
  if (ends.length === 0) return 0;
  // Most of a call ends alike: that is written once, and the rows name it.
  const kinds = new Map<string, ReturnType<typeof kindOf> & { n: number; f: DeliveryState[] }>();
  const rows = ends.map(({ row, end }) => {
    const kind = kindOf(row, end);
    const key = JSON.stringify(kind);
    const { n } = kinds.get(key) ?? { n: kinds.size };
    if (n === kinds.size) kinds.set(key, { ...kind, n, f: statesBefore(end.state) });
    return { r: row.recipient, n, p: end.platformMessageId ?? null };
  });
  const { rowCount } = await tx.execute(sql`
    update deliveries d set state = k.s, reason = k.why, changed_at = ${isoOf(now)},
      platform_message_id = coalesce(e.p, d.platform_message_id),
      not_before = k.nb, confirm_at = k.ca,
      attempts = d.attempts + case when k.at is null then 0 else 1 end,
      sent_at = coalesce(k.at, d.sent_at), way = coalesce(k.w, d.way),
      batch_id = case when k.out then null else d.batch_id end,
      counts_on = case when k.s in ('planned', 'held', 'excluded', 'expired') then null else d.counts_on end
    from json_to_recordset(${JSON.stringify(rows)}::json) as e(r text, n int, p text)
      join json_to_recordset(${JSON.stringify([...kinds.values()])}::json)
        as k(n int, m uuid, s text, f text[], why text, nb timestamptz, ca timestamptz, at timestamptz, w text,
             out boolean) using (n)
    where d.message_id = k.m and d.recipient = e.r and d.state = any(k.f)`);
  return rowCount ?? 0;
}

/** Everything of an end but the platform's name for the message. */
function kindOf({ messageId }: RowKey, end: End) {
  const moment = (at: Temporal.Instant | null | undefined) => (at ? isoOf(at) : null);
  return {
    m: messageId,
    s: end.state,
    why: end.reason,
    nb: moment(end.notBefore),
    ca: moment(end.confirmAt),
    at: moment(end.sentAt),
    w: end.way ?? null,
    out: end.leavesBatch === true,
  };
}

/** What the platform's answer means for a row; `accepted` is asked about later where the platform tells. */
export function endOf(
  result: SendResult,
  adapter: Pick<ChannelAdapter, 'confirming'>,
  way: string,
  now: Temporal.Instant,
): End {
  const { confirming } = adapter;
  switch (result.kind) {
    case 'delivered':
      return {
        state: 'delivered',
        reason: result.note ?? null,
        platformMessageId: result.platformMessageId,
        sentAt: now,
        way,
      };
    case 'accepted': {
      const sent = { reason: null, platformMessageId: result.platformMessageId, sentAt: now, way };
      if (confirming === undefined) return { state: 'unconfirmed', ...sent };
      return { state: 'accepted', ...sent, confirmAt: after(now, confirming.afterMs) };
    }
    case 'refused':
    case 'unreachable':
      return { state: result.kind, reason: result.reason, way };
    case 'later':
      return {
        state: 'planned',
        reason: result.reason,
        notBefore: now.add({ milliseconds: result.waitMs }),
        leavesBatch: true,
      };
    case 'unknown':
      return lostEnd('answer-lost', adapter, way, now);
  }
}

/** An answer that was lost: the platform is asked where it can be, else it stays unknown. Never simply repeated. */
export function lostEnd(
  reason: string,
  { confirming }: Pick<ChannelAdapter, 'confirming'>,
  way: string,
  now: Temporal.Instant,
): End {
  const end = { state: 'unknown' as const, reason, sentAt: now, way };
  return confirming?.findsLost === true ? { ...end, confirmAt: after(now, confirming.afterMs) } : end;
}

/** All rows of a call are asked about at one moment: worked out, and later written, once. */
function after(now: Temporal.Instant, ms: number): Temporal.Instant {
  if (last.now !== now || last.ms !== ms) last = { now, ms, at: now.add({ milliseconds: ms }) };
  return last.at;
}

let last: { now: Temporal.Instant | undefined; ms: number; at: Temporal.Instant } = {
  now: undefined,
  ms: 0,
  at: Temporal.Instant.fromEpochMilliseconds(0),
};

export function isPast(moment: Temporal.Instant | null, now: Temporal.Instant): boolean {
  return moment !== null && moment.epochNanoseconds <= now.epochNanoseconds;
}
