import fc from 'fast-check';
import { type CalendarDay, type CampaignCalendar, campaignCalendar } from '#src/features/campaigns/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { type WorkdayCalendar, workdayCalendar } from '#src/kernel/workdays.ts';

export const day = (iso: string): Temporal.PlainDate => Temporal.PlainDate.from(iso);
export const instant = (iso: string): Temporal.Instant => Temporal.Instant.from(iso);

export function daysFrom(from: string, count: number): Temporal.PlainDate[] {
  return Array.from({ length: count }, (_, days) => day(from).add({ days }));
}

/** The days of a campaign as they are frozen when it is loaded. */
export function calendarDays(
  from: string,
  count: number,
  calendar: WorkdayCalendar = workdayCalendar(),
): CalendarDay[] {
  let ordinal = 0;
  return daysFrom(from, count).map((one) => {
    const workday = calendar.isWorkday(one);
    if (workday) ordinal += 1;
    return { day: one, workday, ordinal, name: calendar.nameOf(one) };
  });
}

export const calendarFrom = (from: string, count: number): CampaignCalendar =>
  campaignCalendar(calendarDays(from, count));

/** 2018–2026, looked up once: properties ask for thousands of days. */
const packaged = calendarDays('2018-01-01', day('2018-01-01').until(day('2027-01-01')).total('days'));
const packagedAt = (from: number, count: number): CampaignCalendar => {
  let ordinal = 0;
  return campaignCalendar(
    packaged.slice(from, from + count).map((one) => {
      if (one.workday) ordinal += 1;
      return { ...one, ordinal };
    }),
  );
};

/** A campaign of up to 90 days somewhere in 2018–2026, with some of its workdays in any order. */
export const checkinDays = fc
  .record({
    start: fc.integer({ min: 0, max: packaged.length - 90 }),
    length: fc.integer({ min: 1, max: 90 }),
    seed: fc.array(fc.nat({ max: 89 }), { maxLength: 60 }),
  })
  .map(({ start, length, seed }) => {
    const calendar = packagedAt(start, length);
    const days = [...new Set(seed)]
      .map((days) => calendar.first.add({ days }))
      .filter((one) => calendar.isWorkday(one));
    return { calendar, days };
  });

export interface Walked {
  current: number;
  best: number;
  counted: number;
  lastDay: string;
}

/** The streak as somebody would count it on a wall calendar with a pen, one day after the other. */
export function walked(calendar: CampaignCalendar, days: readonly Temporal.PlainDate[]): Walked | undefined {
  const marked = new Set(days.map(String));
  let run = 0;
  let found: Walked | undefined;
  for (
    let one = calendar.first;
    Temporal.PlainDate.compare(one, calendar.last) <= 0;
    one = one.add({ days: 1 })
  ) {
    if (marked.has(one.toString())) {
      run += 1;
      found = {
        current: run,
        best: Math.max(run, found?.best ?? 0),
        counted: (found?.counted ?? 0) + 1,
        lastDay: one.toString(),
      };
    } else if (calendar.isWorkday(one)) run = 0;
  }
  return found;
}
