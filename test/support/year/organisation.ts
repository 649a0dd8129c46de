import { sql } from 'drizzle-orm';
import {
  type Campaign,
  campaignById,
  campaignFileSchema,
  loadCampaign,
} from '#src/features/campaigns/index.ts';
import { addRule } from '#src/features/performance/index.ts';
import { type PerformanceRule, performanceRuleSchema } from '#src/features/performance/performance.schema.ts';
import type { Db } from '#src/kernel/db.ts';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import {
  abroadOf,
  away,
  channelOf,
  dates,
  homeOf,
  joins,
  leaves,
  moves,
  returns,
  travels,
  trip,
  YEAR,
} from './plan.ts';

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
    fromDay: '2026-04-01',
    rule: { day: [['tap'], ['question', 'usage']], target: { kind: 'days', days: 8, of: 20 }, ...common },
  },
  {
    fromDay: '2026-10-01',
    rule: { day: [['tap', 'usage']], target: { kind: 'consecutive', days: 10 }, ...common, freezes: 2 },
  },
].map(({ fromDay, rule }) => ({ fromDay, rule: performanceRuleSchema.parse(rule) }));

const numberOf = (n: number): string => `Y${String(n).padStart(6, '0')}`;
const PEOPLE_A_STATEMENT = 5_000;
const PEOPLE_A_DEPARTMENT = 50;

/**
 * Departments of fifty, three homes and three platforms, people who move, leave, return, join and travel over zones, and a
 * campaign of a year with three versions of its rule. Answers ids by the number that a person has in the plan.
 */
export async function foundOrganisation(
  db: Db,
  people: number,
): Promise<{ campaign: Campaign; ids: string[] }> {
  const departments = Math.ceil(people / PEOPLE_A_DEPARTMENT);
  await db.execute(sql`
    insert into departments (id, code, name, parent_id, created_at)
    select gen_random_uuid(), 'D' || n, '部门 ' || n, null, now() from generate_series(0, ${departments - 1}) n`);
  for (let from = 0; from < people; from += PEOPLE_A_STATEMENT)
    await hire(db, from, Math.min(people, from + PEOPLE_A_STATEMENT), departments);
  const campaign = await campaignOfYear(db);
  const { rows } = await db.execute<{ id: string }>(
    sql`select id from employees where number like 'Y%' order by number`,
  );
  return { campaign, ids: rows.map(({ id }) => id) };
}

async function hire(db: Db, from: number, to: number, departments: number): Promise<void> {
  const all = Array.from({ length: to - from }, (_, index) => from + index);
  const people = all.map((n) => ({
    number: numberOf(n),
    zone: homeOf(n),
    channel: channelOf(n),
    joined: joins(n) ? dates.joins : '2020-01-06',
    gone: leaves(n) ? dates.lastDay : null,
  }));
  await db.execute(sql`
    with hired as (
      insert into employees (id, number, name, locale, zone, level, joined_on, left_on, created_at)
      select gen_random_uuid(), number, '员工' || number, 'zh-CN', zone, 'beginner', joined, gone, now()
      from json_to_recordset(${JSON.stringify(people)}::json) as s(number text, zone text, joined date, gone date)
      returning id, number
    )
    insert into identities (channel, account, platform_id, employee_id)
    select s.channel, 'app', h.number, h.id from hired h
    join json_to_recordset(${JSON.stringify(people)}::json) as s(number text, channel text) using (number)`);
  const posts = all.flatMap((n) => postsOf(n, departments).map((post) => ({ number: numberOf(n), ...post })));
  await db.execute(sql`
    insert into memberships (id, employee_id, department_id, main, from_day, to_day)
    select gen_random_uuid(), e.id, d.id, true, s.first, s.last
    from json_to_recordset(${JSON.stringify(posts)}::json) as s(number text, code text, first date, last date)
    join employees e on e.number = s.number join departments d on d.code = s.code`);
  const zones = all.flatMap((n) => zonesOf(n).map((zone) => ({ number: numberOf(n), ...zone })));
  await db.execute(sql`
    insert into employee_zones (employee_id, since, zone)
    select e.id, s.since, s.zone
    from json_to_recordset(${JSON.stringify(zones)}::json) as s(number text, since timestamptz, zone text)
    join employees e on e.number = s.number`);
}

/** Both days included; null as the last one while it lasts. */
function postsOf(n: number, departments: number): { code: string; first: string; last: string | null }[] {
  const own = Math.floor(n / PEOPLE_A_DEPARTMENT);
  const end = leaves(n) ? dates.lastDay : null;
  const first = joins(n) ? dates.joins : '2020-01-06';
  const code = `D${own}`;
  const dayBefore = (day: string) => Temporal.PlainDate.from(day).subtract({ days: 1 }).toString();
  if (moves(n))
    return [
      { code, first, last: dayBefore(dates.moves) },
      { code: `D${(own + 1) % departments}`, first: dates.moves, last: end },
    ];
  if (returns(n))
    return [
      { code, first, last: away.lastDay },
      { code, first: away.backOn, last: end },
    ];
  return [{ code, first, last: end }];
}

function zonesOf(n: number): { since: string; zone: string }[] {
  const home = { since: '2020-01-06T00:00:00Z', zone: homeOf(n) };
  if (!travels(n)) return [home];
  const at = (day: string, time: string) =>
    Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(homeOf(n)).toInstant().toString();
  const back = Temporal.PlainDate.from(trip.to).add({ days: 1 }).toString();
  return [
    home,
    { since: at(trip.leaves, '12:00'), zone: abroadOf(n) },
    { since: at(back, '00:00'), zone: homeOf(n) },
  ];
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
    points: { checkIn: 0 },
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
