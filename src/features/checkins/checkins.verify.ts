import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { ordinalsOf, streaksOfCampaign } from './checkins.recompute.ts';

export interface StreakVerification {
  checked: number;
  wrong: { campaignId: string; employeeId: string; stored: string; recomputed: string }[];
}

/**
 * Computes every streak from check-ins, corrections, excusals and the campaign's frozen calendar alone and compares it
 * with what is stored. Answers how many were checked, and of those that are wrong the first `most`.
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
  const recomputed = await streaksOfCampaign(tx, campaignId, await ordinalsOf(tx, campaignId));
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
        from (${recomputed}) recomputed
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
