import { type SQL, sql } from 'drizzle-orm';
import type { Audience } from '../campaigns/campaigns.schema.ts';
import type { IsoDay, PackagePerson } from '../performance/index.ts';

/** One person of a campaign, with everything that decides about them in the days asked for. */
export type ParticipantRow = {
  employee_id: string;
  number: string;
  name: string;
  zone: string;
  department_code: string | null;
  department: string | null;
  stretches: PackagePerson['stretches'];
  evidence: PackagePerson['evidence'] | null;
  corrections: PackagePerson['corrections'] | null;
  excusals: PackagePerson['excusals'] | null;
};

export interface ParticipantsOf {
  campaign: { id: string; audience: Audience };
  from: IsoDay;
  to: IsoDay;
  /** Only these people; everybody unless given. */
  employeeIds?: readonly string[];
}

/**
 * Everybody who took part in the campaign on a day from first to last, in the order of their numbers, whatever the
 * language of the database. Days in the company come from the memberships, because a rejoiner's `joined_on` and `left_on`
 * know only the last stretch; days in the campaign are these, cut by its audience: as in the summary of check-ins.
 */
export function participantsQuery({ campaign, from, to, employeeIds }: ParticipantsOf): SQL {
  const [first, last] = [sql`${from}::date`, sql`${to}::date`];
  const whole = sql`datemultirange(daterange(${first}, ${last}, '[]'))`;
  const codes = campaign.audience === 'everyone' ? [] : campaign.audience.departments;
  const only = (column: SQL): SQL =>
    employeeIds === undefined ? sql`true` : sql`${column} = any(${sql.param([...employeeIds])}::uuid[])`;
  return sql`
    with recursive covered (department_id) as (
      select d.id from departments d where d.code = any(${sql.param([...codes])}::text[])
      union
      select d.id from covered c join departments d on d.parent_id = c.department_id
    ), belonging as (
      select employee_id,
             range_agg(daterange(from_day, to_day, '[]')) filter (where coalesce(to_day, from_day) >= from_day) as days
      from memberships where ${only(sql`employee_id`)} group by employee_id
    ), employed as (
      select e.id, e.number, e.name, e.zone, ${whole} * case
          when e.left_on < e.joined_on and b.employee_id is null then '{}'::datemultirange
          when b.employee_id is null then datemultirange(daterange(e.joined_on, e.left_on, '[]'))
          else coalesce(b.days, '{}') * datemultirange(daterange(null, e.left_on, '[]'))
        end as days
      from employees e left join belonging b on b.employee_id = e.id
      where ${only(sql`e.id`)}
    ), audience as (
      select m.employee_id,
             range_agg(daterange(m.from_day, m.to_day, '[]')) filter (where coalesce(m.to_day, m.from_day) >= m.from_day) as days
      from (select distinct department_id from covered) c
      join memberships m on m.department_id = c.department_id
      where ${only(sql`m.employee_id`)}
      group by m.employee_id
    ), parts as (
      select e.id, e.number, e.name, e.zone, e.days as employed,
             ${campaign.audience === 'everyone' ? sql`e.days` : sql`e.days * a.days`} as days
      from employed e ${campaign.audience === 'everyone' ? sql`` : sql`join audience a on a.employee_id = e.id`}
    ), shown as (
      select employee_id, json_agg(json_build_array(day, kind, acted, heard, source) order by day, kind, source, heard) as evidence
      from (
        select employee_id, day, case grade when 'self-declared' then 'declared' when 'answered' then 'question' else grade end as kind,
               ${iso(sql`at`)} as acted, ${iso(sql`received_at`)} as heard, channel as source
        from task_completions
        where campaign_id = ${campaign.id} and day between ${first} and ${last} and ${only(sql`employee_id`)}
        union all
        select employee_id, day, 'usage', null, ${iso(sql`received_at`)}, source
        from usage_days where day between ${first} and ${last} and ${only(sql`employee_id`)}
      ) pieces group by employee_id
    ), corrected as (
      select employee_id, json_agg(json_build_array(day, effect, cause, ${iso(sql`at`)}, id) order by id) as corrections
      from day_corrections
      where campaign_id = ${campaign.id} and day between ${first} and ${last} and ${only(sql`employee_id`)}
      group by employee_id
    ), let_off as (
      select employee_id, json_agg(json_build_array(day, reason, excusal_id) order by day) as excusals
      from excused_days where day between ${first} and ${last} and ${only(sql`employee_id`)}
      group by employee_id
    )
    select p.id as employee_id, p.number, p.name, p.zone, d.code as department_code, d.name as department,
           (select json_agg(json_build_array(lower(s), upper(s) - 1) order by s) from unnest(p.days) as s) as stretches,
           shown.evidence, corrected.corrections, let_off.excusals
    from parts p
    left join shown on shown.employee_id = p.id
    left join corrected on corrected.employee_id = p.id
    left join let_off on let_off.employee_id = p.id
    left join lateral (
      select m.department_id from memberships m
      where m.employee_id = p.id and m.main and m.from_day <= upper(p.employed) - 1
      order by m.from_day desc limit 1
    ) post on true
    left join departments d on d.id = post.department_id
    where not isempty(p.days)
    order by p.number collate "C"`;
}

/** ISO in UTC with milliseconds, which is what the platforms tell. */
function iso(column: SQL): SQL {
  return sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

export function personOf(row: ParticipantRow): PackagePerson {
  return {
    number: row.number,
    name: row.name,
    department: row.department_code === null ? null : [row.department_code, row.department ?? ''],
    stretches: row.stretches,
    evidence: row.evidence ?? [],
    corrections: row.corrections ?? [],
    excusals: row.excusals ?? [],
  };
}
