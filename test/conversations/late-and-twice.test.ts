import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SealedCard } from '#src/chat/message.ts';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

let the: SmallApp;
let friday: SealedCard;
let sunday: SealedCard;
beforeAll(async () => {
  the = await smallApp({ startAt: '2026-09-18T00:00:00Z' });
  await the.moveTo('2026-09-18T01:10:00Z');
  friday = await the.as('E1').lastCard();
});
afterAll(() => the.close());

const record = async (number: string): Promise<string> =>
  wordsOf((await the.as(number).says('我的')).messages[0]);

describe('the same event twice', () => {
  it('counts once, and the second delivery says nothing', async () => {
    const key = randomUUID();
    const first = await the.as('E1').taps(friday, '打卡', { key });
    const second = await the.as('E1').taps(friday, '打卡', { key });
    expect([first.outcome, second.outcome]).toEqual(['handled', 'repeat']);
    expect(second).toMatchObject({ toast: undefined, card: undefined, messages: [] });
    expect(await record('E1')).toContain('积分 5');
  });

  it('answers words once', async () => {
    const key = randomUUID();
    expect((await the.as('E2').says('帮助', { key })).messages).toHaveLength(1);
    expect((await the.as('E2').says('帮助', { key })).messages).toHaveLength(0);
  });
});

describe('somebody else’s card', () => {
  it('does not check in whoever presses it, nor its owner', async () => {
    const own = await the.as('E2').lastCard();
    expect(own.title).toContain('我能帮你做这些');
    const tip = (await the.as('E2').inbox())[0];
    const heard = await the.as('E4').taps(tip?.kind === 'card' ? tip.card : undefined, '打卡');
    expect(heard.toast).toBe('这是同事的卡片，得本人点才算。发送「今日技巧」看你自己的。');
    expect(await record('E4')).toContain('今天 还没打卡');
    expect(await record('E2')).toContain('今天 还没打卡');
  });
});

describe('a button that we did not make', () => {
  it.each(['', 'x', 'checkins.check-in', 'A'.repeat(2_000), '打卡'])(
    'is recognised: %#',
    async (actionId) => {
      const heard = await the.as('E4').does({ kind: 'action', actionId, inputs: {} });
      expect(heard.toast).toBe('这个按钮我认不出来，可能卡片太旧了。发送「今日技巧」我再给你一张新的。');
      expect(heard.messages).toEqual([]);
    },
  );
});

describe('yesterday’s card', () => {
  it('does not count for today, and brings today’s card', async () => {
    await the.moveTo('2026-09-20T01:10:00Z');
    sunday = await the.as('E1').lastCard();
    const heard = await the.as('E1').taps(friday, '打卡');
    expect(heard.toast).toBe('这是 9 月 18 日（周五） 的卡片，只在当天有效。今天的卡片给你放在下面了。');
    expect(heard.messages.map(wordsOf)).toEqual([expect.stringContaining('今日技巧｜第 2 招')]);
    expect(await record('E1')).toContain('今天 还没打卡');
    const again = await the.as('E1').taps(await the.as('E1').lastCard(), '打卡');
    expect(again.messages.map(wordsOf)[0]).toBe('打卡成功！已连续 2 天。+5 积分');
  });

  it('pressed on a day off says when the next day is', async () => {
    await the.moveTo('2026-09-26T02:00:00Z');
    const heard = await the.as('E1').taps(sunday, '打卡');
    expect(heard.toast).toContain('9 月 20 日（周日） 的卡片');
    expect(heard.messages.map(wordsOf).join()).toContain('9 月 28 日（周一） 见');
  });
});

describe('a tap that arrives late', () => {
  const cardOf = async (number: string): Promise<SealedCard | undefined> => {
    const [message] = (await the.as(number).says('今日技巧')).messages;
    return message?.kind === 'card' ? message.card : undefined;
  };

  it('over midnight counts for the day on which it was made, and joins the streak', async () => {
    await the.moveTo('2026-09-28T15:55:00Z');
    const monday = await cardOf('E1');
    await the.moveTo('2026-09-28T22:00:00Z');
    expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('第 1 天');
    const heard = await the.as('E1').taps(monday, '打卡', { at: '2026-09-28T15:58:00Z' });
    expect(heard.toast).toBe('打卡成功！已连续 2 天。+5 积分');
    expect(heard.card?.footer).toContain('已打卡 23:58');
    expect(await record('E1')).toContain('今天 已打卡 06:00');
    expect(await record('E1')).toContain('连续 2 天');
    expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
  });

  it('of eight hours still counts, of a second more does not', async () => {
    await the.moveTo('2026-09-29T12:00:00Z');
    const tuesday = { E2: await cardOf('E2'), E4: await cardOf('E4') };
    await the.moveTo('2026-09-29T21:00:00Z');
    const intime = await the.as('E2').taps(tuesday.E2, '打卡', { at: '2026-09-29T13:00:00Z' });
    expect(intime.toast).toContain('打卡成功');
    const late = await the.as('E4').taps(tuesday.E4, '打卡', { at: '2026-09-29T12:59:59Z' });
    expect(late.toast).toContain('隔了太久才传到我这里');
    expect(late.toast).toContain('接口人');
    expect(await record('E4')).toContain('累计 0 天');
  });

  it('as a typed word counts for its day as well', async () => {
    await the.moveTo('2026-09-30T20:00:00Z');
    const heard = await the.as('E4').says('打卡', { at: '2026-09-30T15:59:00Z' });
    expect(wordsOf(heard.messages[0])).toContain('打卡成功');
    expect(await record('E4')).toContain('累计 1 天');
  });

  it('on the last workday counts although the campaign’s next day has begun', async () => {
    await the.moveTo('2026-10-16T15:00:00Z');
    const last = await cardOf('E2');
    await the.moveTo('2026-10-16T18:00:00Z');
    const heard = await the.as('E2').taps(last, '打卡', { at: '2026-10-16T15:59:59Z' });
    expect(heard.toast).toContain('打卡成功');
    expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
  });
});
