import { type SQL, sql } from 'drizzle-orm';
import { harmless, type Period } from './reports.rules.ts';
import type { Column } from './reports.table.ts';
import type { ZonePeriod } from './reports.zones.ts';

/** One person in one campaign; without a campaign for whoever was employed and in none. */
export type SummaryRow = {
  employee_id: string;
  number: string;
  name: string;
  /** The main department on the person's last day in the period. */
  department: string | null;
  campaign: string | null;
  rule: string | null;
  /** First and last days of the stretches in the company, ISO; null when they fill the period. */
  stretches: [string, string][] | null;
  due: number;
  counted: number;
  current: number;
  best: number;
  /** Workdays over which nothing is due. */
  excused: number;
  tapped: number;
  declared: number;
  read: number;
  answered: number;
  used: number;
  /** Days that count by a correction: made up, earned back, appealed. */
  corrected: number;
  points: number;
};

/**
 * The summary of a period, from the evidence alone, so that a closed period reads the same for ever.
 *
 * Days are sets (multiranges): those in the company come from the memberships, because a rejoiner's `joined_on` and
 * `left_on` know only the last stretch; those in a campaign are these, cut by its audience and its dates. Workdays in
 * a stretch are the difference of two ordinals of the campaign's frozen calendar; excused ones that do not count leave
 * it. The last correction of a day is stronger than its check-in. A day that is not over in the
 * person's zone is due only once it is done. Streaks look at all check-ins since the campaign began, up to the period's
 * end, and "current" is as seen on the person's last day in campaign and period.
 */
