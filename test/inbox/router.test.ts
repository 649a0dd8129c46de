import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { createActionSealer } from '#src/chat/action-id.ts';
import { type Actor, type Command, oneByOne, type Turn } from '#src/chat/command.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import { text } from '#src/chat/message.ts';
import { commandTable, type Fallbacks } from '#src/inbox/command-table.ts';
import { createRouter, type Router } from '#src/inbox/router.ts';
import { openDatabase } from '#src/kernel/db.ts';
import { createLog, silentLog } from '#src/kernel/log.ts';
import { manualClock } from '#src/kernel/time.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const clock = manualClock('2026-09-18T01:10:00Z');
const sealer = createActionSealer(Buffer.alloc(32, 1));
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await database.db.execute(
    sql`create table effects (person text, word text, n int generated always as identity)`,
  );
  await database.db.execute(sql`create table counters (person text primary key, value int not null)`);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.execute(sql`truncate effects, counters, inbox, outbox_messages, deliveries`);
});

const people = new Map<string, Actor>();
function actorNamed(name: string): Actor {
  const known = people.get(name);
  if (known !== undefined) return known;
  const actor: Actor = {
    employeeId: randomUUID(),
    number: name,
    name,
    zone: 'Asia/Shanghai',
    locale: 'zh-CN',
    level: 'beginner',
    roles: [],
    channel: 'sandbox',
  };
  people.set(name, actor);
  return actor;
}

const says = (actor: string, word: string, more: Partial<ChatEvent> = {}): ChatEvent => ({
  channel: 'sandbox',
  account: 'sandbox',
  key: randomUUID(),
  actor,
  place: { kind: 'private' },
  payload: { kind: 'text', text: word },
  occurredAt: clock.now(),
  receivedAt: clock.now(),
  ...more,
});

const command = (name: string, more: Partial<Command> = {}): Command => ({
  name,
  words: [name],
  permission: 'me.use',
  help: undefined,
  answer: oneByOne(async (tx, turn) => {
    await note(tx, turn, name);
    return { messages: [text(`${name} ${turn.actor.name}`)] };
  }),
  ...more,
});

const note = (tx: Parameters<Command['answer']>[0], turn: Turn, word: string) =>
  tx.execute(sql`insert into effects (person, word) values (${turn.actor.name}, ${word})`);

/** Reads, thinks and writes: loses count unless a person's turns follow one another. */
const count = command('count', {
  answer: async (tx, turns) => {
    for (const { actor } of turns) {
      const { rows } = await tx.execute<{ value: number }>(
        sql`select value from counters where person = ${actor.name}`,
      );
      const value = (rows[0]?.value ?? 0) + 1;
      await tx.execute(sql`
        insert into counters values (${actor.name}, ${value}) on conflict (person) do update set value = ${value}`);
    }
    return turns.map(() => ({}));
  },
});

const breaks = command('breaks', {
  answer: async (tx, turns) => {
    for (const turn of turns) await note(tx, turn, 'breaks');
    if (broken) throw new Error('out of order');
    return turns.map(() => ({}));
  },
});
let broken = true;

const fallbacks: Fallbacks = {
  unknown: command('unknown', { words: [] }),
  forged: command('forged', { words: [] }),
  notYours: command('not-yours', { words: [] }),
  forbidden: command('forbidden', { words: [] }),
  entered: command('entered', { words: [] }),
  file: command('file', { words: [] }),
};

function router(more: Partial<Parameters<typeof createRouter>[0]> = {}): Router {
  return createRouter({
    db: database.db,
    clock,
    log: silentLog,
    sealer,
    commands: commandTable(
      [command('one'), command('two'), command('hr', { permission: 'exports.make' }), count, breaks],
      fallbacks,
    ),
    actorsOf: async (_tx, events) =>
      events.map(({ actor }) => (actor === 'nobody' ? undefined : actorNamed(actor))),
    stranger: () => ({ messages: [text('who are you')] }),
    nudge: () => undefined,
    ...more,
  });
}

async function effects(): Promise<string[]> {
  const { rows } = await database.db.execute<{ person: string; word: string }>(
    sql`select person, word from effects order by n`,
  );
  return rows.map(({ person, word }) => `${person} ${word}`);
}

async function rowsIn(table: string): Promise<number> {
  const { rows } = await database.db.execute<{ n: number }>(
    sql.raw(`select count(*)::int as n from ${table}`),
  );
  return rows[0]?.n ?? 0;
}

