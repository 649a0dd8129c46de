import { customType } from 'drizzle-orm/pg-core';
import { isoOf, Temporal } from './time.ts';

/** A moment: `timestamptz` in PostgreSQL, `Temporal.Instant` here, microseconds kept. */
export const instant = customType<{ data: Temporal.Instant; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  toDriver: isoOf,
  fromDriver: (value) => instantFromSql(value),
});

/** A day on somebody's calendar: `date` in PostgreSQL, `Temporal.PlainDate` here. */
export const day = customType<{ data: Temporal.PlainDate; driverData: string }>({
  dataType: () => 'date',
  toDriver: (value) => value.toString(),
  fromDriver: (value) => Temporal.PlainDate.from(value),
});

/** Reads what PostgreSQL prints for a timestamptz, such as `2026-03-01 08:00:00.5+00` or `…+05:30`. */
export function instantFromSql(value: string): Temporal.Instant {
  if (value === last.text) return last.instant;
  const iso = value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
  last = { text: value, instant: Temporal.Instant.from(iso) };
  return last.instant;
}

/** The rows of one message were written at one moment: what was read before is often read again. */
let last = { text: '', instant: Temporal.Instant.fromEpochMilliseconds(0) };
