import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { card, text } from '#src/chat/message.ts';
import type { Quota } from '#src/chat/quota.ts';
import { type ManualClock, manualClock, Temporal } from '#src/kernel/time.ts';
import { type Promised, promise, type Recipient, withdraw } from '#src/outbox/outbox.ts';
import { preflight } from '#src/outbox/preflight.ts';
import { beginStop, cancelMessage, endStop, type NewStop } from '#src/outbox/stops.ts';
import type { PersonRules } from '#src/outbox/suppression.rules.ts';
import {
  easyRules,
  type Loopback,
  type LoopbackRules,
  loopbackAdapter,
  startLoopback,
} from '#src/simulators/loopback/index.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type Engine, engine } from './engine.ts';
import { withoutSuppression } from './rules.ts';

let database: TestDatabase;
let clock: ManualClock;
const platforms: Loopback[] = [];
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  // Tuesday, ten past nine in Shanghai.
  clock = manualClock('2026-11-24T01:10:00Z');
  await database.db.execute(
    sql`truncate outbox_messages, deliveries, send_batches, send_stops, quota_use, channel_health`,
  );
});
afterEach(async () => {
  await Promise.all(platforms.splice(0).map((platform) => platform.close()));
});

const way = easyRules.ways[0] as (typeof easyRules.ways)[number];
const limit = (most: number, seconds: number, more: Partial<Quota> = {}): Quota => ({
  name: `${most} in ${seconds} s`,
  ways: ['send'],
  counts: 'calls',
  per: 'account',
  most,
  window: { seconds },
  beyond: 'refused',
  source: 'test',
  ...more,
});

interface Played {
  platform: Loopback;
  engine: Engine;
  adapter: ReturnType<typeof loopbackAdapter>;
}

async function play(
  rules: Partial<LoopbackRules> = {},
  suppression: Parameters<typeof engine>[0]['suppression'] = {},
): Promise<Played> {
  const all = { ...easyRules, ...rules };
  const platform = await startLoopback(all);
  platforms.push(platform);
  const adapter = loopbackAdapter({ url: platform.url, channel: 'wecom', account: 'corp', rules: all });
  return { platform, adapter, engine: engine({ database, clock, adapters: [adapter], suppression }) };
}

const people: string[] = Array.from({ length: 40 }, () => randomUUID());
const to = (employeeId: string, n = people.indexOf(employeeId)): Recipient => ({
  employeeId,
  address: { channel: 'wecom', account: 'corp', platformId: `p${n}` },
});
const notice = (recipients: readonly string[], more: Partial<Promised> = {}): Promised => ({
  purpose: 'notices',
  priority: 'campaign',
  content: text('本周五下午停机维护'),
  recipients: recipients.map((id) => to(id)),
  at: clock.now(),
  ...more,
});

async function states(messageId?: string): Promise<Record<string, number>> {
  const { rows } = await database.db.execute<{ state: string; reason: string | null; n: number }>(sql`
    select state, reason, count(*)::int as n from deliveries
    where ${messageId === undefined ? sql`true` : sql`message_id = ${messageId}`} group by 1, 2 order by 1, 2`);
  return Object.fromEntries(
    rows.map(({ state, reason, n }) => [reason === null ? state : `${state}: ${reason}`, n]),
  );
}

const stop = (more: Partial<NewStop>) =>
  beginStop(database.db, {
    kind: 'pause',
    scope: 'everything',
    subject: '',
    reason: 'test',
    by: 'op',
    at: clock.now(),
    ...more,
  });

