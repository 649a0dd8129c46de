import { Temporal } from '../../kernel/time.ts';
import type { CampaignCalendar } from '../campaigns/index.ts';
import type { PerformanceRule } from '../performance/performance.schema.ts';

/** What is known about a day that somebody wants to have back. */
export interface DayAsked {
  day: Temporal.PlainDate;
  today: Temporal.PlainDate;
  calendar: CampaignCalendar;
  /** Whether the person was in the campaign on that day. */
  member: boolean;
  counted: boolean;
  excused: boolean;
  /** A request for the day waits for its decision. */
  pending: boolean;
  /** Requests of the day's period that were not refused. */
  used: number;
}

export type Judgement =
  | 'ok'
  | 'not-over'
  | 'not-member'
  | 'day-off'
  | 'counted'
  | 'excused'
  | 'pending'
  | 'too-late'
  | 'not-allowed'
  | 'used-up';

/** Whether a day may be made up, and why not. */
export function judge(asked: DayAsked, rule: PerformanceRule['makeUps']): Judgement {
  if (Temporal.PlainDate.compare(asked.day, asked.today) >= 0) return 'not-over';
  if (!asked.member) return 'not-member';
  if (!asked.calendar.isWorkday(asked.day)) return 'day-off';
  if (asked.counted) return 'counted';
  if (asked.excused) return 'excused';
  if (asked.pending) return 'pending';
  if (rule.perPeriod === 0) return 'not-allowed';
  if (!isWithin(asked, rule.withinWorkdays)) return 'too-late';
  return asked.used >= rule.perPeriod ? 'used-up' : 'ok';
}

/** Whether no more than so many workdays have begun since the day. */
export function isWithin(
  { day, today, calendar }: Pick<DayAsked, 'day' | 'today' | 'calendar'>,
  workdays: number,
): boolean {
  return calendar.ordinal(today) - calendar.ordinal(day) <= workdays;
}

/** The first day of the period that a day lies in: a month, or what the campaign has of it. */
export function periodFrom(
  day: Temporal.PlainDate,
  campaign: { startsOn: Temporal.PlainDate },
): Temporal.PlainDate {
  const first = day.with({ day: 1 });
  return Temporal.PlainDate.compare(first, campaign.startsOn) < 0 ? campaign.startsOn : first;
}

/** `2026-11-12`, `11-12`, `11/12`, `11.12`, `11月12日`, `12日`, `12号`. */
const written =
  /^(?:(\d{4})\s?[-‐-―./年]\s?)?(?:(\d{1,2})\s?[-‐-―./月]\s?)?(\d{1,2})\s?(?:日|号)?(?=$|[\s,，、:：。;；]|[^\d\s])/u;
const wordsBack: readonly (readonly [RegExp, number])[] = [
  [/^(昨天|昨日|yesterday)/i, 1],
  [/^(前天|前日)/, 2],
  [/^(大前天)/, 3],
  [/^(今天|today)/i, 0],
];

/**
 * The day that a text begins with, and what follows it. A day without its year or month is the last such day up to
 * today. Without a day at its beginning the whole text is the rest.
 */
export function dayAndRest(
  said: string,
  today: Temporal.PlainDate,
): { day: Temporal.PlainDate | undefined; rest: string } {
  const text = said.trim();
  for (const [pattern, back] of wordsBack) {
    const found = pattern.exec(text);
    if (found !== null) return { day: today.subtract({ days: back }), rest: restOf(text, found[0]) };
  }
  const found = written.exec(text);
  if (found === null) return { day: undefined, rest: text };
  const [whole, year, month, dayOfMonth] = found;
  // A number alone is a day only when it says so: "3 个会" is a reason.
  if (month === undefined && !/[日号]$/.test(whole.trim())) return { day: undefined, rest: text };
  const day = lastSuch(today, { year: numberIn(year), month: numberIn(month), day: Number(dayOfMonth) });
  return day === undefined ? { day: undefined, rest: text } : { day, rest: restOf(text, whole) };
}

const numberIn = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);
const restOf = (text: string, taken: string): string =>
  text
    .slice(taken.length)
    .replace(/^[\s,，、:：。;；]+/u, '')
    .trim();

function lastSuch(
  today: Temporal.PlainDate,
  { year, month, day }: { year: number | undefined; month: number | undefined; day: number },
): Temporal.PlainDate | undefined {
  const at = (y: number, m: number): Temporal.PlainDate | undefined => {
    try {
      return Temporal.PlainDate.from({ year: y, month: m, day }, { overflow: 'reject' });
    } catch {
      return undefined;
    }
  };
  if (month === undefined) {
    for (let back = 0; back < 12; back += 1) {
      const { year: y, month: m } = today.toPlainYearMonth().subtract({ months: back });
      const found = at(y, m);
      if (found !== undefined && Temporal.PlainDate.compare(found, today) <= 0) return found;
    }
    return undefined;
  }
  if (year !== undefined) return at(year, month);
  const found = at(today.year, month);
  if (found === undefined || Temporal.PlainDate.compare(found, today) <= 0) return found;
  // In January `12-30` means last year; a day within the next weeks is a slip that is better named than moved.
  return today.until(found).total('days') > 180 ? at(today.year - 1, month) : found;
}
