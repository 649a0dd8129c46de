import { sql } from 'drizzle-orm';
import { campaignFileSchema, loadCampaign } from '../src/features/campaigns/index.ts';
import type { Db } from '../src/kernel/db.ts';
import { localDay, Temporal } from '../src/kernel/time.ts';
import type { WorkdayCalendar } from '../src/kernel/workdays.ts';

export const ZONE = 'Asia/Shanghai';

const everyDayWorked: WorkdayCalendar = {
  isWorkday: () => true,
  nameOf: () => '',
  knows: () => true,
  lastKnownYear: 9999,
};

export interface BenchCampaign {
  campaignId: string;
  tipId: string;
  today: Temporal.PlainDate;
  employeeIds: string[];
}

/** `people` employees with sandbox accounts `B0…`, one tip, and a campaign in which every day counts. */
export async function makeOrganisation(db: Db, people: number): Promise<BenchCampaign> {
  const at = Temporal.Now.instant();
  const today = localDay(at, ZONE);
  await db.execute(sql`
    insert into employees (id, number, name, locale, zone, level, created_at)
    select gen_random_uuid(), 'B' || n, '员工' || n, 'zh-CN', ${ZONE}, 'beginner', now() from generate_series(0, ${people - 1}) n`);
  await db.execute(sql`
    insert into identities (channel, account, platform_id, employee_id)
    select 'sandbox', 'sandbox', number, id from employees where number like 'B%'`);
  await db.execute(sql`
    insert into employee_zones (employee_id, since, zone) select id, '2020-01-01', zone from employees where number like 'B%'`);
  const tip = await db.execute<{ id: string }>(sql`
    insert into tips (id, key, title, body, try_now, feature, area, scene, tags, level, departments, position)
    values (gen_random_uuid(), 'bench', '用导航窗格在长文档里跳着走', '打开 **视图** → **导航窗格**。\n点标题就跳过去。', '现在试一次', '导航窗格',
            'word-processing', '写长报告', '{长文档}', 'beginner', '{}', 0) returning id`);
  const { campaignId } = await loadCampaign(
    db,
    campaignFileSchema.parse({
      id: 'bench-campaign',
      name: 'Bench',
      goal: 'Measure',
      zone: ZONE,
      startsOn: today.subtract({ days: 40 }).toString(),
      days: 80,
      // Not due while the bench runs.
      tipTime: '23:58',
      reminderTime: '23:59',
      audience: 'everyone',
      phases: [{ kind: 'sustain', name: '持续', fromDay: 0, toDay: 79, focus: '' }],
      tasks: { mode: 'any', of: ['learn-tip'] },
      points: { checkIn: 5, streakBonus: [{ days: 5, points: 10 }] },
    }),
    { today, calendar: everyDayWorked, at },
  );
  const rows = await db.execute<{ id: string }>(
    sql`select id from employees where number like 'B%' order by substring(number from 2)::int`,
  );
  return { campaignId, tipId: tip.rows[0]?.id as string, today, employeeIds: rows.rows.map(({ id }) => id) };
}
