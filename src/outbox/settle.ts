import { sql } from 'drizzle-orm';
import type { ChannelAdapter, SendResult } from '../chat/adapter.ts';
import type { Db } from '../kernel/db.ts';
import { isoOf, type Temporal } from '../kernel/time.ts';
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
  const from = Object.fromEntries(
    [...new Set(ends.map(({ end }) => end.state))].map((state) => [state, statesBefore(state)]),
  );
  const rows = JSON.stringify(
    ends.map(({ row, end }) => ({
      m: row.messageId,
      r: row.recipient,
      s: end.state,
      f: from[end.state],
      why: end.reason,
      p: end.platformMessageId ?? null,
      nb: end.notBefore === undefined ? null : end.notBefore && isoOf(end.notBefore),
      ca: end.confirmAt === undefined ? null : end.confirmAt && isoOf(end.confirmAt),
      at: end.sentAt === undefined ? null : isoOf(end.sentAt),
      w: end.way ?? null,
      out: end.leavesBatch === true,
    })),
  );
  const { rowCount } = await tx.execute(sql`
    update deliveries d set state = e.s, reason = e.why, changed_at = ${isoOf(now)},
      platform_message_id = coalesce(e.p, d.platform_message_id),
      not_before = e.nb, confirm_at = e.ca,
      attempts = d.attempts + case when e.at is null then 0 else 1 end,
      sent_at = coalesce(e.at, d.sent_at), way = coalesce(e.w, d.way),
      batch_id = case when e.out then null else d.batch_id end,
      counts_on = case when e.s in ('planned', 'held', 'excluded', 'expired') then null else d.counts_on end
    from json_to_recordset(${rows}::json) as e(m uuid, r text, s text, f text[], why text, p text, nb timestamptz,
                                               ca timestamptz, at timestamptz, w text, out boolean)
    where d.message_id = e.m and d.recipient = e.r and d.state = any(e.f)`);
  return rowCount ?? 0;
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
      return { state: 'accepted', ...sent, confirmAt: now.add({ milliseconds: confirming.afterMs }) };
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
  return confirming?.findsLost === true
    ? { ...end, confirmAt: now.add({ milliseconds: confirming.afterMs }) }
    : end;
}

export function isPast(moment: Temporal.Instant | null, now: Temporal.Instant): boolean {
  return moment !== null && moment.epochNanoseconds <= now.epochNanoseconds;
}
