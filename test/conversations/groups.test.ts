import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Place } from '#src/chat/event.ts';
import { ensureGroup } from '#src/sandbox/im.ts';
import { heardInGroup, wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const GROUP = 'group-rd';
const place: Place = { kind: 'group', chatId: GROUP, mentioned: true };
let the: SmallApp;
beforeAll(async () => {
  the = await smallApp({ startAt: '2026-09-18T02:00:00Z' });
  await ensureGroup(the.database.db, { id: GROUP, name: '研发群', members: ['E1', 'E2', 'E4'] });
});
afterAll(() => the.close());

const inGroup = async (): Promise<string[]> => (await heardInGroup(the, GROUP)).map(wordsOf);

describe('in a group', () => {
  it('打卡 counts and is told to all, by name and without points', async () => {
    const heard = await the.as('E1').says('@促活 打卡', { place });
    expect(heard.messages).toEqual([]);
    expect(await inGroup()).toEqual(['张小满 打卡成功，已连续 1 天。']);
  });

  it('a second 打卡 says when it was', async () => {
    await the.as('E1').says('@促活 打卡', { place });
    expect((await inGroup()).at(-1)).toBe('今天 10:00 已经打过卡啦，连续 1 天，放心。');
  });

  it('我的 is answered in private', async () => {
    const before = (await inGroup()).length;
    const heard = await the.as('E1').says('@促活 我的', { place });
    expect(heard.messages.map(wordsOf).join()).toContain('张小满 的打卡记录');
    expect(await inGroup()).toHaveLength(before);
  });

  it('排行榜 is answered in private', async () => {
    const before = (await inGroup()).length;
    const heard = await the.as('E1').says('@促活 排行榜', { place });
    expect(heard.messages.map(wordsOf).join()).toContain('第 1 名');
    expect(await inGroup()).toHaveLength(before);
  });

  it('the tip that somebody asked for can be pressed by them alone', async () => {
    await the.as('E2').says('今日技巧', { place });
    const last = (await heardInGroup(the, GROUP)).at(-1);
    const card = last?.kind === 'card' ? last.card : undefined;
    expect((await the.as('E4').taps(card, '打卡', { place })).toast).toContain('这是同事的卡片');
    expect((await the.as('E2').taps(card, '打卡', { place })).toast).toContain('打卡成功');
  });

  it('a stranger is answered where they spoke', async () => {
    await the.as('X1').says('打卡', { place });
    expect((await inGroup()).at(-1)).toContain('我在通讯录里还没找到你');
  });
});
