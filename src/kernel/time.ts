import { Temporal } from 'temporal-polyfill';

export { Temporal };

/** Where "now" comes from. Tests and rehearsals hand in one that stands still. */
export interface Clock {
  now(): Temporal.Instant;
}

export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** A clock that moves only when told to, and only forward. */
export interface ManualClock extends Clock {
  /** Throws RangeError when `to` lies before now. */
  set(to: Temporal.Instant): void;
}

export function manualClock(start: Temporal.Instant | string): ManualClock {
  let now = Temporal.Instant.from(start);
  return {
    now: () => now,
    set(to) {
      if (Temporal.Instant.compare(to, now) < 0) throw new RangeError('the manual clock only moves forward');
      now = to;
    },
  };
}

const written = new WeakMap<Temporal.Instant, string>();

/** `instant.toString()`, worked out once for each object: an event's moments are written into many rows. */
export function isoOf(instant: Temporal.Instant): string {
  let iso = written.get(instant);
  if (iso === undefined) {
    // A Date writes whole milliseconds, which is what clocks give, much faster than Temporal.
    const whole = instant.epochNanoseconds % 1_000_000n === 0n;
    iso = whole ? new Date(instant.epochMilliseconds).toISOString() : instant.toString();
    written.set(instant, iso);
  }
  return iso;
}

/** The calendar day that `instant` falls on for somebody who lives in `zone` (IANA name). */
export function localDay(instant: Temporal.Instant, zone: string): Temporal.PlainDate {
  return instant.toZonedDateTimeISO(zone).toPlainDate();
}

/** The first instant of `day` in `zone`: not always midnight, because some zones skip it. */
export function startOfDay(day: Temporal.PlainDate, zone: string): Temporal.Instant {
  return day.toZonedDateTime({ timeZone: zone }).toInstant();
}

/** `HH:mm` on a wall clock in `zone`. */
export function wallTime(instant: Temporal.Instant, zone: string): string {
  return instant.toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: 'minute' });
}

export function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** A month such as `2026-11` as its first and last day. */
export function monthDays(month: Temporal.PlainYearMonth): {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
} {
  return { from: month.toPlainDate({ day: 1 }), to: month.toPlainDate({ day: month.daysInMonth }) };
}
