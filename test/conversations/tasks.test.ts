import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type { SealedCard } from '#src/chat/message.ts';
import type { CampaignFile } from '#src/features/campaigns/index.ts';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import type { SmallContent } from '../support/content.ts';
import { cardIn, wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

let the: SmallApp;
afterEach(() => the.close());

/** Friday, ten past nine, with a campaign that asks for these tasks. */
async function campaignOf(
  mode: 'all' | 'any',
  of: CampaignFile['tasks']['of'],
  daily = 1,
  content: SmallContent = {},
): Promise<SealedCard> {
  the = await smallApp({
    startAt: '2026-09-18T00:00:00Z',
    ...content,
    campaign: { tasks: { mode, of }, targets: { daily, weekly: 5 } },
  });
  await the.moveTo('2026-09-18T01:10:00Z');
  return the.as('E1').lastCard();
}

const record = async (): Promise<string> => wordsOf((await the.as('E1').says('我的')).messages[0]);
const labels = (card: SealedCard | undefined): string[] => (card?.buttons ?? []).map(({ label }) => label);

describe('考考我', () => {
  it('a wrong answer may be tried again, a right one earns its points once', async () => {
    const tip = await campaignOf('any', ['learn-tip']);
    const question = cardIn((await the.as('E1').taps(tip, '考考我')).messages);
    expect(wordsOf({ kind: 'card', card: question })).toContain('- **B**　Alt');
    expect(labels(question)).toEqual(['A', 'B', 'C']);
    const wrong = await the.as('E1').taps(question, 'A');
    expect(wrong.toast).toBe('不是这个，再看看技巧里的那一步？');
    const right = await the.as('E1').taps(question, 'B');
    expect(right.toast).toBe('答对了');
    expect(right.card?.body).toContain('答对了！+2 积分。就是 Alt。');
    const again = await the.as('E1').taps(question, 'B');
    expect(again.card?.body).toContain('答对了！就是 Alt。');
    expect(await record()).toContain('积分 2');
    expect(await record()).toContain('今天 还没打卡');
  });

  it('of a tip without a question says so', async () => {
    await campaignOf('any', ['learn-tip'], 1, { questions: false });
    expect(labels(await the.as('E1').lastCard())).not.toContain('考考我');
  });
});

describe('a campaign that asks for the tip and the answer', () => {
  it('counts the day after both, and says so with the second', async () => {
    const tip = await campaignOf('all', ['learn-tip', 'answer']);
    const first = await the.as('E1').taps(tip, '打卡');
    expect(first.card?.body).toBe('已记下。今天再完成：答对一道小题，就算打卡成功。');
    expect(await record()).toContain('今天 还没打卡');
    const question = cardIn((await the.as('E1').taps(first.card, '考考我')).messages);
    const right = await the.as('E1').taps(question, 'B');
    expect(right.card?.body).toContain('打卡成功！第 1 天');
    expect(await record()).toContain('今天 已打卡 09:10');
    expect(await record()).toContain('积分 7');
  });

  it('takes them in the other order', async () => {
    const tip = await campaignOf('all', ['learn-tip', 'answer']);
    const question = cardIn((await the.as('E1').taps(tip, '考考我')).messages);
    const right = await the.as('E1').taps(question, 'B');
    const steps = cardIn(right.messages);
    expect(steps.body).toBe('已记下。今天再完成：学一条小技巧，就算打卡成功。');
    expect((await the.as('E1').taps(steps, '打卡')).toast).toContain('打卡成功');
  });

  it('still reminds whoever has done only the half', async () => {
    const tip = await campaignOf('all', ['learn-tip', 'answer']);
    await the.as('E1').taps(tip, '打卡');
    await the.moveTo('2026-09-18T08:40:00Z');
    expect((await the.as('E1').lastCard()).title).toBe('今天还差一次打卡');
  });

  it('never gives a tip without a question while there are others', async () => {
    await campaignOf('all', ['learn-tip', 'answer']);
    await the.database.db.execute(
      sql`update tips set question = null where key in ('tip-2', 'tip-3', 'tip-4')`,
    );
    await the.moveTo('2026-09-20T01:10:00Z');
    const card = await the.as('E1').lastCard();
    expect(card.title).toBe('今日技巧｜第 5 招');
    expect(labels(card)).toContain('考考我');
  });
});

describe('a campaign of a small task', () => {
  it('takes a line of what was done, and nothing less', async () => {
    await campaignOf('all', ['micro-task']);
    const steps = cardIn((await the.as('E1').says('打卡')).messages);
    expect(steps.body).toBe('今天再完成：动手做一个小任务，就算打卡成功。');
    expect(steps.inputs?.map(({ name }) => name)).toEqual(['note']);
    const empty = await the.as('E1').taps(steps, '交上小任务', { inputs: { note: '   ' } });
    expect(empty.toast).toBe('写一句你做了什么，再点一次就好。');
    const done = await the.as('E1').taps(steps, '交上小任务', { inputs: { note: '做了目录 📄' } });
    expect(done.toast).toBe('打卡成功！第 1 天，好的开始。+5 积分');
    const { rows } = await the.database.db.execute(sql`select task, grade, detail from task_completions`);
    expect(rows).toEqual([{ task: 'micro-task', grade: 'self-declared', detail: { note: '做了目录 📄' } }]);
  });

  it('says when it was, whoever asks or hands in again', async () => {
    await campaignOf('all', ['micro-task']);
    const steps = cardIn((await the.as('E1').says('打卡')).messages);
    await the.as('E1').taps(steps, '交上小任务', { inputs: { note: '做了' } });
    await the.moveTo('2026-09-18T03:00:00Z');
    expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('今天 09:10 已经打过卡啦');
    const again = await the.as('E1').taps(steps, '交上小任务', { inputs: { note: '又做了' } });
    expect(again.toast).toContain('今天 09:10 已经打过卡啦');
  });

  it('is off on days off like any other', async () => {
    await campaignOf('all', ['micro-task']);
    await the.moveTo('2026-09-19T02:00:00Z');
    expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('今天休息（周末）');
  });

  it.each([
    ['emoji across the limit', `${'长'.repeat(199)}📄📄`],
    ['half an emoji', '做了 \ud83d'],
    ['a character that PostgreSQL does not keep', '做了\u0000一半'],
    ['ten thousand characters', '长'.repeat(10_000)],
  ])('takes any line: %s', async (_name, note) => {
    await campaignOf('all', ['micro-task']);
    const steps = cardIn((await the.as('E1').says('打卡')).messages);
    expect((await the.as('E1').taps(steps, '交上小任务', { inputs: { note } })).toast).toContain('打卡成功');
  });
});

describe('a campaign of using the software', () => {
  it('takes the word for it', async () => {
    await campaignOf('any', ['use-software']);
    expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('打卡成功');
    const { rows } = await the.database.db.execute(sql`select grade from checkins`);
    expect(rows).toEqual([{ grade: 'self-declared' }]);
  });
});

describe('a campaign of any two of three', () => {
  it('says how many are still to go, and counts after the second', async () => {
    const tip = await campaignOf('any', ['learn-tip', 'use-software', 'answer'], 2);
    const first = await the.as('E1').taps(tip, '打卡');
    expect(first.card?.body).toBe(
      '已记下。今天再完成下面任意 1 项，就算打卡成功：用一次新软件、答对一道小题。',
    );
    expect(labels(first.card)).toEqual(['今天用过了', '考考我']);
    expect((await the.as('E1').taps(first.card, '今天用过了')).toast).toContain('打卡成功');
    expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
  });

  it('counts nothing twice: the same task again is not the second', async () => {
    const tip = await campaignOf('any', ['learn-tip', 'use-software', 'answer'], 2);
    await the.as('E1').taps(tip, '打卡');
    expect((await the.as('E1').taps(tip, '打卡')).card?.body).toContain('任意 1 项');
    expect(await record()).toContain('累计 0 天');
  });
});

describe('what people say of a tip', () => {
  it('is thanked for, and only the last word of a person counts', async () => {
    const tip = await campaignOf('any', ['learn-tip']);
    expect((await the.as('E1').taps(tip, '有用')).toast).toBe('谢谢，已记下：有用。');
    expect((await the.as('E1').taps(tip, '早知道')).toast).toBe('原来你早就会了！之后这类会少推一些。');
    expect((await the.as('E1').taps(tip, '不适合我')).toast).toBe('收到，之后这类会少推一些。');
    const { rows } = await the.database.db.execute(sql`select reaction from tip_reactions order by id`);
    expect(rows.map(({ reaction }) => reaction)).toEqual(['useful', 'known', 'not-for-me']);
  });

  it('can be said after the check-in and days later', async () => {
    const tip = await campaignOf('any', ['learn-tip']);
    const done = await the.as('E1').taps(tip, '打卡');
    await the.moveTo('2026-09-20T02:00:00Z');
    expect((await the.as('E1').taps(done.card, '有用')).toast).toBe('谢谢，已记下：有用。');
  });
});
