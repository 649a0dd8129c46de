import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Dispatch, Receive } from '#src/chat/adapter.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import { refuse } from '#src/simulators/feishu/answers.ts';
import { type FeishuSetUp, setUp } from './support.ts';

const SINGLE = 'im/v1/messages';
const RING = 'im/v1/messages/urgent_app';
const REPLY = 'im/v1/messages/reply';

let up: FeishuSetUp;
let heard: ChatEvent[];
const receive: Receive = async (event) => {
  heard.push(event);
  return {};
};
beforeEach(async () => {
  heard = [];
  up = await setUp({ mode: 'webhook', receive, simulator: { rates: 'off' } });
});
afterEach(() => up.close());

const message = { kind: 'text' as const, text: '今晚停电，请马上保存。' };
const toAnna = (key: string): Dispatch => ({ key, to: { kind: 'person', platformId: up.anna }, message });
const urgents = () => up.feishu.world.people.get(up.anna)?.urgents;

describe('加急', () => {
  it('sends the message, and then calls the person to it', async () => {
    expect(await up.adapter.send([toAnna('1')], RING)).toMatchObject([{ kind: 'delivered' }]);
    expect(up.feishu.messagesIn({ person: up.anna })).toHaveLength(1);
    expect(urgents()).toBe(1);
    await up.adapter.send([toAnna('2')], SINGLE);
    expect(urgents()).toBe(1);
  });

  it('that is refused leaves the message delivered, and says why', async () => {
    const person = up.feishu.world.people.get(up.anna);
    if (person !== undefined) person.urgents = 200;
    expect(await up.adapter.send([toAnna('1')], RING)).toEqual([
      { kind: 'delivered', platformMessageId: expect.stringMatching(/^om_/), note: 'not-rung 230023' },
    ]);
    up.feishu.faults.add({ call: RING, kind: { answer: refuse(230024, 'quota') } });
    expect(await up.adapter.send([toAnna('2')], RING)).toMatchObject([{ note: 'not-rung 230024' }]);
    expect(up.feishu.messagesIn({ person: up.anna })).toHaveLength(2);
  });

  it('whose answer is lost may have rung, and does not make a second message', async () => {
    up.feishu.faults.add({ call: RING, kind: 'lost' });
    expect(await up.adapter.send([toAnna('1')], RING)).toMatchObject([
      { kind: 'delivered', note: expect.stringMatching(/^ring-unknown /) },
    ]);
    expect(urgents()).toBe(1);
    await up.adapter.send([toAnna('1')], RING);
    expect(up.feishu.messagesIn({ person: up.anna })).toHaveLength(1);
  });

  it('does not ring for whoever did not get the message', async () => {
    const { openId } = up.feishu.world.addPerson({ name: '某人', available: false });
    const dispatch = { ...toAnna('1'), to: { kind: 'person' as const, platformId: openId } };
    expect(await up.adapter.send([dispatch], RING)).toEqual([{ kind: 'unreachable', reason: '230013' }]);
    expect(up.feishu.counts(RING).calls).toBe(0);
  });
});

describe('an answer in a group', () => {
  const toGroup = (key: string, replyTo: string): Dispatch => ({
    key,
    to: { kind: 'group', chatId: up.groupId },
    message: { kind: 'text', text: '排行榜在这里' },
    replyTo,
  });
  async function asked(): Promise<string> {
    await up.feishu.people.says(up.ben, '排行榜', { group: up.groupId, mention: true });
    return heard.at(-1)?.messageId ?? '';
  }

  it('is a reply to what was asked, once however often it is sent', async () => {
    const question = await asked();
    expect(question).toMatch(/^om_/);
    await up.adapter.send([toGroup('1', question)], SINGLE);
    await up.adapter.send([toGroup('1', question)], SINGLE);
    const answers = up.feishu.messagesIn({ group: up.groupId }).filter(({ replyTo }) => replyTo === question);
    expect(answers.map(({ content }) => content)).toEqual([{ text: '排行榜在这里' }]);
  });

  it('stands by itself when the question was taken back in the meantime', async () => {
    const question = await asked();
    const said = up.feishu.world.said.get(question);
    if (said !== undefined) said.recalled = true;
    await up.adapter.send([toGroup('1', question)], SINGLE);
    expect(up.feishu.messagesIn({ group: up.groupId }).at(-1)).toMatchObject({ replyTo: undefined });
  });

  it.each([
    ['recalled', '230011'],
    ['deleted', '230110'],
    ['out of sight', '230050'],
  ])('stands by itself when the question is %s', async (_what, code) => {
    const question = await asked();
    up.feishu.faults.add({ call: REPLY, kind: { answer: refuse(Number(code), 'gone') } });
    const before = up.feishu.messagesIn({ group: up.groupId }).length;
    expect(await up.adapter.send([toGroup('1', question)], SINGLE)).toMatchObject([{ kind: 'delivered' }]);
    const [answer, ...more] = up.feishu.messagesIn({ group: up.groupId }).slice(before);
    expect(answer).toMatchObject({ replyTo: undefined, content: { text: '排行榜在这里' } });
    expect(more).toEqual([]);
  });
});