export function summaryQuery({ from, to }: Period, zones: readonly ZonePeriod[]): SQL {
  const [first, last] = [sql`${from.toString()}::date`, sql`${to.toString()}::date`];
  return sql`
    with recursive zones as materialized (
      select * from json_to_recordset(${JSON.stringify(zones)}::json)
        as z(zone text, over date, starts timestamptz, ends timestamptz)
    ), running as materialized (
      select id, name, key, starts_on, ends_on, audience,
             datemultirange(daterange(starts_on, ends_on, '[]')) * datemultirange(daterange(${first}, ${last}, '[]')) as days
      from campaigns where starts_on <= ${last} and ends_on >= ${first}
    ), audience_departments (campaign_id, department_id) as (
      select r.id, d.id from running r join departments d
        on jsonb_typeof(r.audience) = 'object' and r.audience -> 'departments' ? d.code
      union
      select a.campaign_id, d.id from audience_departments a join departments d on d.parent_id = a.department_id
    ), belonging as (
      select employee_id,
             range_agg(daterange(from_day, to_day, '[]')) filter (where coalesce(to_day, from_day) >= from_day) as days
      from memberships group by employee_id
    ), employed as (
      select e.id, e.number, e.name, coalesce(z.over, ${last}) as over, datemultirange(daterange(${first}, ${last}, '[]')) * case
          when e.left_on < e.joined_on and b.employee_id is null then '{}'::datemultirange
          when b.employee_id is null then datemultirange(daterange(e.joined_on, e.left_on, '[]'))
          else coalesce(b.days, '{}') * datemultirange(daterange(null, e.left_on, '[]'))
        end as days
      from employees e left join belonging b on b.employee_id = e.id left join zones z on z.zone = e.zone
    ), held as materialized (
      select distinct on (k.campaign_id, k.employee_id, k.day) k.campaign_id, k.employee_id, k.day,
             k.effect = 'counts' and k.cause <> 'revoked' as counts
      from day_corrections k
      where k.campaign_id in (select id from running) and k.day <= ${last}
      order by k.campaign_id, k.employee_id, k.day, k.id desc
    ), counted as (
      select c.campaign_id, c.employee_id, c.day, c.grade from checkins c
      where c.campaign_id in (select id from running) and c.day <= ${last} and not exists (
        select 1 from held h
        where h.campaign_id = c.campaign_id and h.employee_id = c.employee_id and h.day = c.day)
      union all
      select h.campaign_id, h.employee_id, h.day, 'corrected' from held h where h.counts
    ), away as materialized (
      select d.campaign_id, x.employee_id, x.day, d.ordinal
      from campaign_days d join excused_days x on x.day = d.day
      where d.campaign_id in (select id from running) and d.workday and d.day <= ${last} and not exists (
        select 1 from checkins c
        where c.campaign_id = d.campaign_id and c.employee_id = x.employee_id and c.day = x.day and not exists (
          select 1 from held h
          where h.campaign_id = c.campaign_id and h.employee_id = c.employee_id and h.day = c.day))
        and not exists (
          select 1 from held h
          where h.campaign_id = d.campaign_id and h.employee_id = x.employee_id and h.day = x.day and h.counts)
    ), excused as (
      select campaign_id, employee_id, array_agg(day order by day) as days, array_agg(ordinal) as ordinals
      from away group by campaign_id, employee_id
    ), numbered as (
      select campaign_id, employee_id, day, grade, ordinal,
             ordinal - row_number() over (partition by campaign_id, employee_id order by day) as run
      from (
        select c.campaign_id, c.employee_id, c.day, c.grade, d.ordinal
        from counted c join campaign_days d on d.campaign_id = c.campaign_id and d.day = c.day
        union all
        select a.campaign_id, a.employee_id, a.day, null, a.ordinal from away a
      ) days
    ), runs as (
      select campaign_id, employee_id, count(*)::int as length, max(ordinal) as ordinal,
             count(*) filter (where day >= ${first}) as counted,
             count(*) filter (where day >= ${first} and grade = 'tap') as tapped,
             count(*) filter (where day >= ${first} and grade = 'self-declared') as declared,
             count(*) filter (where day >= ${first} and grade = 'read') as read,
             count(*) filter (where day >= ${first} and grade = 'answered') as answered,
             count(*) filter (where day >= ${first} and grade = 'usage') as used,
             count(*) filter (where day >= ${first} and grade = 'corrected') as corrected,
             max(day) as last_day
      from numbered where grade is not null group by campaign_id, employee_id, run
    ), evidence as (
      select campaign_id, employee_id, max(length) as best, (array_agg(length order by ordinal desc))[1] as length,
             max(ordinal) as ordinal, max(last_day) as last_day, sum(counted)::int as counted,
             sum(tapped)::int as tapped, sum(declared)::int as declared, sum(read)::int as read,
             sum(answered)::int as answered, sum(used)::int as used, sum(corrected)::int as corrected
      from runs group by campaign_id, employee_id
    ), points as (
      select p.campaign_id, p.account_id as employee_id, sum(p.amount)::int as points
      from point_entries p
      where p.account_kind = 'employee' and p.reason <> 'expiry' and ${earnedWithin(first, last)}
      group by p.campaign_id, p.account_id
    ), audience as (
      select a.campaign_id, m.employee_id,
             range_agg(daterange(m.from_day, m.to_day, '[]')) filter (where coalesce(m.to_day, m.from_day) >= m.from_day) as days
      from (select distinct campaign_id, department_id from audience_departments) a
      join memberships m on m.department_id = a.department_id
      group by a.campaign_id, m.employee_id
    ), parts as (
      select e.id as employee_id, r.id as campaign_id, e.days * r.days as days
      from employed e cross join running r where r.audience = '"everyone"'
      union all
      select e.id, r.id, e.days * r.days * a.days
      from audience a join employed e on e.id = a.employee_id join running r on r.id = a.campaign_id
    ), joined as (
      select coalesce(p.employee_id, v.employee_id) as employee_id, coalesce(p.campaign_id, v.campaign_id) as campaign_id,
             coalesce(p.days, '{}') as days, v.best, v.length, v.ordinal, v.last_day, v.counted, v.tapped, v.declared,
             v.read, v.answered, v.used, v.corrected
      from (select * from parts where not isempty(days)) p
      full join evidence v on v.employee_id = p.employee_id and v.campaign_id = p.campaign_id
      where not isempty(coalesce(p.days, '{}')) or v.counted > 0
    ), rules as (
      select d.campaign_id, left(md5(string_agg(d.day || case when d.workday then '+' else '-' end, '' order by d.day)), 8) as hash
      from campaign_days d where d.campaign_id in (select id from running) and d.day <= ${last}
      group by d.campaign_id
    )
    select e.id as employee_id, e.number, e.name, dept.name as department, r.name as campaign,
           r.key || '@' || rules.hash as rule,
           case when e.days <> datemultirange(daterange(${first}, ${last}, '[]')) then (
             select json_agg(json_build_array(lower(s), upper(s) - 1) order by s) from unnest(e.days) as s
           ) end as stretches,
           coalesce((
             select sum(${ordinalOn(sql`least(upper(s) - 1, e.over)`)} - ${ordinalOn(sql`lower(s) - 1`)})::int
             from unnest(j.days) as s where lower(s) <= e.over
           ), 0) + case when j.last_day > e.over and j.days @> j.last_day then 1 else 0 end - coalesce(free.days, 0) as due,
           coalesce(free.days, 0) as excused, coalesce(j.counted, 0) as counted,
           case when seen.ordinal - coalesce((
               select count(*) from unnest(x.ordinals) o where o > j.ordinal and o <= seen.ordinal
             ), 0) > j.ordinal then 0 else coalesce(j.length, 0) end as current,
           coalesce(j.best, 0) as best, coalesce(j.tapped, 0) as tapped, coalesce(j.declared, 0) as declared,
           coalesce(j.read, 0) as read, coalesce(j.answered, 0) as answered, coalesce(j.used, 0) as used,
           coalesce(j.corrected, 0) as corrected, coalesce(points.points, 0) as points
    from employed e
    left join joined j on j.employee_id = e.id
    left join running r on r.id = j.campaign_id
    left join rules on rules.campaign_id = r.id
    left join excused x on x.campaign_id = j.campaign_id and x.employee_id = j.employee_id
    left join lateral (
      select count(*)::int as days from unnest(x.days) as d(day)
      where d.day between ${first} and e.over and j.days @> d.day
    ) free on true
    left join lateral (
      select ${ordinalOn(sql`least(upper(j.days) - 1, e.over, ${last}, r.ends_on)`)} as ordinal
    ) seen on true
    left join points on points.campaign_id = j.campaign_id and points.employee_id = e.id
    left join lateral (
      select m.department_id from memberships m
      where m.employee_id = e.id and m.main and m.from_day <= coalesce(upper(e.days) - 1, ${last})
      order by m.from_day desc limit 1
    ) post on true
    left join departments dept on dept.id = post.department_id
    where not isempty(e.days) or j.campaign_id is not null
    order by e.number, r.starts_on, r.id`;
}