describe('an event', () => {
  it('takes effect once, however often the platform delivers it', async () => {
    const { route } = router();
    const event = says('a', 'one');
    expect((await route(event)).outcome).toBe('handled');
    expect((await route(event)).outcome).toBe('repeat');
    expect((await router().route(event)).outcome).toBe('repeat');
    expect(await effects()).toEqual(['a one']);
    expect(await rowsIn('outbox_messages')).toBe(1);
  });

  it('is another one in another channel or account', async () => {
    const { route } = router();
    const event = says('a', 'one');
    const outcomes = [
      await route(event),
      await route({ ...event, channel: 'wecom' }),
      await route({ ...event, account: 'other' }),
    ];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['handled', 'handled', 'handled']);
  });

  it('of a stranger is answered and remembered as nobody’s', async () => {
    const event = says('nobody', 'one');
    expect((await router().route(event)).outcome).toBe('handled');
    expect((await router().route(event)).outcome).toBe('repeat');
    expect(await effects()).toEqual([]);
    expect(await rowsIn('outbox_messages')).toBe(1);
  });

  it('in a group is answered as a reply to it; in private, and where no id is known, by itself', async () => {
    const { route } = router();
    const group = { kind: 'group' as const, chatId: 'g1', mentioned: true };
    await route(says('a', 'one', { place: group, messageId: 'om_1' }));
    await route(says('b', 'one', { place: group }));
    await route(says('c', 'one', { messageId: 'om_3' }));
    const { rows } = await database.db.execute<{ reply_to: string | null; n: number }>(
      sql`select reply_to, count(*)::int as n from outbox_messages group by 1 order by 1 nulls last`,
    );
    expect(rows).toEqual([
      { reply_to: 'om_1', n: 1 },
      { reply_to: null, n: 2 },
    ]);
  });

  it('is kept without the words that somebody wrote', async () => {
    await router().route(says('a', '我的密码是 hunter2'));
    const { rows } = await database.db.execute<Record<string, unknown>>(sql`select * from inbox`);
    expect(JSON.stringify(rows)).not.toContain('hunter2');
    expect(rows[0]).toMatchObject({ command: 'unknown', employee_id: actorNamed('a').employeeId });
  });

  it('for another role does nothing but say so', async () => {
    await router().route(says('a', 'hr'));
    expect(await effects()).toEqual(['a forbidden']);
  });
});

