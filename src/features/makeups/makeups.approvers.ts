import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Approver } from './makeups.tables.ts';

/**
 * Who may say yes to this person, never the person: the liaisons of their department and of those above it, or all of
 * HR. Where the rule asks for a liaison and there is none, HR decides.
 */
export async function approversOf(
  tx: Db,
  { employeeId, approver, day }: { employeeId: string; approver: Approver; day: Temporal.PlainDate },
): Promise<string[]> {
  if (approver === 'nobody') return [];
  const on = day.toString();
  if (approver === 'liaison') {
    const { rows } = await tx.execute<{ id: string }>(sql`
      with recursive above (id, parent_id) as (
        select d.id, d.parent_id from memberships m join departments d on d.id = m.department_id
        where m.employee_id = ${employeeId} and m.main and m.from_day <= ${on} and (m.to_day is null or m.to_day >= ${on})
        union select d.id, d.parent_id from departments d join above on d.id = above.parent_id
      )
      select distinct r.employee_id as id from employee_roles r join above on above.id = r.department_id
      join employees e on e.id = r.employee_id and (e.left_on is null or e.left_on >= ${on})
      where r.role = 'liaison' and r.from_day <= ${on} and (r.to_day is null or r.to_day >= ${on})
        and r.employee_id <> ${employeeId}`);
    if (rows.length > 0) return rows.map(({ id }) => id);
  }
  const { rows } = await tx.execute<{ id: string }>(sql`
    select distinct r.employee_id as id from employee_roles r
    join employees e on e.id = r.employee_id and (e.left_on is null or e.left_on >= ${on})
    where r.role = 'hr' and r.from_day <= ${on} and (r.to_day is null or r.to_day >= ${on})
      and r.employee_id <> ${employeeId}`);
  return rows.map(({ id }) => id);
}
