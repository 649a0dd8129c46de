import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { createActionSealer } from '#src/chat/action-id.ts';
import type { ChannelAdapter } from '#src/chat/adapter.ts';
import { text } from '#src/chat/message.ts';
import type { Quota } from '#src/chat/quota.ts';
import { silentLog } from '#src/kernel/log.ts';
import { manualClock } from '#src/kernel/time.ts';
import { mayLeave } from '#src/outbox/begin-call.ts';
import { accountKey, reserve, wallNow } from '#src/outbox/meter.ts';
import { type NextCall, nextCall } from '#src/outbox/next-call.ts';
import { promise } from '#src/outbox/outbox.ts';
import { momentFor, spanMs, spanOf, spanUse } from '#src/outbox/quota.rules.ts';
import { createRelay } from '#src/outbox/relay.ts';
import { cancelMessage } from '#src/outbox/stops.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { fakeAdapter } from './fake-adapter.ts';
import { withoutSuppression } from './rules.ts';

const clock = manualClock('2026-11-24T01:10:00Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.execute(
    sql`truncate outbox_messages, deliveries, send_batches, quota_use, channel_health`,
  );
});

const limit = (most: number, seconds: number): Quota => ({
  name: `${most} in ${seconds} s`,
  ways: ['send'],
  counts: 'calls',
  per: 'account',
  most,
  window: { seconds },
  beyond: 'refused',
  source: 'test',
});

const withQuotas = (...quotas: Quota[]): ChannelAdapter => ({
  ...fakeAdapter({ repeatsSafely: false }),
  quotas,
});

/** Something that was answered so long ago. */
const use = (adapter: ChannelAdapter, { name, window }: Quota, agoMs: number, used: number, wallMs: number) =>
  database.db.execute(sql`
    insert into quota_use (account, quota, span, used)
    values (${accountKey(adapter)}, ${name}, ${spanOf({ ...limit(1, 1), window }, wallMs - agoMs, clock)}, ${used})
    on conflict (account, quota, span) do update set used = quota_use.used + excluded.used`);

const nobody = { batchId: randomUUID(), calling: null };

describe('a place in the quotas', () => {
  it('begins when the rules say that there is room, and is had at most 200 ms before', async () => {
    const quotas = fc.uniqueArray(
      fc.record({ most: fc.integer({ min: 1, max: 6 }), seconds: fc.constantFrom(1, 3, 60) }),
      { minLength: 1, maxLength: 2, selector: ({ seconds }) => seconds },
    );
    const uses = fc.array(
      fc.record({ agoMs: fc.integer({ min: -500, max: 4_000 }), used: fc.integer({ min: 1, max: 3 }) }),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(quotas, uses, async (all, inUse) => {
        await database.db.execute(sql`truncate quota_use`);
        const limits = all.map(({ most, seconds }) => limit(most, seconds));
        const adapter = withQuotas(...limits);
        const wallMs = await wallNow(database.db);
        for (const quota of limits)
          for (const { agoMs, used } of inUse) await use(adapter, quota, agoMs, used, wallMs);
        const { rows } = await database.db.execute<{ quota: string; span: string; used: number }>(
          sql`select quota, span, used from quota_use`,
        );
        const answer = await reserve(
          database.db,
          adapter,
          'send',
          { calls: 1, recipients: 1 },
          { clock, priority: 'answer', leaving: nobody },
        );
        const expected = (now: number) =>
          Math.max(
            ...limits.map(
              (quota) =>
                momentFor(
                  1,
                  quota.most,
                  rows
                    .filter((row) => row.quota === quota.name)
                    .map(({ span, used }) => spanUse(quota, span, used)),
                  now,
                ) ?? Number.POSITIVE_INFINITY,
            ),
          );
        if (answer.kind === 'granted') {
          const { startMs, granted } = answer.permit;
          expect(startMs).toBe(expected(granted.wallMs));
          expect(startMs).toBeLessThanOrEqual(granted.wallMs + 200);
        } else {
          // It was too far away when it was asked for, at some moment since.
          expect(expected(wallMs)).toBeGreaterThan(wallMs + 200);
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('a call that waits for its moment', () => {
  const quota = limit(1, 1);
  const adapter = withQuotas(quota);
  const deps = {
    clock,
    sealer: createActionSealer(Buffer.alloc(32, 1)),
    adapterOf: () => adapter,
    acted: async () => new Set<string>(),
    rulesOf: withoutSuppression.rulesOf,
  };

  /** A notice whose one call has a place that begins within 200 ms. */
  async function waitingCall(): Promise<{ messageId: string; call: Extract<NextCall, { kind: 'call' }> }> {
    const { db } = database;
    const batches: string[] = [];
    const relay = createRelay({
      db,
      clock,
      log: silentLog,
      adapters: [{ ...adapter, quotas: [] }],
      ...withoutSuppression,
      enqueue: async () => undefined,
      send: (batchId) => {
        batches.push(batchId);
        return { job: 'outbox.send', payload: { batchId } };
      },
    });
    const messageId = await promise(db, {
      purpose: 'notices',
      priority: 'campaign',
      content: text('本周五下午停机维护'),
      recipients: ['p1', 'p2'].map((platformId) => ({
        employeeId: randomUUID(),
        address: { channel: 'sandbox', account: 'fake', platformId },
      })),
      at: clock.now(),
    });
    relay.nudge();
    await relay.settled();
    await use(adapter, quota, 1_000 - 150 + spanMs(1), 1, await wallNow(db));
    const call = await nextCall({ ...deps, db }, batches[0] as string);
    if (call.kind !== 'call') throw new Error(`no call but ${JSON.stringify(call)}`);
    return { messageId, call };
  }

  const withPlatform = async () =>
    (await database.db.execute(sql`select calling from send_batches where calling is not null`)).rows.length;

  it('is with the platform from its moment on, and not before', async () => {
    const { call } = await waitingCall();
    expect(await withPlatform()).toBe(0);
    expect(await mayLeave({ ...deps, db: database.db }, call)).toBe(true);
    expect(await withPlatform()).toBe(1);
    expect(await wallNow(database.db)).toBeGreaterThanOrEqual(call.permit.startMs);
  });

  it('can be cancelled meanwhile: then nobody gets it, and its place is free for others', async () => {
    const { messageId, call } = await waitingCall();
    expect(await cancelMessage(database.db, { messageId, reason: 'cancelled', at: clock.now() })).toBe(2);
    expect(await mayLeave({ ...deps, db: database.db }, call)).toBe(false);
    expect(await withPlatform()).toBe(0);
    const { rows } = await database.db.execute(sql`select sum(used)::int as used from quota_use`);
    expect(rows).toEqual([{ used: 1 }]);
    expect(await nextCall({ ...deps, db: database.db }, call.batchId)).toEqual({ kind: 'done' });
  });

  it('is in nobody’s hands after a death: it is made again without a doubt about the first', async () => {
    const { call } = await waitingCall();
    await database.db.execute(
      sql`update send_batches set lease_until = clock_timestamp() - interval '1 second'`,
    );
    await database.db.execute(sql`truncate quota_use`);
    const again = await nextCall({ ...deps, db: database.db }, call.batchId);
    expect(again).toMatchObject({ kind: 'call', rows: [{ state: 'queued' }, { state: 'queued' }] });
    // Whoever was taken for dead and is not leaves it to the other.
    expect(await mayLeave({ ...deps, db: database.db }, call)).toBe(false);
  });
});
