import { Temporal } from 'temporal-polyfill';

/** Just after the tips of 09:10 went out. */
const MORNING = Temporal.PlainTime.from('09:15');

export const steps = ['hour', 'morning', 'day'] as const;
export type Step = (typeof steps)[number];

/** Where the clock stands after a step from `now`: an ISO instant. Days and mornings are those of `zone`. */
export function stepped(now: string, zone: string, step: Step): string {
  const here = Temporal.Instant.from(now).toZonedDateTimeISO(zone);
  switch (step) {
    case 'hour':
      return here.add({ hours: 1 }).toInstant().toString();
    case 'morning': {
      const today = here.withPlainTime(MORNING);
      const isAhead = Temporal.ZonedDateTime.compare(today, here) > 0;
      return (isAhead ? today : today.add({ days: 1 })).toInstant().toString();
    }
    case 'day':
      return here.add({ days: 1 }).toInstant().toString();
  }
}

/** What a date-time field holds for this instant: `2026-03-02T09:15`. */
export function fieldOf(instant: string, zone: string): string {
  return Temporal.Instant.from(instant)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });
}

/** The instant that such a field means in `zone`; undefined while it is not filled in. */
export function instantOf(field: string, zone: string): string | undefined {
  if (field === '') return undefined;
  return Temporal.PlainDateTime.from(field).toZonedDateTime(zone).toInstant().toString();
}
