import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { createWecomAdapter, type WecomOptions } from '#src/adapters/wecom/index.ts';
import type { ChannelAdapter, Receive } from '#src/chat/adapter.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import type { SealedCard, SealedMessage } from '#src/chat/message.ts';
import { type Log, silentLog } from '#src/kernel/log.ts';
import { type Clock, systemClock } from '#src/kernel/time.ts';
import { buttonsOf, wordsOf } from '#src/simulators/wecom/client.ts';
import { startWecomSimulator, type WecomSimulator } from '#src/simulators/wecom/index.ts';
import type { SimDelivery, WorldOptions } from '#src/simulators/wecom/world.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import type { ChannelDriver, Seen } from '../contract.ts';

export const GROUP = 'wrGroupOfTheRobot';
export const ANNA = 'anna';
export const BEN = 'ben';
export const WEBHOOK_KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa';

/** A simulated WeCom with two people, a department and a group. */
export async function startPlatform(options: WorldOptions = {}): Promise<WecomSimulator> {
  const simulator = await startWecomSimulator(options);
  const { client } = simulator;
  client.addDepartment({ id: 2, name: '研发部' });
  // WeCom writes ids as they were typed in, and compares them without case.
  client.addPerson({ userid: 'Anna', name: '张小满', departments: [2], position: '工程师' });
  client.addPerson({ userid: BEN, name: '王知行', departments: [2] });
  client.addRobotGroup(GROUP, '上手交流群', [ANNA, BEN]);
  client.addWebhookGroup(WEBHOOK_KEY, '全员群');
  return simulator;
}

export function optionsFor(simulator: WecomSimulator, more: Partial<WecomOptions> = {}): WecomOptions {
  const { world, url, wsUrl } = simulator;
  return {
    app: {
      corpId: world.corpId,
      agentId: String(world.agentId),
      secret: world.secret,
      token: world.token,
      aesKey: world.aesKey,
      baseUrl: url,
      contactSecret: undefined,
      groupWebhooks: { 全员群: `${url}/cgi-bin/webhook/send?key=${WEBHOOK_KEY}` },
    },
    robot: { ...world.bot, wsUrl },
    behaviour: { accountLimit: 500, menu: [{ name: '打卡', word: '打卡' }] },
    robotTiming: { afterEvictionMs: 200, leaseMs: 1_000 },
    ...more,
  };
}

export interface TestWecom {
  simulator: WecomSimulator;
  adapter: ChannelAdapter;
  server: FastifyInstance;
  database: TestDatabase;
  fileRoot: string;
  events: ChatEvent[];
  close(): Promise<void>;
}

/** The adapter on a server of its own beside the simulator, which knows its callback. */
export async function startWecom(
  receive: Receive,
  more: Partial<WecomOptions> & { world?: WorldOptions; log?: Log; clock?: Clock } = {},
): Promise<TestWecom> {
  const { world, log = silentLog, clock = systemClock, ...options } = more;
  const database = await testDatabase();
  const simulator = await startPlatform(world);
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-wecom-'));
  // Every file of WeCom has more than five bytes, so this one begins with a byte order mark.
  await writeFile(join(fileRoot, 'hello.txt'), '\ufeffhello');
  const events: ChatEvent[] = [];
  const adapter = createWecomAdapter(optionsFor(simulator, options), { database, clock, log, fileRoot });
  const server = Fastify();
  await adapter.listen?.(server, async (event) => {
    const answer = await receive(event);
    events.push(event);
    return answer;
  });
  simulator.world.callbackUrl = `${await server.listen({ host: '127.0.0.1', port: 0 })}/webhooks/wecom`;
  const { robot } = optionsFor(simulator, options);
  await until(
    () => simulator.robot.connected() || robot === undefined || robot.secret !== simulator.world.bot.secret,
  );
  return {
    simulator,
    adapter,
    server,
    database,
    fileRoot,
    events,
    async close() {
      await server.close();
      await adapter.close();
      await simulator.close();
      await database.close();
      await rm(fileRoot, { recursive: true });
    },
  };
}

export async function until(condition: () => boolean, patienceMs = 10_000): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not happen');
    await sleep(10);
  }
}

