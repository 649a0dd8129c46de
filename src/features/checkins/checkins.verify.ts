import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';

export interface StreakVerification {
  checked: number;
  wrong: { campaignId: string; employeeId: string; stored: string; recomputed: string }[];
}

/**
 * Computes every streak from the check-ins and the campaign's frozen calendar alone and compares it with what is
 * stored. A run is a stretch of check-ins whose workday ordinals rise by one, so ordinal minus row number is the
 * same all along it: PostgreSQL finds the runs in one pass over the primary key.
 */
export async function verifyStreaks(tx: Db, most = 100): Promise<StreakVerification> {
  const result = await tx.execute<{
    checked: number;
    campaign_id: string | null;
    employee_id: string | null;
    stored: string | null;
    recomputed: string | null;
  }>(sql`
    with recomputed as (${recomputedStreaks()}), compared as (
      select campaign_id, employee_id,
             case when s.current is not null then row(s.current, s.best, s.counted, s.last_day)::text end as stored,
             case when r.current is not null then row(r.current, r.best, r.counted, r.last_day)::text end as recomputed
      from streaks s full join recomputed r using (campaign_id, employee_id)
    ), wrong as (
      select * from compared where stored is distinct from recomputed order by campaign_id, employee_id limit ${most}
    )
    select (select count(*)::int from compared) as checked, w.* from (select 1) one left join wrong w on true`);
  return {
    checked: result.rows[0]?.checked ?? 0,
    wrong: result.rows.flatMap((row) =>
      row.campaign_id === null || row.employee_id === null
        ? []
        : [
            {
              campaignId: row.campaign_id,
              employeeId: row.employee_id,
              stored: row.stored ?? 'nothing',
              recomputed: row.recomputed ?? 'nothing',
            },
          ],
    ),
  };
}

/** One row per campaign and employee: current, best, counted, last_day, from the evidence. */
function recomputedStreaks() {
  return sql`
    select campaign_id, employee_id,
           (array_agg(length order by last_day desc))[1]::int as current,
           max(length)::int as best, sum(length)::int as counted, max(last_day) as last_day
    from (
      select campaign_id, employee_id, run, count(*) as length, max(day) as last_day
      from (
        select c.campaign_id, c.employee_id, c.day,
               d.ordinal - row_number() over (partition by c.campaign_id, c.employee_id order by c.day) as run
        from checkins c join campaign_days d on d.campaign_id = c.campaign_id and d.day = c.day
      ) numbered
      group by campaign_id, employee_id, run
    ) runs
    group by campaign_id, employee_id`;
}
