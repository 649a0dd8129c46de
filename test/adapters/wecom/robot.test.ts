import { afterEach, describe, expect, it } from '@jest/globals';
import Fastify from 'fastify';
import { createWecomAdapter } from '#src/adapters/wecom/index.ts';
import { WAYS } from '#src/adapters/wecom/limits.ts';
import type { InstantAnswer, Receive } from '#src/chat/adapter.ts';
import { silentLog } from '#src/kernel/log.ts';
import { systemClock } from '#src/kernel/time.ts';
import { buttonsOf, wordsOf } from '#src/simulators/wecom/client.ts';
import {
  ANNA,
  aCard,
  BEN,
  GROUP,
  groupOf,
  optionsFor,
  startWecom,
  type TestWecom,
  until,
} from './support.ts';

let the: TestWecom;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(receive: Receive = async () => ({}), more = {}): Promise<TestWecom> {
  the = await startWecom(receive, more);
  closing.unshift(the.close);
  return the;
}

async function mention(words = '你好', person = BEN): Promise<void> {
  const before = the.events.length;
  await the.simulator.robot.says(person, words, { group: GROUP });
  await until(() => the.events.length > before);
}

/** Another process of the same installation. */
async function another(): Promise<ReturnType<typeof createWecomAdapter>> {
  const { database, fileRoot, simulator } = the;
  const adapter = createWecomAdapter(optionsFor(simulator), {
    database,
    fileRoot,
    clock: systemClock,
    log: silentLog,
  });
  closing.unshift(() => adapter.close());
  return adapter;
}

const text = (words: string, key: string) => groupOf(GROUP, { kind: 'text', text: words }, key);
const wordsInGroup = () => the.simulator.client.groupChat(GROUP).map(wordsOf);

describe('in a group', () => {
  it('the robot does not speak before somebody has mentioned it, and we say so', async () => {
    await start();
    expect(await the.adapter.send([text('大家好', 'g1')], WAYS.robot)).toMatchObject([
      { kind: 'unreachable', reason: expect.stringContaining('846607') },
    ]);
    await mention();
    expect(await the.adapter.send([text('大家好', 'g2')], WAYS.robot)).toMatchObject([{ kind: 'accepted' }]);
  });

  it('a pressed card is replaced inside the window', async () => {
    let answer: InstantAnswer = {};
    await start(async () => answer);
    await mention();
    const [sent] = await the.adapter.send(
      [groupOf(GROUP, { kind: 'card', card: aCard() }, 'g3')],
      WAYS.robot,
    );
    const [delivery] = the.simulator.client.groupChat(GROUP);
    if (delivery === undefined) throw new Error('no card');
    answer = { card: aCard({ title: '已打卡', tone: 'good', buttons: [] }) };
    const key = buttonsOf(delivery)[0]?.key ?? '';
    expect(key).toBe('action-one');
    expect(await the.simulator.robot.taps(ANNA, GROUP, key, delivery.content.body)).toBe(true);
    expect(wordsInGroup()[0]).toContain('已打卡');
    expect(the.events.at(-1)).toMatchObject({
      place: { kind: 'group', chatId: GROUP },
      payload: { cardMessageId: sent?.kind === 'accepted' ? sent.platformMessageId : '' },
    });
  });

  it('a press that is answered with words brings them to the person, not to everybody', async () => {
    let answer: InstantAnswer = {};
    await start(async () => answer);
    await mention();
    await the.adapter.send([groupOf(GROUP, { kind: 'card', card: aCard() }, 'g4')], WAYS.robot);
    const [delivery] = the.simulator.client.groupChat(GROUP);
    answer = { toast: '这张卡片是别人的' };
    void the.simulator.robot.taps(ANNA, GROUP, 'action-one', delivery?.content.body ?? {});
    await until(() => the.simulator.client.chat(ANNA).length > 0);
    expect(the.simulator.client.chat(ANNA).map(wordsOf)).toEqual(['这张卡片是别人的']);
    expect(wordsInGroup()).toHaveLength(1);
  });

  it('a file comes through the robot', async () => {
    await start();
    await mention();
    const file = { kind: 'file' as const, name: '名单.txt', mime: 'text/plain', path: 'hello.txt', bytes: 8 };
    expect(await the.adapter.send([groupOf(GROUP, file, 'g5')], WAYS.robot)).toMatchObject([
      { kind: 'accepted' },
    ]);
    const [delivery] = the.simulator.client.groupChat(GROUP);
    expect(the.simulator.world.media.get(String(delivery?.content.body['media_id']))?.name).toBe('名单.txt');
  });

  it('too many messages are refused, and we are told to wait', async () => {
    await start();
    await mention();
    the.simulator.fails('aibot_send_msg', { kind: 'errcode', errcode: 45_009 });
    await expect(the.adapter.send([text('x', 'g6')], WAYS.robot)).rejects.toMatchObject({ fate: 'wait' });
  });
});

