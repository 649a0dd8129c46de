import { and, gte, isNull, lte, or, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Temporal } from '../../kernel/time.ts';
import { employees } from './directory.tables.ts';

/** The row's period holds on `day`: both ends belong to it, an open end lasts. */
export function holdsOn(
  period: { fromDay: PgColumn; toDay: PgColumn },
  day: Temporal.PlainDate,
): SQL | undefined {
  return and(lte(period.fromDay, day), or(isNull(period.toDay), gte(period.toDay, day)));
}

/** The employee is in the company on `day`. */
export function employedOn(day: Temporal.PlainDate): SQL | undefined {
  return and(
    or(isNull(employees.joinedOn), lte(employees.joinedOn, day)),
    or(isNull(employees.leftOn), gte(employees.leftOn, day)),
  );
}
