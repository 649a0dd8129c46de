import { and, desc, eq, gte, sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import type { Temporal } from '../kernel/time.ts';
import type { DeliveryState } from './delivery-states.ts';
import type { DeliveryView, PurposeCounts } from './outbox.api.ts';
import { deliveries, outboxMessages } from './outbox.tables.ts';

export interface DeliveriesQuery {
  purpose: string | undefined;
  state: DeliveryState | undefined;
  employeeId: string | undefined;
  since: Temporal.Instant | undefined;
  after: { messageId: string; recipient: string } | undefined;
  limit: number;
}

export type DeliveryRow = Omit<DeliveryView, 'employee'> & { employeeId: string | null };

/** Deliveries, those of the youngest message first: ids sort by birth. */
export async function deliveriesBefore(tx: Db, query: DeliveriesQuery): Promise<DeliveryRow[]> {
  const { after } = query;
  const rows = await tx
    .select({
      messageId: deliveries.messageId,
      purpose: outboxMessages.purpose,
      priority: outboxMessages.priority,
      campaignId: outboxMessages.campaignId,
      recipient: deliveries.recipient,
      employeeId: deliveries.employeeId,
      addressKind: deliveries.addressKind,
      channel: deliveries.channel,
      state: deliveries.state,
      reason: deliveries.reason,
      attempts: deliveries.attempts,
      plannedAt: deliveries.plannedAt,
      changedAt: deliveries.changedAt,
      expiresAt: deliveries.expiresAt,
    })
    .from(deliveries)
    .innerJoin(outboxMessages, eq(outboxMessages.id, deliveries.messageId))
    .where(
      and(
        query.purpose === undefined ? undefined : eq(outboxMessages.purpose, query.purpose),
        query.state === undefined ? undefined : eq(deliveries.state, query.state),
        query.employeeId === undefined ? undefined : eq(deliveries.employeeId, query.employeeId),
        query.since === undefined ? undefined : gte(deliveries.plannedAt, query.since),
        after === undefined
          ? undefined
          : sql`(${deliveries.messageId}, ${deliveries.recipient}) < (${after.messageId}::uuid, ${after.recipient})`,
      ),
    )
    .orderBy(desc(deliveries.messageId), desc(deliveries.recipient))
    .limit(query.limit);
  return rows.map(({ channel, plannedAt, changedAt, expiresAt, ...row }) => ({
    ...row,
    channel: (channel as string) === '' ? null : channel,
    plannedAt: plannedAt.toString(),
    changedAt: changedAt.toString(),
    expiresAt: expiresAt?.toString() ?? null,
  }));
}

/** A campaign's messages that were promised within the span, counted by purpose and state of their deliveries. */
export async function countDeliveries(
  tx: Db,
  campaignId: string,
  span: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<PurposeCounts[]> {
  const { rows } = await tx.execute<{ purpose: string; state: DeliveryState; n: number }>(sql`
    select m.purpose, d.state, count(*)::int as n
    from outbox_messages m join deliveries d on d.message_id = m.id
    where m.campaign_id = ${campaignId}
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
