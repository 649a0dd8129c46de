import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { isZone, localDay, startOfDay, type Temporal } from '../../kernel/time.ts';
import type { Period } from './reports.rules.ts';

/** What a period means in one zone. Dates and instants are ISO text, for the query that joins them. */
export interface ZonePeriod {
  zone: string;
  /** The last day that is over there. */
  over: string;
  starts: string;
  /** The first instant after the period. */
  ends: string;
}

/** The period in every zone that somebody lives in or has lived in. */
export async function zonePeriods(
  tx: Db,
  { from, to }: Period,
  asOf: Temporal.Instant,
): Promise<ZonePeriod[]> {
  const found = await tx.execute<{ zone: string }>(
    sql`select zone from employees union select zone from employee_zones`,
  );
  return found.rows
    .filter(({ zone }) => isZone(zone))
    .map(({ zone }) => ({
      zone,
      over: localDay(asOf, zone).subtract({ days: 1 }).toString(),
      starts: startOfDay(from, zone).toString(),
      ends: startOfDay(to.add({ days: 1 }), zone).toString(),
    }));
}
