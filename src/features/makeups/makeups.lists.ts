import { sql } from 'drizzle-orm';
import { instantFromSql } from '../../kernel/columns.ts';
import type { Db } from '../../kernel/db.ts';
import type { MakeupView } from './makeups.api.ts';

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
    select m.*, c.key as campaign_key, e.number, e.name, own.code, own.name as department
    from (
      select r.id, 'make-up' as kind, r.campaign_id, r.employee_id, r.day, r.reason, r.approver,
             coalesce(d.outcome, 'open') as state, r.at, d.by as decided_by, d.at as decided_at, d.reason as decided_reason
      from makeup_requests r left join makeup_decisions d on d.request_id = r.id
      union all
      select b.id, 'earn-back', b.campaign_id, b.employee_id, b.day, '', 'nobody', 'approved', b.at, 'rule', b.at, null
      from earn_backs b
    ) m
    join campaigns c on c.id = m.campaign_id
    join employees e on e.id = m.employee_id
    left join lateral (
      select d.id, d.code, d.name from memberships w join departments d on d.id = w.department_id
      where w.employee_id = m.employee_id and w.main and w.from_day <= m.day and (w.to_day is null or w.to_day >= m.day)
      order by w.from_day desc limit 1
    ) own on true
    where ${id === undefined ? sql`true` : sql`m.id = ${id}`}
      and ${state === undefined ? sql`true` : sql`m.state = ${state}`}
      and ${employeeId === undefined ? sql`true` : sql`m.employee_id = ${employeeId}`}
      and ${departmentIds === undefined ? sql`true` : sql`own.id = any(${sql.param([...departmentIds])}::uuid[])`}
      and ${before === undefined ? sql`true` : sql`m.id < ${before}`}
    order by m.id desc limit ${query.limit}`);
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
