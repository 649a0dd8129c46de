import { type SQL, sql } from 'drizzle-orm';
import { instantFromSql } from '../../kernel/columns.ts';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import type { CheckinView } from './checkins.api.ts';
import type { EvidenceGrade } from './checkins.schema.ts';

interface Whose {
  campaignId: string | undefined;
  employeeId: string | undefined;
  /** Ids: only people whose main department is one of these. */
  departmentIds: readonly string[] | undefined;
  limit: number;
}

/** Joins the main department of `employee` on `day` as `own (id, code, name)`, all null for nobody's. */
function mainDepartment(employee: SQL, day: SQL): SQL {
  return sql`left join lateral (
    select d.id, d.code, d.name from memberships m join departments d on d.id = m.department_id
    where m.employee_id = ${employee} and m.main and m.from_day <= ${day}
      and (m.to_day is null or m.to_day >= ${day})
    order by m.from_day desc limit 1) own on true`;
}

/** The first condition lets PostgreSQL begin with the few people who were ever there; the second one decides. */
function within(departmentIds: readonly string[], employee: SQL): SQL {
  const ids = sql`${sql.param([...departmentIds])}::uuid[]`;
  return sql`${employee} in (select employee_id from memberships where main and department_id = any(${ids}))
    and own.id = any(${ids})`;
}

/** Whether one of these was the main department on the day of check-in `c`. */
function onTheDay(departmentIds: readonly string[]): SQL {
  return sql`(select m.department_id from memberships m
    where m.employee_id = c.employee_id and m.main and m.from_day <= c.day
      and (m.to_day is null or m.to_day >= c.day)
    order by m.from_day desc limit 1) = any(${sql.param([...departmentIds])}::uuid[])`;
}

const FEW_PEOPLE = 1_000;

