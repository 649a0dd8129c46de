import { Temporal } from '../../kernel/time.ts';

export interface ExpiryRule {
  afterMonths: number;
  noticeDays: number;
}

/** The month with which the next points go, by its first day, once it is time to tell; undefined before that. */
export function monthToAnnounce(
  today: Temporal.PlainDate,
  { noticeDays }: ExpiryRule,
): Temporal.PlainDate | undefined {
  const next = today.with({ day: 1 }).add({ months: 1 });
  return Temporal.PlainDate.compare(today.add({ days: noticeDays }), next) >= 0 ? next : undefined;
}

/** When points expire of which somebody is told today: never sooner than the notice says, however late we tell. */
export const expiresOn = (today: Temporal.PlainDate, { noticeDays }: ExpiryRule): Temporal.PlainDate =>
  today.add({ days: noticeDays });

/** With `month` goes what was earned before this day. */
export const earnedBefore = (month: Temporal.PlainDate, { afterMonths }: ExpiryRule): Temporal.PlainDate =>
  month.subtract({ months: afterMonths });

export interface Sums {
  /** Earned before the day in question, without what was taken back. */
  earned: number;
  /** Spent at any time. */
  spent: number;
  /** Expired so far. */
  expired: number;
}

/** What is left of old points: the oldest are spent first, and what is gone does not go again. */
export const leftOf = ({ earned, spent, expired }: Sums): number => Math.max(0, earned - spent - expired);