/** The ordinal of the workday on or before `day` in the calendar of row `j`; 0 before the campaign. */
function ordinalOn(day: SQL): SQL {
  return sql`coalesce((select o.ordinal from campaign_days o where o.campaign_id = j.campaign_id and o.day = ${day}), 0)`;
}

/**
 * Whether entry `p` was earned on a day of the period, in the zone that was the person's at that moment. Only near the
 * ends of the period does the zone matter: days begin from 14 hours before to 12 hours after midnight in Greenwich.
 */
function earnedWithin(first: SQL, last: SQL): SQL {
  const [start, end] = [
    sql`(${first}::timestamp at time zone 'UTC')`,
    sql`((${last} + 1)::timestamp at time zone 'UTC')`,
  ];
  return sql`
    p.at >= ${start} - interval '14 hours' and p.at < ${end} + interval '12 hours'
    and ((p.at >= ${start} + interval '12 hours' and p.at < ${end} - interval '14 hours') or exists (
      select 1 from zones z
      where z.starts <= p.at and p.at < z.ends and z.zone = coalesce(
        (select h.zone from employee_zones h where h.employee_id = p.account_id and h.since <= p.at
         order by h.since desc limit 1),
        (select e.zone from employees e where e.id = p.account_id))))`;
}

export const summaryColumns: readonly Column<SummaryRow>[] = [
  { heading: '工号', kind: 'text', width: 22, of: ({ number }) => harmless(number) },
  { heading: '姓名', kind: 'text', width: 14, of: ({ name }) => harmless(name) },
  { heading: '部门', kind: 'text', width: 22, of: ({ department }) => harmless(department ?? '') },
  { heading: '在职期间', kind: 'text', width: 25, of: ({ stretches }) => stretchesInWords(stretches) },
  { heading: '活动', kind: 'text', width: 26, of: ({ campaign }) => harmless(campaign ?? '') },
  { heading: '应打卡天数', kind: 'count', width: 12, of: ({ due }) => due },
  { heading: '免打卡天数', kind: 'count', width: 12, of: ({ excused }) => excused },
  { heading: '打卡天数', kind: 'count', width: 10, of: ({ counted }) => counted },
  {
    heading: '打卡率',
    kind: 'share',
    width: 10,
    of: ({ due, counted }) => (due === 0 ? null : share(counted, due)),
  },
  { heading: '期末连续', kind: 'count', width: 10, of: ({ current }) => current },
  { heading: '最长连续', kind: 'count', width: 10, of: ({ best }) => best },
  { heading: '点按', kind: 'count', width: 8, of: ({ tapped }) => tapped },
  { heading: '自述', kind: 'count', width: 8, of: ({ declared }) => declared },
  { heading: '阅读', kind: 'count', width: 8, of: ({ read }) => read },
  { heading: '答题', kind: 'count', width: 8, of: ({ answered }) => answered },
  { heading: '使用', kind: 'count', width: 8, of: ({ used }) => used },
  { heading: '补记', kind: 'count', width: 8, of: ({ corrected }) => corrected },
  { heading: '积分', kind: 'count', width: 10, of: ({ points }) => points },
  { heading: '规则', kind: 'text', width: 34, of: ({ rule }) => harmless(rule ?? '') },
];

function share(counted: number, due: number): number {
  return Math.round((counted / due) * 10_000) / 10_000;
}

/** Empty for whoever was there throughout: what stands out is worth reading. */
function stretchesInWords(stretches: SummaryRow['stretches']): string {
  return (stretches ?? []).map(([from, to]) => (from === to ? from : `${from} 至 ${to}`)).join('；');
}
