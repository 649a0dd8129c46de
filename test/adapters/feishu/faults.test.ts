import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { createActionSealer } from '#src/chat/action-id.ts';
import type { Dispatch, InstantAnswer, Receive } from '#src/chat/adapter.ts';
import { type Command, oneByOne } from '#src/chat/command.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import { commandTable, type Fallbacks } from '#src/inbox/command-table.ts';
import { createRouter } from '#src/inbox/router.ts';
import { PlatformError } from '#src/kernel/errors.ts';
import { silentLog } from '#src/kernel/log.ts';
import { Temporal } from '#src/kernel/time.ts';
import { refuse } from '#src/simulators/feishu/answers.ts';
import { testDatabase } from '../../support/database.ts';
import { connected, ENCRYPT_KEY, type FeishuSetUp, type SetUpOptions, setUp } from './support.ts';

const silent = (name: string): Command => ({
  name,
  words: [],
  permission: 'me.use',
  help: undefined,
  answer: oneByOne(async () => ({})),
});
const nothing: Fallbacks = {
  unknown: silent('unknown'),
  forged: silent('forged'),
  notYours: silent('not-yours'),
  forbidden: silent('forbidden'),
  entered: silent('entered'),
  file: silent('file'),
};

let up: FeishuSetUp;
let after: (() => Promise<void>) | undefined;
afterEach(async () => {
  await up.close();
  await after?.();
  after = undefined;
});

async function start(options: Partial<SetUpOptions> = {}): Promise<FeishuSetUp> {
  up = await setUp({ mode: 'webhook', ...options });
  return up;
}
/** Takes each key once, as the inbox does; `fails` is how often the first attempts break. */
function once(fails = 0): { receive: Receive; effects: ChatEvent[]; asked: ChatEvent[] } {
  const [keys, effects, asked] = [new Set<string>(), [] as ChatEvent[], [] as ChatEvent[]];
  const receive: Receive = async (event) => {
    asked.push(event);
    if (asked.length <= fails) throw new Error('the database is away');
    if (!keys.has(event.key)) effects.push(event);
    keys.add(event.key);
    return {};
  };
  return { receive, effects, asked };
}
const text = (key: string, person: string, words = '你好'): Dispatch => ({
  key,
  to: { kind: 'person', platformId: person },
  message: { kind: 'text', text: words },
});
const SINGLE = 'im/v1/messages';
const BULK = 'message/v4/batch_send';
const card = { title: '打卡', tone: 'plain' as const, body: '点一下' };
const tipTo = (person: string): Dispatch => ({
  ...text('tip', person),
  message: { kind: 'card', card: { ...card, buttons: [{ label: '打卡', tone: 'primary', actionId: 'a1' }] } },
});

describe('what Feishu delivers again', () => {
  it('after 15 s, 5 min, 1 h and 6 h is the same event, and has one effect', async () => {
    let now = Date.parse('2026-11-24T01:00:00Z');
    const { receive, effects, asked } = once(4);
    const clock = { now: () => Temporal.Instant.fromEpochMilliseconds(now) };
    await start({ receive, clock, simulator: { now: () => now } });
    const { feishu } = up;
    expect(await feishu.people.says(up.anna, '打卡')).toMatchObject({ ok: false, status: 503 });
    const waits: number[] = [];
    for (let due = feishu.events.nextDueMs(); due !== undefined; due = feishu.events.nextDueMs()) {
      waits.push((due - now) / 1_000);
      now = due;
      await feishu.events.deliverDue();
      if (effects.length > 0) break;
    }
    expect(waits).toEqual([15, 300, 3_600, 21_600]);
    expect(asked).toHaveLength(5);
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
    expect(effects).toHaveLength(1);
    await feishu.events.redeliver({ newEventId: true });
    expect(effects).toHaveLength(1);
  });

  it('to two processes at once, under two event ids, has one effect', async () => {
    const database = await testDatabase();
    after = () => database.close();
    // The inbox of two processes: what they share is the database.
    const router = () =>
      createRouter({
        db: database.db,
        clock: { now: () => Temporal.Now.instant() },
        log: silentLog,
        sealer: createActionSealer(Buffer.alloc(32, 7)),
        commands: commandTable([], nothing),
        actorsOf: async (_tx, events) => events.map(() => undefined),
        stranger: () => ({ messages: [{ kind: 'text', text: '你是谁？' }] }),
        nudge: () => undefined,
      });
    const [one, two] = [router(), router()];
    const outcomes: string[] = [];
    const taken =
      (of: typeof one): Receive =>
      async (event) => {
        const routed = await of.route(event);
        outcomes.push(routed.outcome);
        return routed.answer;
      };
    await start({ receive: taken(one) });
    const other = await setUp({
      mode: 'webhook',
      receive: taken(two),
      simulator: { appId: up.feishu.appId },
    });
    try {
      await up.feishu.people.says(up.anna, '打卡');
      for (let round = 0; round < 10; round += 1) {
        const first = up.feishu.events.redeliver({ newEventId: true });
        up.feishu.pushTo({ url: other.url, encryptKey: ENCRYPT_KEY });
        const second = up.feishu.events.redeliver({ newEventId: true });
        expect((await Promise.all([first, second])).map(({ ok }) => ok)).toEqual([true, true]);
        up.feishu.pushTo({ url: up.url, encryptKey: ENCRYPT_KEY });
      }
      expect(outcomes).toHaveLength(21);
      expect(outcomes.filter((outcome) => outcome === 'handled')).toHaveLength(1);
      const { rows } = await database.db.execute<{ n: number }>(
        sql`select count(*)::int as n from outbox_messages`,
      );
      expect(rows[0]?.n).toBe(1);
    } finally {
      await other.close();
    }
  });

  it('a card callback is answered in the window although our work takes 2.9 s, and the card follows', async () => {
    let answer: InstantAnswer = {};
    await start({
      receive: async () => {
        await pause(2_900);
        return answer;
      },
    });
    const [sent] = await up.adapter.send([tipTo(up.anna)], SINGLE);
    const id = sent?.kind === 'delivered' ? sent.platformMessageId : '';
    const message = up.feishu.world.messages.get(id);
    if (message === undefined) throw new Error('nothing was sent');
    answer = { toast: '打卡成功', card: { ...card, title: '已打卡', buttons: [] } };
    const begun = performance.now();
    const tapped = await up.feishu.people.taps(up.anna, message, '打卡');
    expect(tapped).toMatchObject({ error: undefined, toast: expect.stringContaining('正在记录') });
    expect(performance.now() - begun).toBeLessThan(3_000);
    for (let round = 0; round < 100 && !JSON.stringify(message.content).includes('已打卡'); round += 1)
      await pause(50);
    expect(JSON.stringify(message.content)).toContain('已打卡');
  });

  it('a click that failed says so, and no error code of the client appears', async () => {
    await start({ receive: once(1).receive });
    await up.adapter.send([tipTo(up.anna)], SINGLE);
    const [message] = up.feishu.messagesIn({ person: up.anna });
    if (message === undefined) throw new Error('nothing was sent');
    const tapped = await up.feishu.people.taps(up.anna, message, '打卡');
    expect(tapped).toMatchObject({ error: undefined, toast: expect.stringContaining('再点一次') });
  });
});

