import { afterEach, describe, expect, it } from '@jest/globals';
import { createDingtalkAdapter } from '#src/adapters/dingtalk/index.ts';
import { WAYS } from '#src/adapters/dingtalk/limits.ts';
import type { InstantAnswer } from '#src/chat/adapter.ts';
import type { DirectoryHint } from '#src/chat/directory-source.ts';
import type { SealedCard } from '#src/chat/message.ts';
import { silentLog } from '#src/kernel/log.ts';
import { systemClock } from '#src/kernel/time.ts';
import { ANNA, keyOf, settingsFor } from './office.ts';
import { dispatchTo, type Opened, openOffice, until } from './opened.ts';

let the: Opened;
afterEach(async () => the.close());

const QUICK = { silenceMs: 300, pingMs: 50, backoffMs: 20, partingMs: 50 };
const quickly = { streamTimes: QUICK, leaseMs: 600 };
const strictness = { pingMs: 60, hangUpMs: 60, redeliverMs: 80, eventRetriesMs: [50, 100] };
const open = (options: Parameters<typeof openOffice>[0] = {}): Promise<Opened> =>
  openOffice({ deps: quickly, strictness, ...options });
const keys = (): string[] => the.events.map(({ key }) => key);

describe('the stream', () => {
  it('opens the next connection before it lets go of one that the server ends', async () => {
    the = await open();
    the.simulator.streams.disconnect();
    await until(() => the.simulator.streams.opened() === 2);
    expect(await the.simulator.deeds.says(ANNA, '打卡')).toBe(true);
    await until(() => the.simulator.streams.live() === 1);
    expect(the.events).toHaveLength(1);
  });

  it('comes back after a cut, and says why it is not ready meanwhile', async () => {
    the = await open();
    the.simulator.breaks(
      { path: /connections\/open/, kind: 'busy' },
      { path: /connections\/open/, kind: 'html' },
    );
    the.simulator.streams.cut();
    await until(() => the.simulator.streams.opened() === 2);
    expect(await the.simulator.deeds.says(ANNA, '打卡')).toBe(true);
  });

  it('replaces a connection that answers pings and delivers nothing, and the message comes again', async () => {
    the = await open({ strictness: { ...strictness, redeliverMs: 700 } });
    the.simulator.streams.turnToZombies();
    await the.simulator.deeds.says(ANNA, '打卡');
    await until(() => the.events.length > 0);
    expect(the.simulator.streams.opened()).toBeGreaterThan(1);
  });

  it('leaves a message unacknowledged when nothing was committed; its repeat has the same key', async () => {
    the = await open();
    let failed = false;
    the.answerWith(async () => {
      if (failed) return {};
      failed = true;
      throw new Error('the database is away');
    });
    const first = the.simulator.deeds.says(ANNA, '打卡');
    await until(() => failed);
    await the.simulator.deeds.redelivers();
    the.simulator.streams.cut();
    await first;
    await until(() => the.events.length >= 2);
    expect(new Set(keys()).size).toBe(1);
  }, 20_000);

  it('survives frames that fit nothing', async () => {
    the = await open();
    const frames = [
      '',
      'x',
      '[]',
      '{}',
      '{"type":"CALLBACK"}',
      `{"type":"SYSTEM","headers":{"messageId":"1"}}`,
    ];
    for (const frame of [
      ...frames,
      JSON.stringify({ type: 'CALLBACK', headers: { messageId: 'm', topic: '/x' } }),
    ])
      the.simulator.streams.raw(frame);
    for (const data of [{}, { msgId: 1 }, { msgId: 'm', conversationId: 'c', conversationType: '1' }])
      expect(await the.simulator.deeds.pushesRobot(data)).toBe(true);
    expect(await the.simulator.deeds.says(ANNA, '打卡')).toBe(true);
    expect(the.events).toHaveLength(1);
  });

  it('has one owner in the fleet, and another when that one goes', async () => {
    the = await open();
    const { simulator, database } = the;
    const heard: string[] = [];
    const settings = settingsFor(simulator);
    const deps = {
      database,
      clock: systemClock,
      log: silentLog,
      fileRoot: '/',
      publicUrl: 'http://x',
      ...quickly,
    };
    const second = createDingtalkAdapter(settings, deps);
    await second.listen?.(undefined as never, async ({ key }) => {
      heard.push(key);
      return {};
    });
    expect(simulator.streams.live()).toBe(1);
    expect(await second.readiness()).toBeUndefined();
    await the.adapter.close();
    await until(() => simulator.streams.opened() === 2 && simulator.streams.live() === 1);
    expect(await simulator.deeds.says(ANNA, '打卡')).toBe(true);
    expect(heard).toHaveLength(1);
    await second.close();
  });

  it('tells of changes in the directory as hints, and of readings as receipts', async () => {
    the = await open();
    const hints: DirectoryHint[] = [];
    the.adapter.directory?.onHint((hint) => hints.push(hint));
    await the.simulator.deeds.tells('user_leave_org', { timeStamp: '1', userId: ['u1', 'u2'] });
    await the.simulator.deeds.tells('org_dept_modify', { timeStamp: '1', deptId: [7] });
    await the.simulator.deeds.tells('chat_update_title', { chatId: 'x' });
    expect(hints).toEqual([
      { kind: 'person', platformId: 'u1' },
      { kind: 'person', platformId: 'u2' },
      { kind: 'department', id: '7' },
    ]);
  });

  it('hears nothing from a message that came without its words, when the month is used up', async () => {
    the = await open({ strictness: { ...strictness, pushesAMonth: 1 } });
    expect(await the.simulator.deeds.says(ANNA, '打卡')).toBe(true);
    expect(await the.simulator.deeds.says(ANNA, '打卡')).toBe(true);
    expect(the.events).toHaveLength(1);
  });
});

