import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Campaign } from '../campaigns/index.ts';

/** How a person's week (Monday to Sunday) stands against the campaign's weekly target. */
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
  const counted = await tx.execute<{ employee_id: string; done: number }>(sql`
    select p.e as employee_id, count(c.day)::int as done
    from json_to_recordset(${rows}::json) as p(e uuid, c uuid, f date, l date)
    left join checkins c on c.campaign_id = p.c and c.employee_id = p.e and c.day between p.f and p.l
    group by p.e`);
  const done = new Map(counted.rows.map((row) => [row.employee_id, row.done]));
  return new Map(
    people.map(({ employeeId, campaign }) => {
      const own = done.get(employeeId) ?? 0;
      const target = campaign.targets.weekly;
      return [employeeId, { done: own, target, share: Math.min(1, own / target) }];
    }),
  );
}
