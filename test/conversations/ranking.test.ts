import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crowd } from '../support/content.ts';
import { wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

let the: SmallApp;
/** P1 has the most days, P12 none. */
beforeAll(async () => {
  the = await smallApp({ startAt: '2026-09-21T01:00:00Z', people: crowd(12) });
  for (const [index, date] of ['21', '22', '23', '24'].entries()) {
    await the.moveTo(`2026-09-${date}T01:30:00Z`);
    for (let person = 1; person <= 11 - index * 3; person += 1) {
      await the.moveTo(`2026-09-${date}T01:30:${String(person).padStart(2, '0')}Z`);
      await the.as(`P${person}`).says('打卡');
    }
  }
});
afterAll(() => the.close());

const ranking = async (number: string): Promise<string> =>
  wordsOf((await the.as(number).says('排行榜')).messages[0]);
const lines = (words: string): string[] => words.split('\n').filter((line) => line.startsWith('- '));

describe('the ranking', () => {
  it('shows the first three and, for somebody further down, their neighbours', async () => {
    const words = await ranking('P8');
    expect(lines(words)).toEqual([
      '- 第 1 名　员工1　30 分',
      '- 第 2 名　员工2　30 分',
      '- 第 3 名　员工3　25 分',
      '- 第 6 名　员工6　10 分',
      '- 第 7 名　员工7　10 分',
      '- **第 8 名　员工8（你）　10 分**',
      '- 第 9 名　员工9　5 分',
      '- 第 10 名　员工10　5 分',
    ]);
    expect(words).toContain('和前一位同分，再打一次卡就超过去了。');
  });

  it('tells the first that they are in front', async () => {
    const words = await ranking('P1');
    expect(lines(words)).toEqual([
      '- **第 1 名　员工1（你）　30 分**',
      '- 第 2 名　员工2　30 分',
      '- 第 3 名　员工3　25 分',
    ]);
    expect(words).toContain('你现在排在最前面。');
  });

  it('tells somebody how far the next one is', async () => {
    expect(await ranking('P9')).toContain('再得 5 分就追平前一位。');
  });

  it('shows the last of those with points nobody behind them', async () => {
    expect(lines(await ranking('P11')).at(-1)).toBe('- **第 11 名　员工11（你）　5 分**');
  });

  it('does not show who has nothing, and encourages them', async () => {
    const words = await ranking('P12');
    expect(words).not.toContain('员工12');
    expect(lines(words)).toHaveLength(3);
    expect(words).toContain('你还没有积分。今天打一次卡就上榜。');
  });

  it('puts whoever was there first before others with the same points', async () => {
    await the.moveTo('2026-09-28T02:00:00Z');
    await the.as('P11').says('打卡');
    const words = await ranking('P11');
    expect(words).toContain('第 9 名　员工11（你）　10 分');
  });

  it('names nobody who does not want to be named, and keeps their place and their points', async () => {
    await the.as('P7').says('不上榜');
    expect(lines(await ranking('P8'))).toContain('- 第 7 名　一位同事　10 分');
    expect(await ranking('P8')).not.toContain('员工7');
    expect(lines(await ranking('P7'))).toContain('- **第 7 名　员工7（你）　10 分**');
    await the.as('P7').says('上榜');
    expect(lines(await ranking('P8'))).toContain('- 第 7 名　员工7　10 分');
  });
});