/** Whether at most so many people were ever in these departments. */
async function areFew(tx: Db, departmentIds: readonly string[]): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    select 1 from memberships where main and department_id = any(${sql.param([...departmentIds])}::uuid[])
    offset ${FEW_PEOPLE} limit 1`);
  return rows.length === 0;
}

function allOf(conditions: readonly (SQL | undefined)[]): SQL {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? sql`true` : sql.join(given, sql` and `);
}

const when = <Value>(value: Value | undefined, condition: (value: Value) => SQL): SQL | undefined =>
  value === undefined ? undefined : condition(value);

type PersonRow = {
  campaign_id: string;
  campaign_key: string;
  employee_id: string;
  number: string;
  name: string;
  department_code: string | null;
  department_name: string | null;
};

function personIn(row: PersonRow): Pick<CheckinView, 'campaign' | 'employee'> {
  const { department_code: code, department_name: name } = row;
  return {
    campaign: { id: row.campaign_id, key: row.campaign_key },
    employee: {
      number: row.number,
      name: row.name,
      department: code === null || name === null ? null : { code, name },
    },
  };
}

export interface CheckinPosition {
  campaignId: string;
  day: string;
  employeeId: string;
}

const NEWEST = sql`c.campaign_id desc, c.day desc, c.employee_id desc`;

function newest(from: SQL, where: SQL, limit: number): SQL {
  return sql`select c.* from ${from} where ${where} order by ${NEWEST} limit ${limit}`;
}

/**
 * The newest check-ins of people who were in these departments on the day. Few people: theirs are put in order and
 * looked at until the page is full. Many: all check-ins are gone through in order, because soon one of theirs comes.
 */
async function newestWithin(
  tx: Db,
  departmentIds: readonly string[],
  where: SQL,
  limit: number,
): Promise<SQL> {
  const belongs = onTheDay(departmentIds);
  if (!(await areFew(tx, departmentIds))) return newest(sql`checkins c`, sql`${where} and ${belongs}`, limit);
  const theirs = sql`(
    select c.* from (
      select distinct employee_id from memberships
      where main and department_id = any(${sql.param([...departmentIds])}::uuid[])
    ) theirs
    cross join campaigns k join checkins c on c.campaign_id = k.id and c.employee_id = theirs.employee_id
    where ${where} order by ${NEWEST} offset 0) c`;
  return newest(theirs, belongs, limit);
}

/** Check-ins, the newest campaign and day first; each with its position for the next page. */
export async function checkinsBefore(
  tx: Db,
  query: Whose & { from: string | undefined; to: string | undefined; after: CheckinPosition | undefined },
): Promise<{ position: CheckinPosition; view: CheckinView }[]> {
  const where = allOf([
    when(query.campaignId, (id) => sql`c.campaign_id = ${id}`),
    when(query.employeeId, (id) => sql`c.employee_id = ${id}`),
    when(query.from, (day) => sql`c.day >= ${day}`),
    when(query.to, (day) => sql`c.day <= ${day}`),
    when(
      query.after,
      ({ campaignId, day, employeeId }) =>
        sql`(c.campaign_id, c.day, c.employee_id) < (${campaignId}::uuid, ${day}::date, ${employeeId}::uuid)`,
    ),
  ]);
  const found =
    query.departmentIds === undefined
      ? newest(sql`checkins c`, where, query.limit)
      : await newestWithin(tx, query.departmentIds, where, query.limit);
  const { rows } = await tx.execute<
    PersonRow & {
      day: string;
      at: string;
      received_at: string;
      zone: string;
      grade: EvidenceGrade;
      channel: string;
      tip_key: string | null;
      tip_title: string | null;
    }
  >(sql`
    with found as materialized (${found})
    select c.campaign_id, p.key as campaign_key, c.employee_id, e.number, e.name,
           own.code as department_code, own.name as department_name,
           c.day, c.at, c.received_at, c.zone, c.grade, c.channel, t.key as tip_key, t.title as tip_title
    from found c
    join campaigns p on p.id = c.campaign_id
    join employees e on e.id = c.employee_id
    left join tips t on t.id = c.tip_id
    ${mainDepartment(sql`c.employee_id`, sql`c.day`)}
    order by c.campaign_id desc, c.day desc, c.employee_id desc`);
  return rows.map((row) => ({
    position: { campaignId: row.campaign_id, day: row.day, employeeId: row.employee_id },
    view: {
      ...personIn(row),
      day: row.day,
      at: instantFromSql(row.at).toString(),
      receivedAt: instantFromSql(row.received_at).toString(),
      zone: row.zone,
      grade: row.grade,
      channel: row.channel,
      tip: row.tip_key === null || row.tip_title === null ? null : { key: row.tip_key, title: row.tip_title },
    },
  }));
}

export interface StreakPosition {
  campaignId: string;
  employeeId: string;
}

export interface StreakRow extends Pick<CheckinView, 'campaign' | 'employee'> {
  position: StreakPosition;
  /** Where the person lives today. */
  zone: string;
  current: number;
  best: number;
  counted: number;
  lastDay: Temporal.PlainDate;
}

/** Streaks as they are stored, the newest campaign first; departments are those of `day`. */
export async function streaksBefore(
  tx: Db,
  query: Whose & { day: Temporal.PlainDate; after: StreakPosition | undefined },
): Promise<StreakRow[]> {
  const where = allOf([
    when(query.campaignId, (id) => sql`s.campaign_id = ${id}`),
    when(query.employeeId, (id) => sql`s.employee_id = ${id}`),
    when(query.departmentIds, (ids) => within(ids, sql`s.employee_id`)),
    when(
      query.after,
      ({ campaignId, employeeId }) =>
        sql`(s.campaign_id, s.employee_id) < (${campaignId}::uuid, ${employeeId}::uuid)`,
    ),
  ]);
  const { rows } = await tx.execute<
    PersonRow & { zone: string; current: number; best: number; counted: number; last_day: string }
  >(sql`
    select s.campaign_id, p.key as campaign_key, s.employee_id, e.number, e.name, e.zone,
           own.code as department_code, own.name as department_name, s.current, s.best, s.counted, s.last_day
    from streaks s
    join campaigns p on p.id = s.campaign_id
    join employees e on e.id = s.employee_id
    ${mainDepartment(sql`s.employee_id`, sql`${query.day.toString()}::date`)}
    where ${where}
    order by s.campaign_id desc, s.employee_id desc
    limit ${query.limit}`);
  return rows.map((row) => ({
    ...personIn(row),
    position: { campaignId: row.campaign_id, employeeId: row.employee_id },
    zone: row.zone,
    current: row.current,
    best: row.best,
    counted: row.counted,
    lastDay: Temporal.PlainDate.from(row.last_day),
  }));
}
