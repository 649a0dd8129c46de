import type { Quota } from '../chat/quota.ts';
import { type Clock, Temporal } from '../kernel/time.ts';
import type { Priority } from './priority.ts';

/**
 * How a quota is kept without ever being broken, whatever a network does: what is sent is counted as used until a
 * whole window after the platform's answer. A call that is counted by the platform between our sending and its answer
 * is then never in one window with a call that took its place. Spans make the count cheap and err on the safe side by
 * less than a span.
 */
const SPANS_A_WINDOW = 200;

/** One in fifty, at least one call, is kept for answers and what is urgent; of a month one in twenty. */
const KEPT = 0.02;
const KEPT_OF_A_MONTH = 0.05;

/** How much of a quota may be used: all of it by answers and what is urgent or official, by the rest a little less. */
export function allowed(quota: Quota, comesFirst: boolean): number {
  if (comesFirst || quota.most <= 1) return quota.most;
  // Whoever waits for a second waits for nothing worth keeping a part back.
  if ('seconds' in quota.window && quota.window.seconds <= 1) return quota.most;
  const month = 'calendar' in quota.window && quota.window.calendar === 'month';
  return quota.most - Math.max(1, Math.floor(quota.most * (month ? KEPT_OF_A_MONTH : KEPT)));
}

/** Whether this may use what is kept for it. */
export function comesFirst(priority: Priority): boolean {
  return priority !== 'campaign' && priority !== 'digest';
}

/** Of the number of a span; `reserve_call` in the migrations writes as many. */
export const SPAN_DIGITS = 14;

/** Length of a span in milliseconds, for quotas with a sliding window. */
export function spanMs(seconds: number): number {
  return Math.max(5, Math.ceil((seconds * 1000) / SPANS_A_WINDOW));
}

/** What was used in one span; `freeAtMs` is the wall-clock moment from which it no longer counts. */
export interface SpanUse {
  freeAtMs: number;
  used: number;
}

export function spanUse(quota: Quota, span: string, used: number): SpanUse {
  if (!('seconds' in quota.window)) return { freeAtMs: Number.POSITIVE_INFINITY, used };
  const { seconds } = quota.window;
  return { freeAtMs: (Number(span) + 1) * spanMs(seconds) + seconds * 1000, used };
}

/** How much more may be used at `atMs`, when nothing else is used until then. */
export function roomAt(most: number, uses: readonly SpanUse[], atMs: number): number {
  let used = 0;
  for (const use of uses) if (use.freeAtMs > atMs) used += use.used;
  return Math.max(0, most - used);
}

/**
 * The first wall-clock moment from `nowMs` on at which `amount` fits; undefined when it never does by waiting for
 * what is in use: more than the quota itself, or a calendar span that is used up.
 */
export function momentFor(
  amount: number,
  most: number,
  uses: readonly SpanUse[],
  nowMs: number,
): number | undefined {
  if (roomAt(most, uses, nowMs) >= amount) return nowMs;
  for (const { freeAtMs } of [...uses].sort((a, b) => a.freeAtMs - b.freeAtMs)) {
    if (Number.isFinite(freeAtMs) && freeAtMs > nowMs && roomAt(most, uses, freeAtMs) >= amount)
      return freeAtMs;
  }
  return undefined;
}

/** The name of the span that something used at `atMs` (wall clock) or on this day (product clock) belongs to. */
export function spanOf(quota: Quota, atMs: number, clock: Clock): string {
  const { window } = quota;
  // Of one length, so that texts sort as numbers do.
  if ('seconds' in window)
    return String(Math.floor(atMs / spanMs(window.seconds))).padStart(SPAN_DIGITS, '0');
  const day = clock.now().toZonedDateTimeISO(window.zone).toPlainDate();
  return window.calendar === 'day' ? day.toString() : day.toPlainYearMonth().toString();
}

/** When the calendar span that holds `now` ends. */
export function calendarEnd(
  window: { calendar: 'day' | 'month'; zone: string },
  now: Temporal.Instant,
): Temporal.Instant {
  const day = now.toZonedDateTimeISO(window.zone).toPlainDate();
  const next = window.calendar === 'day' ? day.add({ days: 1 }) : day.with({ day: 1 }).add({ months: 1 });
  return next.toZonedDateTime(window.zone).toInstant();
}

export function amountOf(quota: Quota, use: { calls: number; recipients: number }): number {
  return quota.counts === 'recipients' ? use.recipients : use.calls;
}

/** The quotas of the whole account that this way uses up. */
export function accountQuotas(quotas: readonly Quota[], way: string): Quota[] {
  return quotas.filter((quota) => quota.per === 'account' && quota.ways.includes(way));
}

/** The quotas that count for each person or group that this way reaches. */
export function receiverQuotas(quotas: readonly Quota[], way: string): Quota[] {
  return quotas.filter((quota) => quota.per !== 'account' && quota.ways.includes(way));
}
