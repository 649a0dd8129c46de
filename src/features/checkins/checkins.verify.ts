import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';

export interface StreakVerification {
  checked: number;
  wrong: { campaignId: string; employeeId: string; stored: string; recomputed: string }[];
}

/**
 * Computes every streak from the check-ins and the campaign's frozen calendar alone and compares it with what is
 * stored. Answers how many were checked, and of those that are wrong the first `most`.
 *
 * One campaign at a time, because then the primary key gives the check-ins in the order in which they are needed:
 * PostgreSQL reads nothing but that index and sorts nothing.
 */
export async function verifyStreaks(db: Db, most = 100): Promise<StreakVerification> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_sort = off`);
    await tx.execute(sql`set local work_mem = '64MB'`);
    await tx.execute(sql`set local jit = off`);
    const campaigns = await tx.execute<{ id: string }>(
      sql`select id from campaigns union select campaign_id from streaks`,
    );
    const all: StreakVerification = { checked: 0, wrong: [] };
    for (const { id } of campaigns.rows) {
      const { checked, wrong } = await verifyCampaign(tx, id, most - all.wrong.length);
      all.checked += checked;
      all.wrong.push(...wrong);
    }
    return all;
  });
}

async function verifyCampaign(tx: Db, campaignId: string, most: number): Promise<StreakVerification> {
  const calendar = await calendarOf(tx, campaignId);
  const result = await tx.execute<{
    checked: number;
    wrong: { employeeId: string; stored: string | null; recomputed: string | null }[];
  }>(sql`
    with compared as materialized (
      select employee_id, s.streak as stored, r.streak as recomputed
      from (
        select employee_id, row(current, best, counted, last_day)::text as streak
        from streaks where campaign_id = ${campaignId}
      ) s full join (
        select employee_id, row(current, best, counted, last_day)::text as streak
        from (${recomputedStreaks(campaignId, calendar)}) recomputed
      ) r using (employee_id)
    ), wrong as (
      select * from compared where stored is distinct from recomputed limit ${most}
    )
    select (select count(*)::int from compared) as checked, (
      select coalesce(json_agg(json_build_object('employeeId', employee_id, 'stored', stored, 'recomputed', recomputed)), '[]')
      from wrong
    ) as wrong`);
  const { checked = 0, wrong = [] } = result.rows[0] ?? {};
  return {
    checked,
    wrong: wrong.map(({ employeeId, stored, recomputed }) => ({
      campaignId,
      employeeId,
      stored: stored ?? 'nothing',
      recomputed: recomputed ?? 'nothing',
    })),
  };
}

interface Ordinals {
  first: string;
  last: string;
  /** Of every day from first to last, as PostgreSQL writes an array; NULL for a day that is missing. */
  ordinals: string;
}

/** A campaign without days has a calendar in which no check-in lies. */
async function calendarOf(tx: Db, campaignId: string): Promise<Ordinals> {
  const { rows } = await tx.execute<{
    first: string | null;
    last: string | null;
    ordinals: string | null;
  }>(sql`
    select min(days.day)::text as first, max(days.day)::text as last, array_agg(d.ordinal order by days.day)::text as ordinals
    from (
      select generate_series(min(day), max(day), '1 day')::date as day from campaign_days where campaign_id = ${campaignId}
    ) days left join campaign_days d on d.campaign_id = ${campaignId} and d.day = days.day`);
  const { first, last, ordinals } = rows[0] ?? {};
  return { first: first ?? 'infinity', last: last ?? '-infinity', ordinals: ordinals ?? '{}' };
}

/**
 * One row per employee: current, best, counted, last_day, from the evidence. Check-ins are numbered in order; a run
 * ends where the next one is not on the next workday, and is as long as its last number is above that of the run
 * before. The calendar is one array, looked up by the distance from the campaign's first day.
 */
function recomputedStreaks(campaignId: string, { first, last, ordinals }: Ordinals): SQL {
  return sql`
    select employee_id, max(length) filter (where next is null) as current, max(length) as best,
           max(number) as counted, max(day) as last_day
    from (
      select employee_id, day, next, number, number - lag(number, 1, 0) over own as length
      from (
        select employee_id, day, ordinal, (row_number() over own)::int as number, lead(ordinal) over own as next
        from (
          select employee_id, day, (${ordinals}::int[])[day - ${first}::date + 1] as ordinal
          from checkins
          where campaign_id = ${campaignId} and day between ${first}::date and ${last}::date
        ) dated
        where ordinal is not null
        window own as (partition by employee_id order by day)
      ) numbered
      where next is null or next - ordinal <> 1
      window own as (partition by employee_id order by day)
    ) runs
    group by employee_id`;
}
