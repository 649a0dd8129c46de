import { Temporal } from '../../kernel/time.ts';

/** Zones change their offset on quarters of an hour. */
const STEP_MS = 15 * 60_000;
const KEPT_STEPS = 100_000;

/**
 * Reads instants off the wall clock of a zone: a `Date` whose UTC fields are the local ones, as spreadsheets want it.
 * An offset is looked up once for each zone and quarter of an hour, because a million rows share few of them. It is
 * worked out here and not in SQL: PostgreSQL may not know a zone that we accepted.
 */
export function wallClock(): (epochMs: number, zone: string) => Date {
  const offsets = new Map<string, number>();
  return (epochMs, zone) => {
    const step = Math.floor(epochMs / STEP_MS);
    const key = `${zone} ${step}`;
    let offset = offsets.get(key);
    if (offset === undefined) {
      const start = Temporal.Instant.fromEpochMilliseconds(step * STEP_MS);
      offset = start.toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000;
      if (offsets.size >= KEPT_STEPS) offsets.clear();
      offsets.set(key, offset);
    }
    return new Date(epochMs + offset);
  };
}
