import { type SQL, sql } from 'drizzle-orm';
import type { Scope } from '../../kernel/permissions.ts';
import { isoOf, type Temporal } from '../../kernel/time.ts';
import type { Behaviour, Definition } from './audiences.api.ts';

const joined = (parts: readonly Definition[], by: SQL, at: SQL): SQL =>
  sql`(${sql.join(
    parts.map((part) => fits(part, at)),
    by,
  )})`;

/** That the employee `e` fits, on their own day `e.today`. */
function fits(definition: Definition, at: SQL): SQL {
  if ('all' in definition) return joined(definition.all, sql` and `, at);
  if ('any' in definition) return joined(definition.any, sql` or `, at);
  if ('not' in definition) return sql`not (${fits(definition.not, at)})`;
  if ('everyone' in definition) return sql`true`;
  if ('department' in definition) return inDepartment(definition.department, at);
  if ('role' in definition) {
    return sql`exists (select 1 from employee_roles r where r.employee_id = e.id and r.role = ${definition.role}
      and ${holds('r')})`;
  }
  if ('tag' in definition)
    return sql`exists (select 1 from employee_tags t where t.employee_id = e.id and t.tag = ${definition.tag})`;
  if ('platform' in definition)
    return sql`exists (select 1 from identities i where i.employee_id = e.id and i.channel = ${definition.platform})`;
  if ('level' in definition) return sql`e.level = ${definition.level}`;
  return checkedIn(definition.checkins, at);
}

/** A second post in the department counts as well: it is where people work. */
function inDepartment(code: string, at: SQL): SQL {
  return sql`e.id in (
    with recursive below (id) as (
      select id from departments where code = ${code}
      union select d.id from departments d join below on d.parent_id = below.id)
    select m.employee_id from memberships m join employees own on own.id = m.employee_id
    where m.department_id in (select id from below) and ${holds('m', sql`(${at} at time zone own.zone)::date`)})`;
}

function holds(period: string, day: SQL = sql`e.today`): SQL {
  const row = sql.raw(period);
  return sql`${row}.from_day <= ${day} and (${row}.to_day is null or ${row}.to_day >= ${day})`;
}

/**
 * Found in one pass over the check-ins of those days, rather than person by person. One campaign has a row a day and
 * person, so that rows are days; with several, a day counts once.
 */
function checkedIn({ campaign, lastDays, atLeast, atMost }: Behaviour, at: SQL): SQL {
  const which =
    campaign === undefined
      ? sql`select id from campaigns`
      : sql`select id from campaigns where key = ${campaign}`;
  const isOne = campaign === undefined ? sql`(select count(*) from campaigns) = 1` : sql`true`;
  const utc = sql`(${at} at time zone 'UTC')::date`;
  // A day is the person's own; nobody's is further than a day from that of UTC.
  const days = sql`
    from checkins c
    join (select id, (${at} at time zone zone)::date as today from employees offset 0) own on own.id = c.employee_id
    where c.campaign_id in (${which})
      and c.day > ${utc} - ${lastDays + 1}::int and c.day <= ${utc} + 1
      and c.day > own.today - ${lastDays}::int and c.day <= own.today`;
  const who = (than: SQL): SQL => sql`e.id in (
    select c.employee_id ${days} and (${isOne}) group by c.employee_id having count(*) ${than}
    union all
    select t.employee_id from (select distinct c.employee_id, c.day ${days} and not (${isOne})) t
    group by t.employee_id having count(*) ${than})`;
  const bounds = [
    ...(atLeast === undefined ? [] : [atLeast === 0 ? sql`true` : who(sql`>= ${atLeast}`)]),
    ...(atMost === undefined ? [] : [sql`not (${who(sql`> ${atMost}`)})`]),
  ];
  return sql`(${sql.join(bounds, sql` and `)})`;
}

/**
 * `id` and `number` of the employed people who fit at `at` and whose main department is in the scope; as a query, so
 * that a caller counts, samples or inserts without carrying ids around.
 */
export function peopleWho(definition: Definition, at: Temporal.Instant, scope: Scope = 'everyone'): SQL {
  const moment = sql`${isoOf(at)}::timestamptz`;
  const mine =
    scope === 'everyone'
      ? sql`true`
      : sql`exists (select 1 from memberships m where m.employee_id = e.id and m.main and ${holds('m')}
          and m.department_id = any(${sql.param([...scope])}::uuid[]))`;
  return sql`
    select e.id, e.number, e.name, e.today
    from (select ${moment} as at) now_at
    cross join lateral (
      select p.*, (now_at.at at time zone p.zone)::date as today from employees p) e
    where (e.joined_on is null or e.joined_on <= e.today) and (e.left_on is null or e.left_on >= e.today)
      and ${mine} and ${fits(definition, moment)}`;
}