describe('the quotas of a platform', () => {
  it('are kept to the call, also by two workers at once', async () => {
    const quotas = [limit(5, 1), limit(12, 3)];
    const { platform, adapter, engine: one } = await play({ ways: [{ ...way, batchSize: 1 }], quotas });
    const two = engine({ database, clock, adapters: [adapter] });
    await promise(database.db, notice(people.slice(0, 24)));
    while ((await one.relay.open()) > 0) await Promise.all([one.work(), two.work()]);
    expect(await states()).toEqual({ delivered: 24 });
    const { throttled, calls, peaks } = platform.tally();
    expect({ throttled, calls }).toEqual({ throttled: 0, calls: 24 });
    expect(peaks.get('5 in 1 s')).toBeLessThanOrEqual(5);
    expect(peaks.get('12 in 3 s')).toBeLessThanOrEqual(12);
  }, 60_000);

  it('that count for each person hold back what would be dropped in silence', async () => {
    const quotas = [limit(3, 60, { per: 'person', counts: 'recipients', beyond: 'dropped' })];
    const { platform, engine: it } = await play({ quotas });
    for (let n = 0; n < 5; n += 1)
      await promise(
        database.db,
        notice(people.slice(0, 2), { content: text(`第 ${n + 1} 条`), priority: 'answer' }),
      );
    await it.work();
    expect(platform.tally()).toMatchObject({ throttled: 0 });
    expect(await states()).toEqual({ delivered: 6, 'planned: quota: 3 in 60 s': 4 });
  });

  it('that know the same content wait for the next day', async () => {
    const window = { calendar: 'day' as const, zone: 'Asia/Shanghai' };
    const quotas = [
      limit(1, 1, {
        per: 'person',
        counts: 'same-content',
        window,
        name: 'same words a day',
        beyond: 'dropped',
      }),
    ];
    const { engine: it } = await play({ quotas });
    await promise(database.db, notice(people.slice(0, 2)));
    await it.work();
    await promise(database.db, notice(people.slice(0, 3)));
    await promise(database.db, notice(people.slice(0, 1), { content: text('另一件事') }));
    await it.work();
    expect(await states()).toEqual({ delivered: 4, 'planned: quota: same words a day': 2 });
    await it.advance(Temporal.Instant.from('2026-11-24T16:00:01Z'));
    expect(await states()).toEqual({ delivered: 6 });
  });

  it('of a month that is used up hold the rest until the month is over', async () => {
    const window = { calendar: 'month' as const, zone: 'Asia/Shanghai' };
    const { engine: it } = await play({
      ways: [{ ...way, batchSize: 10 }],
      // One of three is kept for answers.
      quotas: [limit(3, 1, { window, name: 'a month' })],
    });
    await promise(database.db, notice(people));
    await it.work();
    expect(await states()).toEqual({ delivered: 20, 'held: quota: a month': 20 });
    await it.advance(Temporal.Instant.from('2026-12-01T00:30:00Z'));
    expect(await states()).toEqual({ delivered: 40 });
  });
});

describe('a pause', () => {
  it('keeps back what has not left, and answers pass', async () => {
    const { engine: it } = await play();
    await stop({});
    const held = await promise(database.db, notice(people));
    const answer = await promise(database.db, notice([people[0] ?? ''], { priority: 'answer' }));
    await it.work();
    expect(await states(held)).toEqual({ planned: 40 });
    expect(await states(answer)).toEqual({ delivered: 1 });
  });

  it('takes people out of batches that are on the queue already', async () => {
    const { engine: it, platform } = await play({ ways: [{ ...way, batchSize: 10 }] });
    const id = await promise(database.db, notice(people));
    await it.relay.sweep();
    await stop({ scope: 'message', subject: id });
    await it.work();
    expect(await states(id)).toEqual({ planned: 40 });
    expect(platform.tally().calls).toBe(0);
  });

  it.each([
    ['all', { old: { delivered: 40 }, young: { delivered: 40 } }],
    ['latest', { old: { 'excluded: superseded': 40 }, young: { delivered: 40 } }],
    ['skip', { old: { 'excluded: skipped': 40 }, young: { 'excluded: skipped': 40 } }],
  ] as const)('ended with "%s" does that with the backlog', async (backlog, expected) => {
    const { engine: it } = await play();
    const { id } = await stop({ scope: 'channel', subject: 'wecom' });
    const old = await promise(database.db, notice(people));
    const young = await promise(database.db, notice(people));
    await it.work();
    await endStop(database.db, { id, backlog, by: 'op', at: clock.now() });
    await it.work();
    expect({ old: await states(old), young: await states(young) }).toEqual(expected);
  });

  it('of a department holds its people, and nobody else', async () => {
    const [mine, other] = [randomUUID(), randomUUID()];
    const rulesOf = async (_tx: unknown, ids: readonly string[]) =>
      new Map(ids.map((id) => [id, always({ departments: [people.indexOf(id) < 10 ? mine : other] })]));
    const { engine: it } = await play({}, { rulesOf });
    const { id } = await stop({ scope: 'department', subject: mine });
    await promise(database.db, notice(people));
    await it.work();
    expect(await states()).toEqual({ delivered: 30, [`held: paused:${id}`]: 10 });
    await endStop(database.db, { id, backlog: 'all', by: 'op', at: clock.now() });
    await it.work();
    expect(await states()).toEqual({ delivered: 40 });
  });

  it('cannot be ended twice', async () => {
    const { id } = await stop({});
    await endStop(database.db, { id, backlog: 'all', by: 'op', at: clock.now() });
    await expect(
      endStop(database.db, { id, backlog: 'all', by: 'op', at: clock.now() }),
    ).rejects.toMatchObject({ code: 'stop.ended' });
  });
});

