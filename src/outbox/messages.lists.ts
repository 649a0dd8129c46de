import { and, desc, eq, isNull, lt, ne, sql } from 'drizzle-orm';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/time.ts';
import type { DeliveryState } from './delivery-states.ts';
import { titleOf } from './digest.ts';
import { fewestCalls, forecast } from './forecast.rules.ts';
import type { MessageDetail, MessageView } from './messages.api.ts';
import { quotaLevels, wallNow } from './meter.ts';
import { outboxMessages, sendStops } from './outbox.tables.ts';
import { perCall, wayFor } from './release.rules.ts';

type MessageRow = typeof outboxMessages.$inferSelect;

export interface MessagesQuery {
  purpose: string | undefined;
  campaignId: string | undefined;
  answers: boolean;
  after: string | undefined;
  limit: number;
}

/** Messages, the youngest first. */
export async function messagesBefore(tx: Db, query: MessagesQuery): Promise<MessageView[]> {
  const rows = await tx
    .select()
    .from(outboxMessages)
    .where(
      and(
        query.answers ? undefined : ne(outboxMessages.priority, 'answer'),
        query.purpose === undefined ? undefined : eq(outboxMessages.purpose, query.purpose),
        query.campaignId === undefined ? undefined : eq(outboxMessages.campaignId, query.campaignId),
        query.after === undefined ? undefined : lt(outboxMessages.id, query.after),
      ),
    )
    .orderBy(desc(outboxMessages.id))
    .limit(query.limit);
  return withCounts(tx, rows);
}

/** How many deliveries of each message are in each state. */
export async function statesOf(
  tx: Db,
  messageIds: readonly string[],
): Promise<Map<string, Partial<Record<DeliveryState, number>>>> {
  const counts = new Map<string, Partial<Record<DeliveryState, number>>>();
  if (messageIds.length === 0) return counts;
  const { rows } = await tx.execute<{ id: string; state: DeliveryState; n: number }>(sql`
    select message_id as id, state, count(*)::int as n from deliveries
    where message_id = any(${sql.param([...messageIds])}::uuid[]) group by 1, 2`);
  for (const { id, state, n } of rows) counts.set(id, { ...counts.get(id), [state]: n });
  return counts;
}

async function withCounts(tx: Db, rows: readonly MessageRow[]): Promise<MessageView[]> {
  const states = await statesOf(
    tx,
    rows.map(({ id }) => id),
  );
  const stops = await tx.select().from(sendStops).where(isNull(sendStops.endedAt));
  return rows.map(({ id, purpose, priority, importance, passReason, campaignId, content, createdAt }) => {
    const counts = states.get(id) ?? {};
    return {
      id,
      title: titleOf(content),
      purpose,
      priority,
      importance,
      passReason,
      campaignId,
      createdAt: createdAt.toString(),
      total: Object.values(counts).reduce((sum, n) => sum + n, 0),
      states: counts,
      paused: stops.some(
        ({ kind, scope, subject }) =>
          kind === 'pause' &&
          (scope === 'everything' ||
            (scope === 'message' && subject === id) ||
            (scope === 'campaign' && subject === campaignId)),
      ),
    };
  });
}

/** One message with the reasons behind its states and when its channels will be done. AppError `message.not-found`. */
export async function messageDetail(
  tx: Db,
  id: string,
  { adapters, clock }: { adapters: readonly ChannelAdapter[]; clock: Clock },
): Promise<MessageDetail> {
  const [row] = await tx.select().from(outboxMessages).where(eq(outboxMessages.id, id));
  if (row === undefined) throw new AppError('message.not-found', `there is no message ${id}`);
  const [view] = await withCounts(tx, [row]);
  const reasons = await tx.execute<{ state: DeliveryState; reason: string; n: number }>(sql`
    select state, reason, count(*)::int as n from deliveries
    where message_id = ${id} and reason is not null group by 1, 2 order by 3 desc limit 50`);
  const waiting = await tx.execute<{ channel: string; account: string; n: number }>(sql`
    select channel, account, count(*)::int as n from deliveries
    where message_id = ${id} and state in ('planned', 'queued', 'held') group by 1, 2 order by 1, 2`);
  const wallMs = await wallNow(tx);
  const channels: MessageDetail['channels'] = [];
  for (const { channel, account, n } of waiting.rows) {
    const adapter = adapters.find((one) => one.channel === channel && one.account === account);
    const way = adapter && wayFor(adapter.ways, row.content, 'person', n, row.rings);
    if (adapter === undefined || way === undefined) continue;
    const levels = await quotaLevels(tx, adapter, { clock, wallMs });
    const expected = forecast(
      { way: way.name, calls: fewestCalls(n, perCall(way, row.content)), recipients: n },
      adapter.quotas,
      (quota) => levels.find((level) => level.quota === quota)?.left ?? quota.most,
      clock.now(),
    );
    channels.push({
      channel,
      account,
      waiting: n,
      finishesAt: expected.kind === 'finishes' ? expected.at.toString() : null,
      slowest: (expected.kind === 'finishes' ? expected.slowest : expected.quota) ?? null,
    });
  }
  return { ...(view as MessageView), reasons: reasons.rows, channels };
}