export type Client = Omit<ChannelDriver, 'adapter' | 'file' | 'pictures' | 'uploads' | 'close'>;

/** What people do in WeCom. `heard` counts the events that have been answered: the robot has no answer to wait for. */
export function clientOf(simulator: WecomSimulator, heard: () => number): Client {
  const { client, robot, world } = simulator;
  let lastWasRobot = false;

  async function untilHeard(deed: () => unknown): Promise<void> {
    const before = heard();
    await deed();
    await until(() => heard() > before);
  }

  return {
    people: { anna: ANNA, ben: BEN, stranger: 'nobody' },
    groupId: GROUP,
    seen: async (where) =>
      ('person' in where ? client.chat(where.person) : client.groupChat(where.group)).map(seenFrom),
    async opens(messageId, person) {
      const delivery = client.chat(person).find(({ msgid }) => msgid === messageId);
      const media = world.media.get(String(delivery?.content.body['media_id']));
      return new TextDecoder().decode(media?.bytes);
    },
    async says(person, text, { group, mention } = {}) {
      if (group === undefined) {
        lastWasRobot = false;
        await client.says(person, text);
      } else if (mention === true) {
        lastWasRobot = true;
        await untilHeard(() => robot.says(person, text, { group }));
      }
    },
    async taps(person, messageId, label, inputs = {}) {
      lastWasRobot = false;
      const chosen = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, [value]]));
      await client.taps(person, messageId, label, chosen);
      return {};
    },
    reads: () => Promise.resolve(),
    redelivers: () => (lastWasRobot ? untilHeard(() => robot.again()) : client.again().then(() => undefined)),
  };
}

function seenFrom(delivery: SimDelivery): Seen {
  const { msgid: messageId, content, recalled } = delivery;
  const buttons = buttonsOf(delivery).map(({ label }) => label);
  if (recalled) return { messageId, kind: 'recalled', words: '', buttons: [] };
  if (content.msgtype === 'file') return { messageId, kind: 'file', words: '', buttons: [] };
  if (content.msgtype === 'image') return { messageId, kind: 'image', words: '', buttons: [] };
  const kind = content.msgtype === 'template_card' ? 'card' : 'text';
  return { messageId, kind, words: wordsOf(delivery), buttons };
}

/** The same, with names of files and bytes of pictures, which only the platform's media know. */
export function seenWith(simulator: WecomSimulator, client: Client): Client['seen'] {
  return async (where) => {
    const deliveries =
      'person' in where ? simulator.client.chat(where.person) : simulator.client.groupChat(where.group);
    const { media, pictures } = simulator.world;
    return (await client.seen(where)).map((seen, index) => {
      const { msgtype = '', body = {} } = deliveries[index]?.content ?? {};
      const uploaded = media.get(String(body['media_id']));
      if (seen.kind === 'file') return { ...seen, words: uploaded?.name ?? '' };
      if (seen.kind === 'image') return { ...seen, picture: uploaded?.bytes };
      const linked = /https:\/\/wework\.invalid[^"')]+/.exec(JSON.stringify(body))?.[0];
      const kind = msgtype === 'markdown' && linked !== undefined ? ('card' as const) : seen.kind;
      return linked === undefined ? seen : { ...seen, kind, picture: pictures.get(linked) };
    });
  };
}

export const textTo = (person: string, words: string, key: string) => ({
  key,
  to: { kind: 'person' as const, platformId: person },
  message: { kind: 'text' as const, text: words },
});

export const cardTo = (person: string, card: SealedCard, key: string) => ({
  key,
  to: { kind: 'person' as const, platformId: person },
  message: { kind: 'card' as const, card },
});

export const groupOf = (chatId: string, message: SealedMessage, key: string) => ({
  key,
  to: { kind: 'group' as const, chatId },
  message,
});

export function aCard(more: Partial<SealedCard> = {}): SealedCard {
  return {
    title: '今日技巧',
    tone: 'notice',
    body: '按 **Ctrl+Alt+A** 即可截图',
    buttons: [{ label: '打卡', tone: 'primary', actionId: 'action-one', word: '打卡' }],
    ...more,
  };
}