describe('the long connection', () => {
  const tuning = { watchMs: 30, leaseMs: 3_000 };

  it('has one owner among two processes, and the other takes over when it stops', async () => {
    const database = await testDatabase();
    after = () => database.close();
    const { receive, effects } = once();
    await start({ mode: 'websocket', db: database.db, receive, tuning });
    const { createFeishuAdapter } = await import('#src/adapters/feishu/index.ts');
    const { settingsFor } = await import('./support.ts');
    const { silentLog } = await import('#src/kernel/log.ts');
    const { systemClock } = await import('#src/kernel/time.ts');
    const second = createFeishuAdapter({
      settings: settingsFor(up.feishu, 'websocket'),
      database,
      clock: systemClock,
      log: silentLog,
      fileRoot: up.fileRoot,
      tuning,
    });
    await second.listen?.(up.server, receive);
    await pause(500);
    expect(up.feishu.connection.connections()).toBe(1);
    expect(await second.readiness()).toBeUndefined();
    await up.adapter.close();
    for (let round = 0; round < 200 && up.feishu.connection.opened() < 2; round += 1) await pause(25);
    await connected(up.feishu);
    expect(await up.feishu.people.says(up.anna, '打卡')).toMatchObject({ ok: true, status: 200 });
    expect(effects).toHaveLength(1);
    await second.close();
  });

  it('that breaks in the middle of an event comes back, and the event counts once', async () => {
    const database = await testDatabase();
    after = () => database.close();
    const effects: string[] = [];
    await start({
      mode: 'websocket',
      db: database.db,
      tuning,
      receive: async ({ key }) => {
        if (effects.length === 0) up.feishu.connection.drop();
        if (!effects.includes(key)) effects.push(key);
        return {};
      },
    });
    expect((await up.feishu.people.says(up.anna, '打卡'))?.ok).toBe(false);
    for (let round = 0; round < 400 && up.feishu.connection.opened() < 2; round += 1) await pause(25);
    await connected(up.feishu);
    expect((await up.feishu.events.redeliver({ newEventId: true })).ok).toBe(true);
    expect(effects).toHaveLength(1);
  });

  it('is asked for again after Feishu was busy, which ends the client of the SDK for good', async () => {
    const database = await testDatabase();
    after = () => database.close();
    await start({ mode: 'websocket', db: database.db, tuning });
    up.feishu.connection.refuse(1);
    up.feishu.connection.drop();
    for (let round = 0; round < 200 && (await up.adapter.readiness()) === undefined; round += 1)
      await pause(25);
    expect(await up.adapter.readiness()).toEqual(expect.any(String));
    up.feishu.connection.refuse(undefined);
    await connected(up.feishu);
  });
});

