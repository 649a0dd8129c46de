import { and, asc, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import type { Temporal } from '../kernel/time.ts';
import type { DeliveryState } from './delivery-states.ts';
import { statesOf } from './messages.lists.ts';
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

/**
 * Deliveries, those of the youngest message first: ids sort by birth. The messages of a purpose lead to their own rows, a
 * page of each at most; other filters begin with the rows.
 */
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
        query.purpose === undefined ? undefined : ofPurpose(query.purpose, query),
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

/**
 * Where a page of a purpose can lie: the rows of its youngest messages, each cut to a page, so that nothing of other
 * purposes is gone through.
 */
function ofPurpose(purpose: string, { state, employeeId, since, after, limit }: DeliveriesQuery): SQL {
  if (employeeId !== undefined) return eq(outboxMessages.purpose, purpose);
  const when = (condition: SQL | undefined): SQL => condition ?? sql`true`;
  return sql`(${deliveries.messageId}, ${deliveries.recipient}) in (
    select own.message_id, own.recipient from outbox_messages m cross join lateral (
      select d.message_id, d.recipient from deliveries d where d.message_id = m.id
        and ${when(state === undefined ? undefined : sql`d.state = ${state}`)}
        and ${when(since === undefined ? undefined : sql`d.planned_at >= ${since.toString()}`)}
        and ${when(after && sql`(d.message_id, d.recipient) < (${after.messageId}::uuid, ${after.recipient})`)}
      order by d.recipient desc limit ${limit}
    ) own
    where m.purpose = ${purpose} and ${when(after && sql`m.id <= ${after.messageId}::uuid`)}
    order by own.message_id desc, own.recipient desc limit ${limit})`;
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
