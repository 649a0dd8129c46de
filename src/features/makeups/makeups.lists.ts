import { type SQL, sql } from 'drizzle-orm';
import { instantFromSql } from '../../kernel/columns.ts';
import type { Db } from '../../kernel/db.ts';
import type { MakeupView } from './makeups.api.ts';

/** The main department of a row's person on its day. */
const mainOn = (row: SQL): SQL => sql`(
  select d.id, d.code, d.name from memberships w join departments d on d.id = w.department_id
  where w.employee_id = ${row}.employee_id and w.main and w.from_day <= ${row}.day
    and (w.to_day is null or w.to_day >= ${row}.day)
  order by w.from_day desc limit 1)`;

/** Make-ups and days earned back, the youngest first; departments are those of the missed day. */
export async function makeupsBefore(
  tx: Db,
  query: {
    id?: string;
    state?: string | undefined;
    employeeId?: string | undefined;
    departmentIds?: readonly string[] | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<MakeupView[]> {
  const { id, state, employeeId, departmentIds, before } = query;
  const theirs = sql.param([...(departmentIds ?? [])]);
  // Each kind is cut to a page before anything is joined; a department's people are few, and found first.
  const youngest = (kind: SQL): SQL => sql`
    select m.* from (${kind}) m
    where ${id === undefined ? sql`true` : sql`m.id = ${id}`}
      and ${state === undefined ? sql`true` : sql`m.state = ${state}`}
      and ${employeeId === undefined ? sql`true` : sql`m.employee_id = ${employeeId}`}
      and ${
        departmentIds === undefined
          ? sql`true`
          : sql`m.employee_id in (select employee_id from memberships where main and department_id = any(${theirs}::uuid[]))
              and (select o.id from ${mainOn(sql`m`)} o) = any(${theirs}::uuid[])`
      }
      and ${before === undefined ? sql`true` : sql`m.id < ${before}`}
    order by m.id desc limit ${query.limit}`;
  const { rows } = await tx.execute<{
    id: string;
    kind: MakeupView['kind'];
    campaign_id: string;
    campaign_key: string;
    number: string;
    name: string;
    code: string | null;
    department: string | null;
    day: string;
    reason: string;
    approver: MakeupView['approver'];
    state: MakeupView['state'];
    at: string;
    decided_by: string | null;
    decided_at: string | null;
    decided_reason: string | null;
  }>(sql`
    with m as materialized (
      select * from (
        (${youngest(sql`
          select r.id, 'make-up' as kind, r.campaign_id, r.employee_id, r.day, r.reason, r.approver,
                 coalesce(d.outcome, 'open') as state, r.at, d.by as decided_by, d.at as decided_at, d.reason as decided_reason
          from makeup_requests r left join makeup_decisions d on d.request_id = r.id`)})
        union all
        (${youngest(sql`
          select b.id, 'earn-back', b.campaign_id, b.employee_id, b.day, '', 'nobody', 'approved' as state, b.at, 'rule', b.at, null
          from earn_backs b`)})
      ) both_kinds order by id desc limit ${query.limit}
    )
    select m.*, c.key as campaign_key, e.number, e.name, own.code, own.name as department
    from m
    join campaigns c on c.id = m.campaign_id
    join employees e on e.id = m.employee_id
    left join lateral ${mainOn(sql`m`)} own on true
    order by m.id desc`);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    campaign: { id: row.campaign_id, key: row.campaign_key },
    employee: {
      number: row.number,
      name: row.name,
      department:
        row.code === null || row.department === null ? null : { code: row.code, name: row.department },
    },
    day: row.day,
    reason: row.reason,
    approver: row.approver,
    state: row.state,
    at: instantFromSql(row.at).toString(),
    decided:
      row.decided_by === null || row.decided_at === null
        ? null
        : { by: row.decided_by, at: instantFromSql(row.decided_at).toString(), reason: row.decided_reason },
  }));
}
