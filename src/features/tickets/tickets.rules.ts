import { Temporal } from '../../kernel/time.ts';
import type { WorkdayCalendar } from '../../kernel/workdays.ts';
import type { DutyDays, Priority } from './tickets.tables.ts';

/** Within so many minutes a person answers, on the wall clock, nights and holidays included (001, parts 10 and 12). */
export const answerWithinMinutes: Record<Priority, number> = { p0: 30, technical: 48 * 60 };

export function dueAt(openedAt: Temporal.Instant, priority: Priority): Temporal.Instant {
  return openedAt.add({ minutes: answerWithinMinutes[priority] });
}

/** Half of the time has gone: whoever holds a ticket in silence loses it. */
export function remindAt(openedAt: Temporal.Instant, priority: Priority): Temporal.Instant {
  return openedAt.add({ minutes: answerWithinMinutes[priority] / 2 });
}

/** A period of duty as the roster gives it. */
export interface Duty {
  employeeId: string;
  days: DutyDays;
  fromTime: string;
  toTime: string;
  fromDay: Temporal.PlainDate | null;
  toDay: Temporal.PlainDate | null;
}

/** What holds while nobody has written a roster: everyone who does support, in office hours. */
export const officeHours = { days: 'workdays', fromTime: '09:00', toTime: '18:00' } as const;

/** Begin and end of this duty's period that starts on `day`, or undefined when it has none that day. */
function periodOn(
  duty: Omit<Duty, 'employeeId'>,
  day: Temporal.PlainDate,
  zone: string,
  calendar: WorkdayCalendar,
): { from: Temporal.Instant; to: Temporal.Instant } | undefined {
  if (duty.fromDay !== null && Temporal.PlainDate.compare(day, duty.fromDay) < 0) return undefined;
  if (duty.toDay !== null && Temporal.PlainDate.compare(day, duty.toDay) > 0) return undefined;
  if (!isDutyDay(duty.days, day, calendar)) return undefined;
  const moment = (on: Temporal.PlainDate, time: string) =>
    on.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).toInstant();
  const overnight = duty.toTime <= duty.fromTime;
  return {
    from: moment(day, duty.fromTime),
    to: moment(overnight ? day.add({ days: 1 }) : day, duty.toTime),
  };
}

function isDutyDay(days: DutyDays, day: Temporal.PlainDate, calendar: WorkdayCalendar): boolean {
  switch (days) {
    case 'every-day':
      return true;
    case 'workdays':
      return calendar.isWorkday(day);
    case 'days-off':
      return !calendar.isWorkday(day);
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
      return day.dayOfWeek === Number(days);
  }
}

/** Who is on duty at this moment, each once, in the order of the roster. */
export function onDuty(
  roster: readonly Duty[],
  at: Temporal.Instant,
  zone: string,
  calendar: WorkdayCalendar,
): string[] {
  const today = at.toZonedDateTimeISO(zone).toPlainDate();
  // A night shift that began yesterday may still last.
  const days = [today.subtract({ days: 1 }), today];
  const present = roster.filter((duty) =>
    days.some((day) => {
      const period = periodOn(duty, day, zone, calendar);
      return (
        period !== undefined &&
        Temporal.Instant.compare(period.from, at) <= 0 &&
        Temporal.Instant.compare(at, period.to) < 0
      );
    }),
  );
  return [...new Set(present.map(({ employeeId }) => employeeId))];
}

/** Longer than the longest holiday. */
const DAYS_AHEAD = 30;

/** When somebody comes on duty next after `at`; undefined when nobody does within a month. */
export function nextDuty(
  roster: readonly Omit<Duty, 'employeeId'>[],
  at: Temporal.Instant,
  zone: string,
  calendar: WorkdayCalendar,
): Temporal.Instant | undefined {
  const today = at.toZonedDateTimeISO(zone).toPlainDate();
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const begins = roster
      .flatMap((duty) => periodOn(duty, today.add({ days: ahead }), zone, calendar)?.from ?? [])
      .filter((from) => Temporal.Instant.compare(from, at) > 0)
      .sort(Temporal.Instant.compare);
    if (begins[0] !== undefined) return begins[0];
  }
  return undefined;
}
