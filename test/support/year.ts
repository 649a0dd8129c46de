import { sql } from 'drizzle-orm';
import {
  type Campaign,
  campaignById,
  campaignFileSchema,
  loadCampaign,
} from '#src/features/campaigns/index.ts';
import { addRule } from '#src/features/performance/index.ts';
import { type PerformanceRule, performanceRuleSchema } from '#src/features/performance/performance.schema.ts';
import { performRun, type RunDeps } from '#src/features/periods/periods.runs.ts';
import { monthSpan, openPeriod } from '#src/features/periods/periods.service.ts';
import { type PerformanceRun, performanceRuns } from '#src/features/periods/periods.tables.ts';
import type { Db } from '#src/kernel/db.ts';
import { newId } from '#src/kernel/ids.ts';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';

export const YEAR = { from: '2026-01-01', days: 365 };

const bands = [
  { name: '达成', from: 100, credit: 100 },
  { name: '部分达成', from: 60, credit: 60 },
  { name: '未达成', from: 0, credit: 0 },
];
const common = { bands, weight: 5, parts: { individual: 80, team: 20 }, freezes: 1 };

/** The rule of the year's beginning and the two that replace it, with the day from which each holds. */
export const rules: readonly { fromDay: string; rule: PerformanceRule }[] = [
  { fromDay: '2026-01-01', rule: { day: [['tap']], target: { kind: 'days', days: 16, of: 20 }, ...common } },
  {
    fromDay: '2026-05-01',
    rule: { day: [['tap'], ['question', 'usage']], target: { kind: 'days', days: 8, of: 20 }, ...common },
  },
  {
    fromDay: '2026-09-01',
    rule: { day: [['tap', 'usage']], target: { kind: 'consecutive', days: 10 }, ...common, freezes: 2 },
  },
].map(({ fromDay, rule }) => ({ fromDay, rule: performanceRuleSchema.parse(rule) }));

/** A number from 0 to 99 that follows from whom, when and what: the same year for everybody who makes it. */
const chance = (what: string) => sql.raw(`(abs(hashtext(e.n::text || '${what}' || d.day::text)) % 100)`);

/**
 * A year of an organisation: departments of fifty, three zones, people who move, leave, return and join, leave and trips,
 * an outage that hit a third of them, use that a server saw, days handed in six hours late, and corrections.
 */
