import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { and, eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { ChannelDeps } from '#src/app/channels.ts';
import { loadContent } from '#src/app/content.ts';
import { serveWeb } from '#src/app/web.ts';
import { type App, createApp } from '#src/app.ts';
import type { ChannelAdapter, Dispatch } from '#src/chat/adapter.ts';
import type { Way } from '#src/chat/quota.ts';
import { behaviourSchema } from '#src/config/behaviour.ts';
import { identities } from '#src/features/directory/directory.tables.ts';
import { importEntries } from '#src/features/faq/index.ts';
import { silentLog } from '#src/kernel/log.ts';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { deliveries } from '#src/outbox/outbox.tables.ts';
import type { ChannelDriver, Lack, Seen, Where } from '../adapters/contract.ts';
import { office } from '../features/faq/office.ts';
import { contentFolder, idsByNumber } from '../support/content.ts';
import { testDatabase } from '../support/database.ts';

/** A platform, or its simulator, that runs and has not met our application yet. */
export interface Platform {
  /** Our adapter on this platform. The platform's own clock must be `deps.clock`: the application's stands still. */
  open(deps: ChannelDeps): ChannelAdapter;
  /** After the adapter listens: `server` answers at `url`. Resolves when events can reach it. */
  join(app: { url: string; server: FastifyInstance; deps: ChannelDeps }): Promise<Client>;
  close(): Promise<void>;
}

/**
 * What people do there, as in the contract; `seen` shows what the bot sent and nothing else. Anna becomes 张小满 of a
 * small company, Ben its HR.
 */
export type Client = Omit<ChannelDriver, 'adapter' | 'file' | 'pictures' | 'uploads' | 'close'>;

const START = '2026-09-18T00:00:00Z';
const ANNA = 'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner';
const BEN = 'E2,王知行,RD,,人事,Asia/Shanghai,zh-CN,hr,,2020-01-06,,beginner';

export interface Joined {
  app: App;
  database: Awaited<ReturnType<typeof testDatabase>>;
  /** The same people and places, with what they saw. */
  client: Client;
  adapter: ChannelAdapter;
  /** The root that files are sent from. */
  fileRoot: string;
  /** How often the state of a delivery on this channel is `state`. */
  count(state: 'read'): Promise<number>;
  close(): Promise<void>;
}

/**
 * A first day with the whole product, as every channel shows it: the application with its database, its queue and its
 * server on one side, the platform on the other. A person whose client shows no button types its word.
 */
export function conversationsOn(
  name: string,
  start: () => Promise<Platform>,
  options: { lacks?: readonly Lack[] } = {},
): void {
  const lacks = (lack: Lack) => options.lacks?.includes(lack) === true;
  const unless = (lack: Lack) => (lacks(lack) ? it.skip : it);

  describe(`a first day on ${name}`, () => {
    let the: Joined;
    let anna: string;
    let ben: string;
    beforeAll(async () => {
      the = await meet(await start());
      anna = the.client.people.anna;
      ben = the.client.people.ben;
    });
    afterAll(() => the?.close());

    const seen = async (where: Where): Promise<Seen[]> => the.client.seen(where);
    const privately = (person: string): Where => ({ person });

    /** What `deed` brought to a place, once `words` are among it; the rest of the fleet may still be at work. */
    async function brings(where: Where, deed: () => Promise<unknown>, words: string): Promise<Seen[]> {
      const before = (await seen(where)).length;
      await deed();
      for (let round = 0; round < 200; round += 1) {
        await the.app.settled();
        const fresh = (await seen(where)).slice(before);
        if (fresh.some((message) => message.words.includes(words))) return fresh;
        await pause(50);
      }
      const fresh = (await seen(where)).slice(before);
      throw new Error(`nobody said ${words}, but: ${fresh.map((message) => message.words).join(' | ')}`);
    }

    const answers = (person: string, said: string, words: string): Promise<Seen[]> =>
      brings(privately(person), () => the.client.says(person, said), words);

    /** Everything that has been asked is answered. */
    async function quiet(): Promise<void> {
      await the.app.settled();
      await pause(100);
      await the.app.settled();
    }

    it('is ready', async () => {
      expect(await the.adapter.readiness()).toBeUndefined();
    });

    it('the tip of the day arrives at ten past nine, once', async () => {
      await the.app.advance(Temporal.Instant.from('2026-09-18T01:09:00Z'));
      expect(await seen(privately(anna))).toHaveLength(0);
      const fresh = await brings(
        privately(anna),
        () => the.app.advance(Temporal.Instant.from('2026-09-18T01:10:00Z')),
        '今日技巧',
      );
      expect(fresh).toHaveLength(1);
      await the.app.advance(Temporal.Instant.from('2026-09-18T01:30:00Z'));
      await quiet();
      expect(await seen(privately(anna))).toHaveLength(1);
    });

    it('打卡 by the button is answered at once, and the card says so', async () => {
      const tip = (await seen(privately(anna)))[0];
      if (tip === undefined) throw new Error('there is no tip');
      if (!tip.buttons.includes('打卡')) {
        await answers(anna, '打卡', '第 1 天');
        return;
      }
      const { toast } = await the.client.taps(anna, tip.messageId, '打卡');
      if (!lacks('toast')) expect(toast).toContain('第 1 天');
      await quiet();
      const after = await seen(privately(anna));
      if (lacks('update')) return;
      const card = after.find(({ messageId }) => messageId === tip.messageId);
      expect(card?.words).toContain('已打卡');
      expect(card?.buttons).not.toContain('打卡');
    });

    it('打卡 by the word is answered with the first day', async () => {
      await answers(ben, '打卡', '第 1 天');
    });

    it('a second 打卡 says that it is done already', async () => {
      await answers(ben, ' ＠促活 打 卡！', '已经打过卡');
    });

    it('the same message, delivered again, is answered once', async () => {
      await answers(ben, '帮助', '我能帮你做这些');
      const before = await seen(privately(ben));
      await the.client.redelivers();
      await quiet();
      expect(await seen(privately(ben))).toHaveLength(before.length);
    });

    it('我的 shows the record', async () => {
      const fresh = await answers(anna, '我的', '张小满 的打卡记录');
      expect(fresh.map(({ words }) => words).join()).toContain('1 天');
    });

    it('排行榜 shows who stands where', async () => {
      await answers(anna, '排行榜', '第 1 名');
    });

    it('HR gets the file of check-ins, to open', async () => {
      const fresh = await answers(ben, '导出打卡 2026-09', '2026-09.xlsx');
      const file = fresh.find(({ kind }) => kind === 'file');
      expect(await the.client.opens(file?.messageId ?? '', ben)).toMatch(/^PK/);
    });

    it('whoever is not HR does not', async () => {
      const fresh = await answers(anna, '导出打卡 2026-09', '只开放给负责的同事');
      expect(fresh.filter(({ kind }) => kind === 'file')).toEqual([]);
    });

    it('a question is answered from the knowledge base', async () => {
      await answers(anna, '我忘了登录密码，怎么找回', '忘记密码');
    });

    it('今日技巧 asked in a group is shown there', async () => {
      if (lacks('group-card') || lacks('group-text')) return;
      const says = () => the.client.says(anna, '今日技巧', { group: the.client.groupId, mention: true });
      await brings({ group: the.client.groupId }, says, '今日技巧｜');
    });

    unless('group-text')('a mention in a group is answered there, other talk is not', async () => {
      const group: Where = { group: the.client.groupId };
      const says = (text: string, mention: boolean) => () =>
        the.client.says(anna, text, { group: the.client.groupId, mention });
      await brings(group, says('打卡', true), '已经打过卡');
      const before = await seen(group);
      await says('中午吃什么', false)();
      await quiet();
      expect(await seen(group)).toHaveLength(before.length);
    });

    unless('group-text')('我的 asked in a group is answered in private', async () => {
      const before = await seen({ group: the.client.groupId });
      const asks = () => the.client.says(anna, '我的', { group: the.client.groupId, mention: true });
      await brings(privately(anna), asks, '张小满 的打卡记录');
      expect(await seen({ group: the.client.groupId })).toHaveLength(before.length);
    });

    unless('read-receipt')('what somebody has looked at is known to be read', async () => {
      const before = await the.count('read');
      const last = (await seen(privately(anna))).at(-1);
      await the.client.reads(anna, last?.messageId ?? '');
      await quiet();
      expect(await the.count('read')).toBeGreaterThan(before);
    });

    it('补卡 and 补学 say kindly when there is nothing to make up', async () => {
      await answers(anna, '补卡 9-17 那天忘了', '不用补');
      await answers(anna, '补卡', '都没有漏卡');
      await answers(anna, '补学', '不用补学');
    });

    it('a missed day is asked for in words, agreed to by HR, and counts', async () => {
      await the.app.advance(Temporal.Instant.from('2026-09-21T02:00:00Z'));
      await answers(anna, '补卡 9-20 那个周日在客户现场', '补卡交上去了');
      await brings(privately(anna), () => the.client.says(ben, '同意补卡 E1'), '补卡通过了');
      await answers(anna, '我的', '2 天');
    });
  });
}

/** The application with a small company, and whoever else is named, listening on the platform. */
export async function meet(platform: Platform, more: readonly string[] = []): Promise<Joined> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-channel-'));
  const behaviour = behaviourSchema.parse({ clock: { startAt: START } });
  const config = { role: 'all', clock: 'manual', sandbox: false, dataDir, redisUrl: undefined } as const;
  let deps: ChannelDeps | undefined;
  let adapter: ChannelAdapter | undefined;
  const app = await createApp({
    config: { ...config, behaviour },
    database,
    databaseUrl: database.url,
    secrets: { secretKey: Buffer.alloc(32, 7) },
    log: silentLog,
    channels: (given) => {
      deps = given;
      adapter = platform.open(given);
      return [oneAtATime(adapter)];
    },
  });
  if (deps === undefined || adapter === undefined) throw new Error('no channel was opened');
  await loadPeople(app, database, behaviour.zone, more);
  const web = {
    app,
    database,
    config: { ...config, behaviour, publicUrl: 'http://127.0.0.1' },
    log: silentLog,
  };
  const server = await serveWeb({ ...web, secrets: { adminToken: 'test-admin-token' } });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const client = await platform.join({ url, server, deps });
  const { channel, account } = adapter;
  const ids = await idsByNumber(database.db);
  const accounts = [
    [client.people.anna, 'E1'],
    [client.people.ben, 'E2'],
  ] as const;
  await database.db
    .insert(identities)
    .values(
      accounts.map(([platformId, number]) => ({
        channel,
        account,
        platformId,
        employeeId: ids.get(number) ?? '',
      })),
    )
    .onConflictDoNothing();
  await app.refreshSchedules();
  await app.startWorking();
  await app.advance(Temporal.Instant.from(START));
  return {
    app,
    database,
    client,
    adapter,
    fileRoot: deps.fileRoot,
    count: (state) =>
      database.db.$count(deliveries, and(eq(deliveries.channel, channel), eq(deliveries.state, state))),
    async close() {
      await server.close();
      await app.stop();
      await platform.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function loadPeople(
  app: App,
  { db }: Awaited<ReturnType<typeof testDatabase>>,
  zone: string,
  more: readonly string[],
): Promise<void> {
  const folder = await contentFolder({ people: [ANNA, BEN, ...more], tips: 20 });
  await loadContent(db, folder.path, {
    at: Temporal.Instant.from(START),
    zone,
    calendar: workdayCalendar(),
    actor: { kind: 'system', id: 'test' },
    fileRoot: folder.path,
  });
  await folder.remove();
  const entries = office.map((entry, place) => ({ line: place + 1, entry }));
  await db.transaction((tx) => importEntries(tx, entries, app.clock.now()));
}

/** One dispatch a call, by the way on which a message can be touched afterwards: the conversation is not a broadcast. */
function oneAtATime(adapter: ChannelAdapter): ChannelAdapter {
  const wayOf = ({ message, to }: Dispatch): Way | undefined => {
    const taking = adapter.ways.filter((way) => way.takes(message, to));
    return taking.find(({ serves }) => serves === 'single') ?? taking[0];
  };
  const [first] = adapter.ways;
  if (first === undefined) throw new Error('the channel has no way to send');
  const { ownContents: _any, ...way } = first;
  const repeatsSafely = adapter.ways.every((one) => one.repeatsSafely);
  return {
    ...adapter,
    ways: [{ ...way, batchSize: 1, repeatsSafely, serves: 'single', takes: () => true }],
    async send(dispatches) {
      const results = dispatches.map(async (one) => adapter.send([one], wayOf(one)?.name ?? first.name));
      return (await Promise.all(results)).flat();
    },
  };
}