describe('sending', () => {
  it('goes on with a new token when the old one is revoked in the middle, and signs in once for all', async () => {
    await start({ simulator: { rates: 'off' } });
    await up.adapter.send([text('0', up.anna)], SINGLE);
    up.feishu.tokens.revokeAll();
    const before = up.feishu.tokens.issued();
    const results = await Promise.all(
      [1, 2, 3, 4].map((n) => up.adapter.send([text(String(n), up.anna)], SINGLE)),
    );
    expect(results.flat().map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'delivered'));
    expect(up.feishu.tokens.issued() - before).toBe(1);
    expect(up.feishu.messagesIn({ person: up.anna })).toHaveLength(5);
  });

  it('goes on in the middle of a broadcast whose token is revoked: nobody is left out, nobody gets it twice', async () => {
    await start({ simulator: { rates: 'off' } });
    const ids = Array.from({ length: 600 }, (_, n) => up.feishu.world.addPerson({ name: String(n) }).openId);
    for (let at = 0; at < ids.length; at += 200) {
      if (at === 200) up.feishu.tokens.revokeAll();
      const some = ids.slice(at, at + 200).map((id) => text(id, id, '周五下午停机'));
      const results = await up.adapter.send(some, BULK);
      expect(results.every(({ kind }) => kind === 'accepted')).toBe(true);
    }
    await up.feishu.settled();
    expect(ids.map((id) => up.feishu.messagesIn({ person: id }).length)).toEqual(ids.map(() => 1));
  });

  it('waits as long as a 429 asks', async () => {
    await start();
    const headers = { 'x-ogw-ratelimit-reset': '52' };
    const answer = refuse(99991400, 'request trigger frequency limit', 429, headers);
    up.feishu.faults.add({ call: SINGLE, kind: { answer } });
    await expect(up.adapter.send([text('1', up.anna)], SINGLE)).rejects.toMatchObject({
      fate: 'wait',
      waitMs: 52_000,
      unanswered: false,
    });
  });

  it('repeats a lost answer by the same uuid, and the person sees one message', async () => {
    await start();
    up.feishu.faults.add({ call: SINGLE, kind: 'lost' });
    const failure = await up.adapter.send([text('1', up.anna)], SINGLE).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PlatformError);
    expect(failure).toMatchObject({ fate: 'retry', unanswered: true });
    expect(await up.adapter.send([text('1', up.anna)], SINGLE)).toMatchObject([{ kind: 'delivered' }]);
    expect(up.feishu.messagesIn({ person: up.anna })).toHaveLength(1);
  });

  it('holds a sixth message to one person within a second, and says for how long', async () => {
    await start();
    const all = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) => up.adapter.send([text(String(n), up.anna)], SINGLE)),
    );
    expect(all.flat().filter(({ kind }) => kind === 'later')).toMatchObject([
      { reason: '230020', waitMs: 1_000 },
    ]);
  });

  it.each([
    ['outside of the visible range', { available: false }, '230013'],
    ['has stopped the bot', { stopped: true }, '230053'],
  ])('to somebody who is %s says so', async (_name, change, reason) => {
    await start();
    const { openId } = up.feishu.world.addPerson({ name: '某人', ...change });
    expect(await up.adapter.send([text('1', openId)], SINGLE)).toEqual([{ kind: 'unreachable', reason }]);
  });

  it('does not lose messages to an app that is not set up: they wait', async () => {
    await start();
    up.feishu.app.grantedScopes = new Set();
    await expect(up.adapter.send([text('1', up.anna)], SINGLE)).rejects.toMatchObject({ fate: 'wait' });
  });

  it('to 10,000 people takes 50 calls, and numbers confirm who can be confirmed', async () => {
    await start({ simulator: { rates: 'off' } });
    const ids = Array.from(
      { length: 10_000 },
      (_, n) => up.feishu.world.addPerson({ name: String(n) }).openId,
    );
    const all = ids.map((id) => text(id, id, '周五下午停机'));
    const results = [];
    for (let at = 0; at < all.length; at += 200)
      results.push(...(await up.adapter.send(all.slice(at, at + 200), BULK)));
    expect(results.every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(up.feishu.counts(BULK)).toEqual({ calls: 50, throttled: 0 });
    await up.feishu.settled();
    const [first] = results;
    const platformMessageId = first?.kind === 'accepted' ? first.platformMessageId : undefined;
    const sent = {
      key: 'k',
      to: text('k', ids[0] ?? '').to,
      platformMessageId,
      way: BULK,
      sentAt: new Date(),
    };
    const answer = await up.adapter.confirming?.ask([sent as never]);
    expect(answer).toMatchObject([{ kind: 'delivered' }]);
  }, 60_000);

  it('of a batch that did not reach everybody, nobody can say whom it reached', async () => {
    await start();
    const { openId } = up.feishu.world.addPerson({ name: '某人', available: false });
    const results = await up.adapter.send([text('1', up.anna), text('2', openId)], BULK);
    await up.feishu.settled();
    const [first] = results;
    const platformMessageId = first?.kind === 'accepted' ? first.platformMessageId : undefined;
    const sent = { key: '1', to: text('1', up.anna).to, platformMessageId, way: BULK, sentAt: new Date() };
    expect(await up.adapter.confirming?.ask([sent as never])).toEqual([{ kind: 'pending' }]);
  });
});
