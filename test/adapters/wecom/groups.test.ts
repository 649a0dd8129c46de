import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAppchat, createClient } from '#src/adapters/wecom/index.ts';
import { APPCHAT, WAYS, WEBHOOK } from '#src/adapters/wecom/limits.ts';
import { silentLog } from '#src/kernel/log.ts';
import { wordsOf } from '#src/simulators/wecom/client.ts';
import { ANNA, aCard, BEN, groupOf, optionsFor, startWecom, type TestWecom, WEBHOOK_KEY } from './support.ts';

let the: TestWecom;
beforeAll(async () => {
  the = await startWecom(async () => ({}));
});
afterAll(() => the.close());

const wayOf = (chatId: string) =>
  the.adapter.ways.find(({ takes }) => takes({ kind: 'text', text: 'x' }, { kind: 'group', chatId }))?.name;
const push = `${WEBHOOK}全员群`;
const inPush = () => the.simulator.client.groupChat(`webhook ${WEBHOOK_KEY}`);
const file = { kind: 'file' as const, name: '名单.txt', mime: 'text/plain', path: 'hello.txt', bytes: 8 };

const groupOfTwo = (name: string) => {
  const { app } = optionsFor(the.simulator);
  return createAppchat(createClient({ ...app, log: silentLog }), { name, owner: ANNA, members: [ANNA, BEN] });
};

it('the address says which way a message goes', () => {
  expect(wayOf('wrAnything')).toBe(WAYS.robot);
  expect(wayOf(`${APPCHAT}abc`)).toBe(WAYS.appchat);
  expect(wayOf(push)).toBe(WAYS.webhook);
});

describe('a group push', () => {
  it('brings text, a card in words, and a file', async () => {
    const messages = [
      { kind: 'text' as const, text: '周四培训' },
      { kind: 'card' as const, card: aCard() },
      file,
    ];
    for (const [index, message] of messages.entries()) {
      expect(await the.adapter.send([groupOf(push, message, `w${index}`)], WAYS.webhook)).toMatchObject([
        { kind: 'accepted' },
      ]);
    }
    expect(inPush().map(({ content }) => content.msgtype)).toEqual(['text', 'markdown', 'file']);
    expect(inPush().map(wordsOf)[1]).toContain('回复 **打卡** 就行');
  });

  it('whose file was uploaded without an answer has certainly not been made yet', async () => {
    the.simulator.fails('webhook/upload_media', { kind: 'lost' });
    const before = inPush().length;
    await expect(the.adapter.send([groupOf(push, file, 'w3')], WAYS.webhook)).rejects.toMatchObject({
      unanswered: false,
    });
    expect(inPush()).toHaveLength(before);
  });

  it('that is gone, or that nobody has named, is unreachable', async () => {
    the.simulator.fails('webhook/send', { kind: 'errcode', errcode: 93_000 });
    const text = { kind: 'text' as const, text: 'x' };
    const send = (chatId: string, key: string) =>
      the.adapter.send([groupOf(chatId, text, key)], WAYS.webhook);
    expect(await send(push, 'w4')).toMatchObject([{ kind: 'unreachable' }]);
    expect(await send(`${WEBHOOK}别的群`, 'w5')).toMatchObject([
      { kind: 'unreachable', reason: expect.stringContaining('CUHUO_WECOM_GROUP_WEBHOOKS') },
    ]);
  });

  it('beyond twenty a minute waits', async () => {
    the.simulator.fails('webhook/send', { kind: 'errcode', errcode: 45_009 });
    await expect(
      the.adapter.send([groupOf(push, { kind: 'text', text: 'x' }, 'w6')], WAYS.webhook),
    ).rejects.toMatchObject({ fate: 'wait' });
    expect(the.adapter.quotas.find(({ name }) => name === 'webhook/send a minute')).toMatchObject({
      most: 20,
      per: 'group',
    });
  });
});

describe('an app chat', () => {
  it('that the app has made can be written to', async () => {
    const chatId = await groupOfTwo('接口人');
    expect(chatId.startsWith(APPCHAT)).toBe(true);
    for (const [index, message] of [{ kind: 'card' as const, card: aCard() }, file].entries()) {
      expect(await the.adapter.send([groupOf(chatId, message, `a${index}`)], WAYS.appchat)).toMatchObject([
        { kind: 'accepted' },
      ]);
    }
    const seen = the.simulator.client.groupChat(chatId.slice(APPCHAT.length));
    expect(seen.map(({ content }) => content.msgtype)).toEqual(['markdown', 'file']);
  });

  it('of somebody else is unreachable', async () => {
    const text = groupOf(`${APPCHAT}other`, { kind: 'text', text: 'x' }, 'a9');
    expect(await the.adapter.send([text], WAYS.appchat)).toMatchObject([{ kind: 'unreachable' }]);
  });

  it('cannot be made by an app that does not see the whole company', async () => {
    the.simulator.world.rootRange = false;
    await expect(groupOfTwo('x')).rejects.toMatchObject({ platformCode: '48002' });
  });
});

it('what a message would lose is told before it is sent', () => {
  const { preview } = the.adapter;
  const card = { kind: 'card' as const, card: aCard() };
  expect(preview?.(card, { kind: 'person', platformId: ANNA })).toEqual([]);
  expect(preview?.(card, { kind: 'group', chatId: push })).toContainEqual({ kind: 'in-words', what: '' });
});
