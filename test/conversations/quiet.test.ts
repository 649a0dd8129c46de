import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { text } from '#src/chat/message.ts';
import { Temporal } from '#src/kernel/time.ts';
import { promise } from '#src/outbox/outbox.ts';
import { cardIn, wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

let the: SmallApp;
beforeEach(async () => {
  // A Friday, ten past nine in Shanghai; the campaign's tip has come already or comes with the first step.
  the = await smallApp({ startAt: '2026-09-18T01:10:00Z' });
  await the.app.settled();
});
afterEach(() => the.close());

async function notice(
  words: string,
  number = 'E1',
  more: Partial<Parameters<typeof promise>[1]> = {},
): Promise<void> {
  const { rows } = await the.database.db.execute<{ id: string }>(
    sql`select id from employees where number = ${number}`,
  );
  await promise(the.database.db, {
    purpose: 'test.notice',
    priority: 'campaign',
    content: text(words),
    recipients: [
      {
        employeeId: rows[0]?.id ?? '',
        address: { channel: 'sandbox', account: 'sandbox', platformId: number },
      },
    ],
    at: the.app.clock.now(),
    ...more,
  });
  await the.app.settled();
}

const heard = async (number = 'E1'): Promise<string[]> => (await the.as(number).inbox()).map(wordsOf);
const to = (moment: string) => the.app.advance(Temporal.Instant.from(moment));

describe('免打扰', () => {
  it('shows what holds, and what one can choose', async () => {
    const { messages } = await the.as('E1').says('免打扰');
    const shown = cardIn(messages);
    expect(shown.title).toBe('消息设置');
    expect(shown.facts).toEqual([{ label: '现在', value: '工作日正常接收' }]);
    expect(shown.buttons.map(({ label }) => label)).toEqual(['今天别打扰', '安静一周', '一直暂停']);
  });

  it('for today holds until tomorrow, but not for what is urgent', async () => {
    const me = the.as('E1');
    const { toast } = await me.taps(cardIn((await me.says('免打扰')).messages), '今天别打扰');
    expect(toast).toBe('好的，今天不再主动找你，明天见。');
    await notice('下午茶');
    await notice('机房断电，请保存', 'E1', { priority: 'urgent', passReason: '断电' });
    expect(await heard()).not.toContain('下午茶');
    expect(await heard()).toContain('机房断电，请保存');
    const { messages } = await me.says('消息设置');
    expect(cardIn(messages).facts).toEqual([{ label: '现在', value: '暂停中，9 月 19 日（周六） 起恢复' }]);
  });

  it('can be ended early', async () => {
    const me = the.as('E1');
    await me.taps(cardIn((await me.says('免打扰')).messages), '一直暂停');
    await me.taps(cardIn((await me.says('免打扰')).messages), '恢复接收');
    await notice('下午茶');
    expect(await heard()).toContain('下午茶');
  });

  it('with an hour lets messages wait for it', async () => {
    await the.as('E1').says('免打扰 10:30');
    await notice('早安');
    expect(await heard()).not.toContain('早安');
    await to('2026-09-18T02:29:59Z');
    expect(await heard()).not.toContain('早安');
    await to('2026-09-18T02:30:00Z');
    expect(await heard()).toContain('早安');
  });

  it.each([
    ['免打扰 十点左右', /不像一个时间/],
    ['免打扰 25:00', /不像一个时间/],
    ['免打扰 22:00', /在免打扰时段.*换一个时间/],
    ['免打扰 9点半', /09:30 再发给你/],
  ])('%s is answered kindly', async (words, answer) => {
    const { messages } = await the.as('E1').says(words);
    expect(wordsOf(messages[0])).toMatch(answer);
  });
});

describe('more than a day’s budget', () => {
  it('comes as one card in the afternoon, and each line can be opened by its reader alone', async () => {
    const before = (await heard()).length;
    for (const n of [1, 2, 3, 4, 5, 6, 7]) await notice(`第 ${n} 条通知，内容在后面`);
    const direct = (await heard()).slice(before).filter((words) => words.startsWith('第'));
    expect(direct.length).toBeLessThanOrEqual(4);
    await to('2026-09-18T09:31:00Z');
    const digest = await the.as('E1').lastCard();
    // The afternoon's reminder was too much as well.
    const lines = digest.body.split('\n').filter((line) => /^\d+\. /.test(line));
    expect(digest.title).toBe(`今天还有 ${lines.length} 条消息，一起看吧`);
    expect(lines.filter((line) => line.includes('条通知'))).toHaveLength(7 - direct.length);
    expect(lines.filter((line) => line.includes('还差一次打卡'))).toHaveLength(1);
    const { messages } = await the.as('E1').taps(digest, '看第 1 条');
    expect(wordsOf(messages[0])).toMatch(/^第 \d 条通知，内容在后面$/);
    expect((await the.as('E2').taps(digest, '看第 1 条')).messages).toEqual([]);
  });
});