describe('an emergency stop', () => {
  it('ends what has not left, and all that comes while it holds', async () => {
    const campaignId = randomUUID();
    const { engine: it } = await play();
    const before = await promise(database.db, notice(people, { campaignId }));
    const { id } = await stop({ kind: 'kill', scope: 'campaign', subject: campaignId });
    const after = await promise(database.db, notice(people, { campaignId }));
    const elsewhere = await promise(database.db, notice(people));
    await it.work();
    expect(await states(before)).toEqual({ 'excluded: killed': 40 });
    expect(await states(after)).toEqual({ 'excluded: killed': 40 });
    expect(await states(elsewhere)).toEqual({ delivered: 40 });
    await endStop(database.db, { id, backlog: 'all', by: 'op', at: clock.now() });
    const again = await promise(database.db, notice(people, { campaignId }));
    await it.work();
    expect(await states(again)).toEqual({ delivered: 40 });
  });

  it('of one message leaves nobody who gets it later', async () => {
    const { engine: it } = await play();
    const id = await promise(database.db, notice(people));
    expect(await cancelMessage(database.db, { messageId: id, reason: 'cancelled', at: clock.now() })).toBe(
      40,
    );
    await it.work();
    expect(await states(id)).toEqual({ 'excluded: cancelled': 40 });
  });

  it('does not claim to have stopped what the platform is being given at that moment', async () => {
    const { engine: it, platform } = await play({ latencyMs: 300 });
    const id = await promise(database.db, notice(people));
    const working = it.work();
    while (platform.tally().calls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await cancelMessage(database.db, { messageId: id, reason: 'cancelled', at: clock.now() })).toBe(0);
    await withdraw(database.db, { stopKey: 'none', employeeIds: people, reason: 'acted', at: clock.now() });
    await working;
    expect(await states(id)).toEqual({ delivered: 40 });
  });
});

const always = (more: Partial<PersonRules> = {}): PersonRules => ({
  zone: 'Asia/Shanghai',
  quiet: [],
  worksOn: () => true,
  mute: undefined,
  preferredTime: undefined,
  excluded: undefined,
  departments: [],
  ...more,
});
const rulesFor = (of: (n: number) => PersonRules) => async (_tx: unknown, ids: readonly string[]) =>
  new Map(ids.map((id) => [id, of(people.indexOf(id))]));
const budget = { perDay: 2, perWeek: 20, digestAt: Temporal.PlainTime.from('17:30') };
const digestCards: NonNullable<Parameters<typeof engine>[0]['suppression']>['digestCards'] = async (
  _tx,
  all,
) =>
  new Map(
    [...all].map(([id, items]) => [
      id,
      { title: `digest of ${items.length}`, body: items.map(({ title }) => title).join('\n') },
    ]),
  );

