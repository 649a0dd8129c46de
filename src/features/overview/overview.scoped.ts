import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { DeliveryState } from '../../outbox/delivery-states.ts';
import type { PurposeCounts } from '../../outbox/outbox.api.ts';

interface Span {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

/** People whose main department is, today, one of these. */
const peopleOf = (departmentIds: readonly string[]): SQL => sql`
  select employee_id from memberships
  where main and to_day is null and department_id = any(${sql.param([...departmentIds])}::uuid[])`;

/** As `countDeliveries`, for messages to the people of these departments only. */
export async function deliveriesWithin(
  tx: Db,
  campaignId: string,
  span: Span,
  departmentIds: readonly string[],
): Promise<PurposeCounts[]> {
  const { rows } = await tx.execute<{ purpose: string; state: DeliveryState; n: number }>(sql`
    select m.purpose, d.state, count(*)::int as n
    from outbox_messages m join deliveries d on d.message_id = m.id
    where m.campaign_id = ${campaignId} and d.employee_id in (${peopleOf(departmentIds)})
      and m.created_at >= ${span.from.toString()} and m.created_at < ${span.to.toString()}
    group by m.purpose, d.state
    order by m.purpose, d.state`);
  const counts = new Map<string, PurposeCounts>();
  for (const { purpose, state, n } of rows) {
    const known = counts.get(purpose) ?? { purpose, total: 0, states: {} };
    counts.set(purpose, { purpose, total: known.total + n, states: { ...known.states, [state]: n } });
  }
  return [...counts.values()];
}

/** Points that the people of these departments got from a campaign within the span. */
export async function pointsWithin(
  tx: Db,
  campaignId: string,
  span: Span,
  departmentIds: readonly string[],
): Promise<number> {
  const { rows } = await tx.execute<{ given: number }>(sql`
    select coalesce(sum(amount), 0)::int as given from point_entries
    where campaign_id = ${campaignId} and account_kind = 'employee' and reason <> 'expiry'
      and account_id in (${peopleOf(departmentIds)})
      and at >= ${span.from.toString()} and at < ${span.to.toString()}`);
  return rows[0]?.given ?? 0;
}
