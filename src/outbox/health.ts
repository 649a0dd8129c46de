import { and, eq, sql } from 'drizzle-orm';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Db } from '../kernel/db.ts';
import { channelHealth } from './outbox.tables.ts';

type Account = Pick<ChannelAdapter, 'channel' | 'account'>;

/** After this many failures in a row the channel rests; then one call tries whether it is back. */
const FAILURES_TO_REST = 3;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 15_000;

export interface Health {
  failures: number;
  /** How long the channel still rests, in all processes; 0 when it may be called. */
  restsMs: number;
}

export async function healthOf(tx: Db, { channel, account }: Account): Promise<Health> {
  const [row] = await tx
    .select({
      failures: channelHealth.failures,
      restsMs: sql<number>`greatest(0, extract(epoch from rests_until - clock_timestamp()) * 1000)::float8`,
    })
    .from(channelHealth)
    .where(and(eq(channelHealth.channel, channel), eq(channelHealth.account, account)));
  return { failures: row?.failures ?? 0, restsMs: row?.restsMs ?? 0 };
}

/** Counts a failure that says nothing about the message: no answer, an overloaded platform. */
export async function noteFailure(db: Db, { channel, account }: Account, reason: string): Promise<void> {
  await db.execute(sql`
    insert into channel_health (channel, account, failures, rests_until, reason)
    values (${channel}, ${account}, 1, null, ${reason})
    on conflict (channel, account) do update set failures = channel_health.failures + 1, reason = excluded.reason,
      rests_until = case when channel_health.failures + 1 >= ${FAILURES_TO_REST}
        then clock_timestamp() + interval '1 millisecond' *
          least(${LONGEST_REST_MS}, ${FIRST_REST_MS} * power(2, least(10, channel_health.failures + 1 - ${FAILURES_TO_REST})))
        else channel_health.rests_until end`);
}

/** The platform asked to be left alone for so long: a throttle, whoever's fault it is. Counts as no failure. */
export async function noteThrottle(
  db: Db,
  { channel, account }: Account,
  waitMs: number,
  reason: string,
): Promise<void> {
  await db.execute(sql`
    insert into channel_health (channel, account, failures, rests_until, reason)
    values (${channel}, ${account}, 0, clock_timestamp() + ${waitMs} * interval '1 millisecond', ${reason})
    on conflict (channel, account) do update set reason = excluded.reason,
      rests_until = greatest(channel_health.rests_until, excluded.rests_until)`);
}

/** The platform answered: whatever was wrong is over. */
export async function noteSuccess(db: Db, { channel, account }: Account): Promise<void> {
  await db
    .update(channelHealth)
    .set({ failures: 0, restsUntil: null, reason: null })
    .where(
      and(
        eq(channelHealth.channel, channel),
        eq(channelHealth.account, account),
        sql`${channelHealth.failures} > 0`,
      ),
    );
}
