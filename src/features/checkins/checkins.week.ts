import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Campaign } from '../campaigns/index.ts';

/** How a person's week (Monday to Sunday) stands against the campaign's weekly target, which excused days lower. */
export interface WeekProgress {
  done: number;
  target: number;
  /** 0 to 1. */
  share: number;
}

export async function weekProgress(
  tx: Db,
  people: readonly { employeeId: string; campaign: Campaign; day: Temporal.PlainDate }[],
): Promise<Map<string, WeekProgress>> {
  if (people.length === 0) return new Map();
  const rows = JSON.stringify(
    people.map(({ employeeId, campaign, day }) => {
      const monday = day.subtract({ days: day.dayOfWeek - 1 });
      return { e: employeeId, c: campaign.id, f: monday.toString(), l: monday.add({ days: 6 }).toString() };
    }),
  );
  const counted = await tx.execute<{ employee_id: string; done: number; excused: number }>(sql`
    select p.e as employee_id, (count(d.day) filter (where counts.yes))::int as done,
           (count(x.day) filter (where not counts.yes))::int as excused
    from json_to_recordset(${rows}::json) as p(e uuid, c uuid, f date, l date)
    left join campaign_days d on d.campaign_id = p.c and d.day between p.f and p.l and d.workday
    left join checkins c on c.campaign_id = p.c and c.employee_id = p.e and c.day = d.day
    left join excused_days x on x.employee_id = p.e and x.day = d.day
    left join lateral (
      select k.effect = 'counts' and k.cause <> 'revoked' as counts from day_corrections k
      where k.campaign_id = p.c and k.employee_id = p.e and k.day = d.day order by k.id desc limit 1
    ) held on true
    cross join lateral (select coalesce(held.counts, c.day is not null) as yes) counts
    group by p.e`);
  const found = new Map(counted.rows.map((row) => [row.employee_id, row]));
  return new Map(
    people.map(({ employeeId, campaign }) => {
      const { done: own = 0, excused = 0 } = found.get(employeeId) ?? {};
      const target = Math.max(0, campaign.targets.weekly - excused);
      return [employeeId, { done: own, target, share: target === 0 ? 1 : Math.min(1, own / target) }];
    }),
  );
}