describe('what a person’s rules keep back', () => {
  it('waits for its moment through a restart, and arrives then', async () => {
    const night = {
      quiet: [{ from: Temporal.PlainTime.from('09:00'), to: Temporal.PlainTime.from('10:00') }],
    };
    const rulesOf = rulesFor((n) => always(n < 10 ? night : {}));
    const { engine: it, adapter } = await play({}, { rulesOf });
    await promise(database.db, notice(people));
    await it.work();
    expect(await states()).toEqual({ delivered: 30, 'held: quiet-hours': 10 });
    const restarted = engine({ database, clock, adapters: [adapter], suppression: { rulesOf } });
    await restarted.advance(Temporal.Instant.from('2026-11-24T01:59:59Z'));
    expect(await states()).toMatchObject({ 'held: quiet-hours': 10 });
    await restarted.advance(Temporal.Instant.from('2026-11-24T02:00:00Z'));
    expect(await states()).toEqual({ delivered: 40 });
  });

  it('ends at once, with the reason, when it would be too late afterwards', async () => {
    const night = {
      quiet: [{ from: Temporal.PlainTime.from('09:00'), to: Temporal.PlainTime.from('10:00') }],
    };
    const { engine: it } = await play({}, { rulesOf: rulesFor(() => always(night)) });
    await promise(
      database.db,
      notice(people.slice(0, 3), { expiresAt: Temporal.Instant.from('2026-11-24T01:30:00Z') }),
    );
    await it.work();
    expect(await states()).toEqual({ 'expired: quiet-hours': 3 });
  });

  it('comes as one digest when the budget is used up, each line once', async () => {
    const { engine: it } = await play({}, { rulesOf: rulesFor(() => always()), budget, digestCards });
    for (let n = 1; n <= 5; n += 1) {
      await promise(database.db, notice(people.slice(0, 4), { content: text(`消息 ${n}`) }));
      await it.work();
    }
    expect(await states()).toEqual({ delivered: 8, 'held: budget': 12 });
    await it.advance(Temporal.Instant.from('2026-11-24T10:00:00Z'));
    expect(await states()).toEqual({ delivered: 12, digested: 12 });
    const { rows } = await database.db.execute<{ content: { card: { body: string } }; n: number }>(sql`
      select m.content, count(*)::int as n from outbox_messages m join deliveries d on d.message_id = m.id
      where m.purpose = 'digest' group by m.id`);
    expect(rows.map(({ content, n }) => [content.card.body, n])).toEqual(
      Array.from({ length: 4 }, () => ['消息 3\n消息 4\n消息 5', 1]),
    );
  });

  it('goes as itself when it is the only one', async () => {
    const { engine: it } = await play({}, { rulesOf: rulesFor(() => always()), budget, digestCards });
    for (let n = 1; n <= 3; n += 1) {
      await promise(database.db, notice(people.slice(0, 1), { content: text(`消息 ${n}`) }));
      await it.work();
    }
    await it.advance(Temporal.Instant.from('2026-11-24T10:00:00Z'));
    expect(await states()).toEqual({ delivered: 3 });
  });

  it('leaves the more important message when both are planned at once', async () => {
    const { engine: it } = await play(
      {},
      { rulesOf: rulesFor(() => always()), budget: { ...budget, perDay: 1 }, digestCards },
    );
    const small = await promise(database.db, notice(people, { importance: 3, content: text('小事') }));
    const large = await promise(database.db, notice(people, { importance: 7, content: text('大事') }));
    await it.work();
    expect(await states(large)).toEqual({ delivered: 40 });
    expect(await states(small)).toEqual({ 'held: budget': 40 });
  });

  it('is not used up by what a pause or a withdrawal kept from leaving', async () => {
    const { engine: it } = await play(
      {},
      { rulesOf: rulesFor(() => always()), budget: { ...budget, perDay: 1 }, digestCards },
    );
    const id = await promise(database.db, notice(people, { stopKey: 'k' }));
    await it.relay.sweep();
    const { id: stopId } = await stop({ scope: 'message', subject: id });
    await it.work();
    await endStop(database.db, { id: stopId, backlog: 'all', by: 'op', at: clock.now() });
    await it.relay.sweep();
    await withdraw(database.db, {
      stopKey: 'k',
      employeeIds: people.slice(0, 5),
      reason: 'acted',
      at: clock.now(),
    });
    await it.work();
    expect(await states(id)).toEqual({ delivered: 35, 'excluded: acted': 5 });
    const next = await promise(database.db, notice(people.slice(0, 5)));
    await it.work();
    expect(await states(next)).toEqual({ delivered: 5 });
  });

  it('must be given a reason by whoever wants to pass it', async () => {
    await expect(promise(database.db, notice(people, { priority: 'urgent' }))).rejects.toMatchObject({
      code: 'outbox.pass-reason',
    });
    const id = await promise(database.db, notice(people, { priority: 'urgent', passReason: '机房断电' }));
    const { rows } = await database.db.execute(sql`select pass_reason from outbox_messages where id = ${id}`);
    expect(rows).toEqual([{ pass_reason: '机房断电' }]);
  });
});

