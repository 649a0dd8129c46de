import { sql } from 'drizzle-orm';
import { instantFromSql } from '../../kernel/columns.ts';
import type { Db } from '../../kernel/db.ts';
import type { ExcusalView } from './excusals.api.ts';
import { givenReference } from './excusals.service.ts';

/** Excusals, the youngest first; `before` is the id of the last one on the page before. */
export async function excusalsBefore(
  tx: Db,
  query: {
    id?: string | undefined;
    employeeId?: string | undefined;
    from?: string | undefined;
    to?: string | undefined;
    reason?: string | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<ExcusalView[]> {
  const { id, employeeId, from, to, reason, before } = query;
  const { rows } = await tx.execute<{
    id: string;
    number: string;
    name: string;
    from_day: string;
    to_day: string;
    reason: ExcusalView['reason'];
    source: ExcusalView['source'];
    reference: string;
    incident: string | null;
    note: string | null;
    by: string;
    at: string;
    revoked_by: string | null;
    revoked_at: string | null;
    revoked_note: string | null;
  }>(sql`
    select x.id, e.number, e.name, x.from_day, x.to_day, x.reason, x.source, x.reference, i.number as incident,
           x.note, x.by, x.at, v.by as revoked_by, v.at as revoked_at, v.note as revoked_note
    from excusals x
    join employees e on e.id = x.employee_id
    left join incidents i on i.id = x.incident_id
    left join excusals v on v.revokes = x.id
    where x.revokes is null
      and ${id === undefined ? sql`true` : sql`x.id = ${id}`}
      and ${employeeId === undefined ? sql`true` : sql`x.employee_id = ${employeeId}`}
      and ${from === undefined ? sql`true` : sql`x.to_day >= ${from}`}
      and ${to === undefined ? sql`true` : sql`x.from_day <= ${to}`}
      and ${reason === undefined ? sql`true` : sql`x.reason = ${reason}`}
      and ${before === undefined ? sql`true` : sql`x.id < ${before}`}
    order by x.id desc limit ${query.limit}`);
  return rows.map((row) => ({
    id: row.id,
    employee: { number: row.number, name: row.name },
    from: row.from_day,
    to: row.to_day,
    reason: row.reason,
    source: row.source,
    reference: givenReference(row.reference),
    incident: row.incident,
    note: row.note,
    by: row.by,
    at: instantFromSql(row.at).toString(),
    revoked:
      row.revoked_by === null || row.revoked_at === null
        ? null
        : { by: row.revoked_by, at: instantFromSql(row.revoked_at).toString(), note: row.revoked_note },
  }));
}