describe('a click on a card', () => {
  const card: SealedCard = {
    title: '今日技巧',
    tone: 'plain',
    body: '按 Ctrl+D',
    buttons: [{ label: '打卡', tone: 'primary', actionId: 'check-in', word: '打卡' }],
  };

  async function cardTo(person: string): Promise<string> {
    const [sent] = await the.adapter.send([dispatchTo(person, { kind: 'card', card })], WAYS.card);
    return keyOf(sent !== undefined && 'platformMessageId' in sent ? sent.platformMessageId : '');
  }

  it('that takes us too long is answered in time with nothing, and the card changes afterwards', async () => {
    the = await open({ template: true });
    const id = await cardTo(ANNA);
    let finish: (answer: InstantAnswer) => void = () => undefined;
    the.answerWith(() => new Promise((resolve) => (finish = resolve)));
    expect(await the.simulator.deeds.taps(ANNA, id, '打卡')).toEqual({ inTime: true });
    finish({ card: { ...card, title: '已打卡', buttons: [] } });
    await until(() => the.simulator.shown(`chat:${ANNA}`).some(({ words }) => words.includes('已打卡')));
    expect(the.metered).toContain('card/instances');
  });

  it('that came to nothing tells the client so', async () => {
    the = await open({ template: true });
    const id = await cardTo(ANNA);
    the.answerWith(async () => {
      throw new Error('the database is away');
    });
    expect(await the.simulator.deeds.taps(ANNA, id, '打卡')).toEqual({ inTime: false });
  });
});

describe('a reply within a session', () => {
  it('is no API call, and says so when there is no session', async () => {
    the = await open();
    const reply = () => the.adapter.send([dispatchTo(ANNA, { kind: 'text', text: '收到' })], WAYS.session);
    expect(await reply()).toEqual([{ kind: 'refused', reason: 'no-session' }]);
    await the.simulator.deeds.says(ANNA, '打卡');
    const before = the.simulator.counts.metered;
    expect(await reply()).toMatchObject([{ kind: 'accepted' }]);
    expect(the.simulator.counts.metered).toBe(before);
    expect(the.simulator.shown(`chat:${ANNA}`)).toMatchObject([{ words: '收到', sentBy: 'session' }]);
  });

  it('never goes to an address that is not the platform’s', async () => {
    the = await open();
    const now = Date.now();
    await the.simulator.deeds.pushesRobot({
      msgId: 'forged',
      conversationId: 'c',
      conversationType: '1',
      senderStaffId: ANNA,
      sessionWebhook: 'http://169.254.169.254/robot/sendBySession?session=x',
      sessionWebhookExpiredTime: now + 5_400_000,
      text: { content: '打卡' },
    });
    const message = { kind: 'text', text: '收到' } as const;
    expect(await the.adapter.send([dispatchTo(ANNA, message)], WAYS.session)).toEqual([
      { kind: 'refused', reason: 'no-session' },
    ]);
  });
});