it('somebody who speaks to the robot alone is told where the answer is', async () => {
  await start();
  await the.simulator.robot.says(ANNA, '打卡', {});
  const chat = () => the.simulator.world.chats.get(`robot ${ANNA}`) ?? [];
  await until(() => chat().length > 0);
  expect(the.events).toMatchObject([{ actor: ANNA, place: { kind: 'private' } }]);
  expect(chat().map(wordsOf).join()).toContain('促活');
});

it('an encrypted id is the person’s own by way of the app', async () => {
  await start();
  the.simulator.robot.hideIds();
  await mention('打卡', ANNA);
  await mention('打卡', ANNA);
  expect(the.events.map(({ actor }) => actor)).toEqual([ANNA, ANNA]);
  expect(the.simulator.calls('batch/openuserid_to_userid')).toBe(1);
});

describe('the connection', () => {
  it('has one owner; another process sends through it', async () => {
    await start();
    await mention();
    const other = await another();
    expect(await other.send([text('从另一个进程来', 'c1')], WAYS.robot)).toMatchObject([
      { kind: 'accepted' },
    ]);
    expect(wordsInGroup()).toEqual(['从另一个进程来']);
    expect(the.simulator.robot.subscriptions()).toBe(1);
  });

  it('tells the other process why it could not send', async () => {
    await start();
    const other = await another();
    expect(await other.send([text('没人叫过我', 'c2')], WAYS.robot)).toMatchObject([
      { kind: 'unreachable', reason: expect.stringContaining('846607') },
    ]);
  });

  it('goes to another process when its owner ends', async () => {
    await start();
    await mention();
    const other = await another();
    const heard: string[] = [];
    const server = Fastify();
    closing.unshift(() => server.close());
    await other.listen?.(server, async ({ actor }) => {
      heard.push(actor);
      return {};
    });
    await the.adapter.close();
    await until(() => the.simulator.robot.subscriptions() === 2 && the.simulator.robot.connected());
    await the.simulator.robot.says(BEN, '还在吗', { group: GROUP });
    await until(() => heard.length > 0);
    expect(heard).toEqual([BEN]);
  });

  it('that breaks is opened again', async () => {
    await start();
    the.simulator.robot.drop();
    await until(() => the.simulator.robot.subscriptions() === 2 && the.simulator.robot.connected());
    await mention();
  });

  it('that somebody else took is not fought over: the administrator is told, and we try again later', async () => {
    await start(undefined, { robotTiming: { afterEvictionMs: 400, leaseMs: 1000 } });
    the.simulator.robot.evict();
    await until(() => !the.simulator.robot.connected());
    await untilReady('another program has connected with the same robot');
    expect(the.simulator.robot.subscriptions()).toBe(1);
    await until(() => the.simulator.robot.subscriptions() === 2);
    await untilReady(undefined);
  });

  it('is not asked for again and again with a wrong secret', async () => {
    await start(undefined, { robotTiming: { afterEvictionMs: 60_000, leaseMs: 1000 } });
    the.simulator.world.bot = { ...the.simulator.world.bot, secret: 'another' };
    the.simulator.robot.drop();
    await untilReady('CUHUO_WECOM_BOT_SECRET');
    // Once before, and the two tries of the vendor's client, which then gives up until we ask it again.
    expect(the.simulator.calls('aibot_subscribe')).toBe(3);
    expect(the.simulator.robot.connected()).toBe(false);
  });
});

async function untilReady(reason: string | undefined): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    const found = await the.adapter.readiness();
    if (reason === undefined ? found === undefined : found?.includes(reason) === true) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not told: ${reason}; but ${await the.adapter.readiness()}`);
}