describe('what the platform tells afterwards', () => {
  it('ends accepted deliveries, finds those dropped in silence, and sends these again once', async () => {
    const { engine: it, platform } = await play({
      seed: 5,
      answers: 'accepted',
      tells: 'results',
      silentDrops: 0.3,
      refusals: 0.1,
      ways: [{ ...way, repeatsSafely: false, batchSize: 10 }],
    });
    await promise(database.db, notice(people));
    await it.work();
    const { dropped, refused } = platform.tally();
    expect(dropped.size).toBeGreaterThan(3);
    expect(await states()).toEqual({ accepted: 40 - refused.size, 'refused: loopback': refused.size });
    await it.advance(clock.now().add({ seconds: 30 }));
    const after = platform.tally();
    expect([...after.arrived.values()].every((times) => times === 1)).toBe(true);
    expect(await states()).toEqual({
      delivered: 40 - after.refused.size,
      'refused: loopback': after.refused.size,
    });
  });

  it('resolves calls whose answer was lost, without sending anything twice', async () => {
    const { engine: it, platform } = await play({
      seed: 3,
      lostAnswers: 0.5,
      tells: 'results-and-lost',
      ways: [{ ...way, repeatsSafely: false, batchSize: 5 }],
    });
    await promise(database.db, notice(people));
    while ((await it.relay.open()) > 0) {
      await it.work();
      // After several failures in a row the channel rests for a moment.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(platform.tally().lost).toBeGreaterThan(1);
    await it.advance(clock.now().add({ seconds: 30 }));
    expect(await states()).toEqual({ delivered: 40 });
    expect([...platform.tally().arrived.values()].every((times) => times === 1)).toBe(true);
  }, 60_000);

  it('nothing, leaves them unconfirmed when it stops telling', async () => {
    const { engine: it, adapter } = await play({ answers: 'accepted', tells: 'results' });
    if (adapter.confirming !== undefined)
      adapter.confirming.ask = async (sent) => sent.map(() => ({ kind: 'pending' }));
    await promise(database.db, notice(people));
    await it.work();
    await it.advance(clock.now().add({ seconds: 59 }));
    expect(await states()).toEqual({ accepted: 40 });
    await it.advance(clock.now().add({ seconds: 3 }));
    expect(await states()).toEqual({ unconfirmed: 40 });
  });
});

describe('a platform that is away', () => {
  it('is left alone for a while, and everybody gets the message when it is back', async () => {
    const { engine: it, platform } = await play({ ways: [{ ...way, batchSize: 4 }] });
    platform.outage(true);
    await promise(database.db, notice(people));
    await it.work(3);
    const { rows } = await database.db.execute<{ failures: number }>(
      sql`select failures from channel_health`,
    );
    expect(rows[0]?.failures).toBeGreaterThanOrEqual(3);
    platform.outage(false);
    while ((await it.relay.open()) > 0) {
      await it.work();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await states()).toEqual({ delivered: 40 });
    expect([...platform.tally().arrived.values()].every((times) => times === 1)).toBe(true);
  }, 60_000);
});

describe('the pre-flight', () => {
  it('names everybody who will not get it, or not at once, and why, and says when it is done', async () => {
    const rulesOf = rulesFor((n) =>
      always(
        n === 0
          ? { excluded: 'leave' }
          : n === 1
            ? { mute: { until: undefined } }
            : n === 2
              ? { worksOn: (day) => day.dayOfWeek !== 2 }
              : {},
      ),
    );
    const { adapter } = await play({ ways: [{ ...way, batchSize: 10 }], quotas: [limit(2, 60)] });
    const recipients = [
      ...people.map((id) => to(id)),
      to(people[5] ?? ''),
      { employeeId: randomUUID(), address: undefined },
    ];
    const found = await preflight(
      database.db,
      { clock, adapters: [adapter], ...withoutSuppression, rulesOf },
      { content: text('通知'), priority: 'campaign', recipients, at: clock.now() },
    );
    expect(found).toMatchObject({ recipients: 41, leaving: 37 });
    expect(found.counts).toEqual(
      expect.arrayContaining([
        { kind: 'unreachable', reason: 'no-account', n: 1 },
        { kind: 'excluded', reason: 'leave', n: 1 },
        { kind: 'excluded', reason: 'muted', n: 1 },
        { kind: 'held', reason: 'day-off', n: 1 },
      ]),
    );
    expect(found.plans).toMatchObject([
      { calls: 4, recipients: 38, forecast: { kind: 'finishes', slowest: '2 in 60 s' } },
    ]);
    expect(found.refusals).toEqual([]);
  });

  it('refuses what the month of the platform does not hold, and says so', async () => {
    const window = { calendar: 'month' as const, zone: 'Asia/Shanghai' };
    const { adapter } = await play({
      ways: [{ ...way, batchSize: 1 }],
      quotas: [limit(30, 1, { window, name: 'a month' })],
    });
    const intent = {
      content: text('通知'),
      priority: 'campaign' as const,
      recipients: people.map((id) => to(id)),
      at: clock.now(),
    };
    const found = await preflight(database.db, { clock, adapters: [adapter], ...withoutSuppression }, intent);
    expect(found.refusals).toMatchObject([
      { forecast: { kind: 'refused', quota: 'a month', reason: 'month-used-up' } },
    ]);
  });

  it('counts a card with bound buttons as one call a person', async () => {
    const { adapter } = await play();
    const content = card({ title: 't', body: 'b', buttons: [{ label: '打卡', action: { name: 'x' } }] });
    const intent = {
      content,
      priority: 'campaign' as const,
      recipients: people.map((id) => to(id)),
      at: clock.now(),
    };
    const found = await preflight(database.db, { clock, adapters: [adapter], ...withoutSuppression }, intent);
    expect(found.plans).toMatchObject([{ calls: 40 }]);
  });
});