export async function liveAYear(db: Db, people: number): Promise<Campaign> {
  await db.execute(sql`
    insert into departments (id, code, name, parent_id, created_at)
    select gen_random_uuid(), 'D' || n, '部门 ' || n, null, now() from generate_series(0, ${Math.ceil(people / 50)}) n`);
  await db.execute(sql`
    insert into employees (id, number, name, locale, zone, level, joined_on, left_on, created_at)
    select gen_random_uuid(), 'Y' || lpad(n::text, 6, '0'), '员工' || n, 'zh-CN',
           (array['Asia/Shanghai', 'Asia/Urumqi', 'America/New_York'])[1 + n % 3], 'beginner',
           case when n % 13 = 0 then '2026-03-16'::date else '2020-01-06' end,
           case when n % 23 = 0 then '2026-08-14'::date end, now()
    from generate_series(0, ${people - 1}) n`);
  await db.execute(sql`create temporary table numbered as
    select id, substring(number from 2)::int as n, joined_on, left_on from employees where number like 'Y%'`);
  await db.execute(sql`
    insert into memberships (id, employee_id, department_id, main, from_day, to_day)
    select gen_random_uuid(), e.id, dep.id, true, part.from_day, part.to_day
    from numbered e cross join lateral (
      select 'D' || e.n / 50 as code, e.joined_on as from_day,
             case when e.n % 17 = 0 then '2026-06-14'::date when e.n % 29 = 0 then '2026-04-30' else e.left_on end as to_day
      union all
      -- Somebody who moves, and somebody who leaves and comes back.
      select 'D' || (e.n / 50 + 1) % ${Math.ceil(people / 50)}, '2026-06-15'::date, e.left_on where e.n % 17 = 0
      union all
      select 'D' || e.n / 50, '2026-07-06'::date, e.left_on where e.n % 29 = 0 and e.n % 17 <> 0
    ) part join departments dep on dep.code = part.code
    where part.to_day is null or part.to_day >= part.from_day`);
  const campaign = await campaignOfYear(db);
  await db.execute(sql`create temporary table worked as
    select day from campaign_days where campaign_id = ${campaign.id} and workday`);
  await db.execute(sql`
    insert into task_completions (campaign_id, employee_id, day, task, grade, at, received_at, channel, event_key)
    select ${campaign.id}::uuid, e.id, d.day, k.task, k.grade, d.day + interval '2 hours',
           d.day + interval '2 hours' + case when ${chance('late')} < 3 then interval '6 hours' else interval '0' end,
           'sandbox', k.task || e.n || d.day
    from numbered e cross join worked d cross join (values ('learn-tip', 'tap'), ('answer', 'answered'), ('use-software', 'self-declared')) k (task, grade)
    where case k.task when 'learn-tip' then ${chance('tap')} < 85 when 'answer' then ${chance('answer')} < 40 else ${chance('use')} < 10 end`);
  await db.execute(sql`
    insert into usage_days (employee_id, day, source, received_at)
    select e.id, d.day, 'upgrade-server', d.day + interval '20 hours' from numbered e cross join worked d where ${chance('seen')} < 30`);
  await db.execute(sql`
    insert into excused_days (employee_id, day, reason, excusal_id)
    select e.id, d.day, case when ${chance('why')} < 60 then 'leave' else 'trip' end, gen_random_uuid()
    from numbered e cross join (select generate_series('2026-01-01'::timestamp, '2026-12-31', '1 day')::date as day) d
    where (extract(doy from d.day)::int + e.n * 7) % 61 < 4
    union all
    select e.id, '2026-11-12'::date, 'outage', gen_random_uuid() from numbered e
    where e.n % 3 = 1 and (extract(doy from '2026-11-12'::date)::int + e.n * 7) % 61 >= 4`);
  await db.execute(sql`
    insert into day_corrections (id, campaign_id, employee_id, day, effect, cause, cause_id, reason, by, at)
    select gen_random_uuid(), ${campaign.id}::uuid, e.id, d.day,
           case when ${chance('correct')} = 0 then 'does-not-count' else 'counts' end,
           case ${chance('correct')} when 0 then 'revoked' when 1 then 'make-up' else 'appeal' end,
           gen_random_uuid(), '查实', 'HR', d.day + interval '3 days'
    from numbered e cross join worked d where ${chance('correct')} < 3`);
  await db.execute(sql`drop table numbered, worked`);
  return campaign;
}

async function campaignOfYear(db: Db): Promise<Campaign> {
  const file = campaignFileSchema.parse({
    id: 'year',
    name: '全年活动',
    goal: '用起来',
    zone: 'Asia/Shanghai',
    startsOn: YEAR.from,
    days: YEAR.days,
    tipTime: '09:10',
    reminderTime: '16:40',
    audience: 'everyone',
    phases: [{ kind: 'sustain', name: '持续', fromDay: 0, toDay: YEAR.days - 1, focus: '' }],
    tasks: { mode: 'any', of: ['learn-tip'] },
    points: { checkIn: 5 },
  });
  const at = Temporal.Instant.from(`${YEAR.from}T00:00:00Z`);
  const { campaignId } = await loadCampaign(db, file, {
    today: Temporal.PlainDate.from(YEAR.from),
    calendar: workdayCalendar(),
    at,
  });
  for (const { fromDay, rule } of rules)
    await addRule(db, {
      campaignId,
      rule,
      fromDay: Temporal.PlainDate.from(fromDay),
      reason: '按部门会议',
      by: 'HR',
      at,
    });
  return (await campaignById(db, campaignId)) as Campaign;
}

/** Closes a month as if its objections were over; who may is tested elsewhere. */
export async function closeMonth(deps: RunDeps, campaign: Campaign, month: string): Promise<PerformanceRun> {
  const span = monthSpan(campaign, Temporal.PlainYearMonth.from(month));
  if (span === undefined) throw new Error(`${month} lies outside of the campaign`);
  const at = deps.clock.now();
  const period = await deps.db.transaction((tx) => openPeriod(tx, campaign, span, at));
  const id = newId();
  await deps.db.insert(performanceRuns).values({
    id,
    periodId: period.id,
    kind: 'closing',
    revision: 0,
    state: 'requested',
    reason: '',
    preparedBy: 'E4 王知行',
    confirmedBy: 'E9 陈立',
    requestedAt: at,
  });
  await performRun(deps, id);
  const rows = await deps.db.select().from(performanceRuns);
  return rows.find((run) => run.id === id) as PerformanceRun;
}
