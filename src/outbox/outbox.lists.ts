import { and, asc, desc, eq, gte, lt, sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import type { Temporal } from '../kernel/time.ts';
import type { DeliveryState } from './delivery-states.ts';
import type { DeliveryView, PurposeCounts } from './outbox.api.ts';
import { statesOf } from './messages.lists.ts';
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
  const messages = await tx
    .select({ id: outboxMessages.id, purpose: outboxMessages.purpose })
    .from(outboxMessages)
    .where(
      and(
        eq(outboxMessages.campaignId, campaignId),
        gte(outboxMessages.createdAt, span.from),
        lt(outboxMessages.createdAt, span.to),
      ),
    )
    .orderBy(asc(outboxMessages.purpose));
  const states = await statesOf(
    tx,
    messages.map(({ id }) => id),
  );
  const counts = new Map<string, PurposeCounts>();
  for (const { id, purpose } of messages) {
    const known = counts.get(purpose) ?? { purpose, total: 0, states: {} };
    for (const [state, n] of Object.entries(states.get(id) ?? {}) as [DeliveryState, number][]) {
      known.states[state] = (known.states[state] ?? 0) + n;
      known.total += n;
    }
    counts.set(purpose, known);
  }
  return [...counts.values()].filter(({ total }) => total > 0);
}