describe('many events at once', () => {
  it('take effect once each through two routers, with 30 in 100 delivered twice, in any order', async () => {
    const events = Array.from({ length: 400 }, (_, n) => says(`p${n % 90}`, n % 3 === 0 ? 'two' : 'one'));
    const twice = events.filter((_, n) => n % 10 < 3).map((event) => ({ ...event }));
    const [deliveries] = fc.sample(
      fc.shuffledSubarray([...events, ...twice], { minLength: events.length + twice.length }),
      { numRuns: 1, seed: 20_260_918 },
    ) as [ChatEvent[]];
    const elsewhere = openDatabase(database.url, { maxConnections: 5 });
    const routers = [router(), router({ db: elsewhere.db })];
    const routed = await Promise.all(deliveries.map((event, n) => (routers[n % 2] as Router).route(event)));
    await elsewhere.close();
    expect(routed.filter(({ outcome }) => outcome === 'handled')).toHaveLength(400);
    expect(routed.filter(({ outcome }) => outcome === 'repeat')).toHaveLength(120);
    expect(await effects()).toHaveLength(400);
    expect(await rowsIn('inbox')).toBe(400);
    expect(await rowsIn('deliveries')).toBe(400);
  });

  it('all delivered to both routers at the same moment take effect once each', async () => {
    const events = Array.from({ length: 200 }, (_, n) => says(`p${n % 40}`, 'one'));
    const [a, b] = [router(), router()];
    const routed = await Promise.all([
      ...events.map((event) => a.route(event)),
      ...[...events].reverse().map((event) => b.route({ ...event })),
    ]);
    expect(routed.filter(({ outcome }) => outcome === 'handled')).toHaveLength(200);
    expect(await effects()).toHaveLength(200);
  });

  it('of one person follow one another, whichever router has them', async () => {
    const [a, b] = [router(), router()];
    const names = ['x', 'y', 'z'];
    const events = Array.from({ length: 300 }, (_, n) => says(names[n % 3] as string, 'count'));
    await Promise.all(events.map((event, n) => (n % 2 === 0 ? a : b).route(event)));
    const { rows } = await database.db.execute(sql`select person, value from counters order by person`);
    expect(rows).toEqual(names.map((person) => ({ person, value: 100 })));
  });

  it('of one person are answered in the order in which they came, also by different commands', async () => {
    const { route } = router();
    const words = Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? 'one' : 'two'));
    await Promise.all(words.flatMap((word) => [route(says('a', word)), route(says('b', word))]));
    const all = await effects();
    for (const person of ['a', 'b']) {
      expect(all.filter((effect) => effect.startsWith(person))).toEqual(
        words.map((word) => `${person} ${word}`),
      );
    }
  });

  it('of the same people in different orders never wait for each other for ever', async () => {
    const failures: unknown[] = [];
    const routers = [router(), router()];
    const events = fc.array(
      fc.record({
        person: fc.constantFrom('x', 'y', 'z', 'u', 'v'),
        word: fc.constantFrom('one', 'count', 'two'),
      }),
      { minLength: 20, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(events, async (deeds) => {
        const sent = deeds.map(({ person, word }, n) =>
          (routers[n % 2] as Router)
            .route(says(person, word))
            .catch((error: unknown) => failures.push(error)),
        );
        await Promise.all(sent);
        expect(failures).toEqual([]);
      }),
      { numRuns: 15 },
    );
    const { rows } = await database.db.execute<{ deadlocks: string }>(
      sql`select deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(Number(rows[0]?.deadlocks)).toBe(0);
  });
});

describe('an event whose command throws', () => {
  it('fails alone, leaves nothing, and works when it is delivered again', async () => {
    broken = true;
    const { route } = router();
    const bad = says('a', 'breaks');
    const good = Array.from({ length: 20 }, (_, n) => says(`p${n}`, 'one'));
    const ends = await Promise.allSettled(
      [...good.slice(0, 10), bad, ...good.slice(10)].map((event) => route(event)),
    );
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(ends[10]?.status).toBe('rejected');
    expect(await effects()).toHaveLength(20);
    expect(await rowsIn('inbox')).toBe(20);
    broken = false;
    expect((await route(bad)).outcome).toBe('handled');
    expect((await route(bad)).outcome).toBe('repeat');
    expect((await effects()).filter((effect) => effect === 'a breaks')).toHaveLength(1);
  });

  it('does not put what somebody wrote into the log', async () => {
    let logged = '';
    const log = createLog(
      'info',
      new Writable({
        write: (chunk, _encoding, done) => {
          logged += String(chunk);
          done();
        },
      }) as never,
    );
    const failing = router({
      log,
      actorsOf: async (tx, events) => {
        await tx.execute(
          sql`select ${'hunter2'}::int, ${JSON.stringify(events.map(({ payload }) => payload))}`,
        );
        return [];
      },
    });
    await expect(failing.route(says('a', '我的秘密 swordfish'))).rejects.toThrow();
    expect(logged).toContain('event failed');
    expect(logged).not.toContain('swordfish');
  });
});

describe('the command table', () => {
  it('refuses two commands with one name, and two with one word', () => {
    expect(() => commandTable([command('a'), command('a')], fallbacks)).toThrow('two commands are named a');
    expect(() =>
      commandTable([command('a', { words: ['打卡'] }), command('b', { words: ['打 卡！'] })], fallbacks),
    ).toThrow('a and b both answer to 打 卡！');
  });

  const table = commandTable(
    [
      command('export', { words: ['导出', 'export'], takesArgument: true }),
      command('export.points', { words: ['导出积分'], takesArgument: true }),
      command('plain', { words: ['打卡', 'check in'] }),
      command('for-hr', { words: ['名单'], permission: 'exports.make' }),
    ],
    fallbacks,
  );
  const resolve = (word: string, actor = actorNamed('a')) => {
    const { command: found, argument } = table.resolve(says('a', word), actor, sealer);
    return `${found.name}|${argument}`;
  };
  it.each([
    ['导出 2026-11', 'export|2026-11'],
    ['导出2026-11', 'export|2026-11'],
    ['导出：２０２６－１１', 'export|2026-11'],
    ['@促活 导出 2026-11', 'export|2026-11'],
    ['导 出 2026-11', 'export|2026-11'],
    ['导出', 'export|'],
    ['Export 2026-11', 'export|2026-11'],
    ['导出积分 2026-11', 'export.points|2026-11'],
    ['打卡 2026-11', 'unknown|打卡 2026-11'],
    ['CHECK IN', 'plain|'],
    ['名单', 'forbidden|'],
    ['导', 'unknown|导'],
    ['', 'unknown|'],
  ])('understands %j as %j', (word, found) => {
    expect(resolve(word)).toBe(found);
  });

  it('opens a role’s words to whoever has the role', () => {
    expect(resolve('名单', { ...actorNamed('a'), roles: ['hr'] })).toBe('for-hr|');
  });

  it('lets nobody press a button of a role that they have lost', () => {
    const actor = actorNamed('a');
    const press = (name: string, owner: string) =>
      table.resolve(
        says('a', '', { payload: { kind: 'action', actionId: sealer.seal({ name }, owner), inputs: {} } }),
        actor,
        sealer,
      ).command.name;
    expect(press('for-hr', actor.employeeId)).toBe('forbidden');
    expect(press('plain', actor.employeeId)).toBe('plain');
    expect(press('plain', randomUUID())).toBe('not-yours');
    expect(press('gone', actor.employeeId)).toBe('forged');
  });

  it('lets everybody press a button that is the same for all, within their roles', () => {
    const press = (name: string) => {
      const actionId = sealer.seal({ name, anybody: true }, randomUUID());
      const event = says('a', '', { payload: { kind: 'action', actionId, inputs: {} } });
      return table.resolve(event, actorNamed('a'), sealer).command.name;
    };
    expect(press('plain')).toBe('plain');
    expect(press('for-hr')).toBe('forbidden');
  });
});
