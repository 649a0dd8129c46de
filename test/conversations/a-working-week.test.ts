import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { verifyPoints } from '#src/features/rewards/index.ts';
import { wordsOf } from '../support/conversation.ts';
import { hasRedis, type TestRedis, testRedis } from '../support/redis.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const engines = ['PostgreSQL', 'Redis'] as const;

describe.each(engines)('a working week, with the queue on %s', (engine) => {
  const usable = engine === 'PostgreSQL' || hasRedis;
  const step = usable ? it : it.skip;
  if (!usable) it.skip('is skipped: there is no redis-server on the PATH', () => undefined);
  let redis: TestRedis | undefined;
  let the: SmallApp;

  beforeAll(async () => {
    if (!usable) return;
    redis = engine === 'Redis' ? await testRedis() : undefined;
    the = await smallApp({ startAt: '2026-09-18T00:00:00Z', redisUrl: redis?.url });
  });
  afterAll(async () => {
    await the?.close();
    await redis?.stop();
  });

  step('Friday: the tip comes at ten past nine, one tap checks in, the card shows it', async () => {
    const xiaoman = the.as('E1');
    await the.moveTo('2026-09-18T01:09:59Z');
    expect(await xiaoman.inbox()).toEqual([]);
    await the.moveTo('2026-09-18T01:10:00Z');
    const card = await xiaoman.lastCard();
    expect(card.title).toBe('今日技巧｜第 1 招');
    expect(card.buttons.map(({ label }) => label)).toEqual(['打卡', '考考我', '有用', '早知道', '不适合我']);
    await the.moveTo('2026-09-18T01:12:00Z');
    const heard = await xiaoman.taps(card, '打卡');
    expect(heard.toast).toBe('打卡成功！第 1 天，好的开始。+5 积分');
    expect(heard.card?.footer).toBe('已打卡 09:12 · 连续 1 天 · +5 积分');
    expect(heard.card?.progress).toEqual({ value: 0.2, label: '本周 1 / 5 天' });
    expect(heard.card?.buttons.map(({ label }) => label)).not.toContain('打卡');
    expect(heard.messages).toEqual([]);
  });

  step('a second tap says when it was', async () => {
    await the.moveTo('2026-09-18T02:00:00Z');
    const card = (await the.as('E1').inbox())[0];
    const heard = await the.as('E1').taps(card?.kind === 'card' ? card.card : undefined, '打卡');
    expect(heard.toast).toBe('今天 09:12 已经打过卡啦，连续 1 天，放心。');
  });

  step('whoever types the word gets words and the card', async () => {
    const lixiang = the.as('E2');
    const heard = await lixiang.says('打卡！');
    expect(heard.messages.map(wordsOf)).toEqual([
      '打卡成功！第 1 天，好的开始。+5 积分',
      expect.stringContaining('已打卡 10:00 · 连续 1 天'),
    ]);
    expect((await lixiang.says('我要打卡')).messages.map(wordsOf)).toEqual([
      '今天 10:00 已经打过卡啦，连续 1 天，放心。',
    ]);
  });

  step('twenty to five: only those who are missing are reminded', async () => {
    await the.moveTo('2026-09-18T08:40:00Z');
    expect((await the.as('E1').inbox()).map(wordsOf).join()).not.toContain('还差一次打卡');
    expect((await the.as('E2').inbox()).map(wordsOf).join()).not.toContain('还差一次打卡');
    const reminder = await the.as('E4').lastCard();
    expect(reminder.title).toBe('今天还差一次打卡');
    expect(reminder.body).toContain('「第 1 招」');
    const heard = await the.as('E4').taps(reminder, '打卡');
    expect(heard.toast).toContain('打卡成功！第 1 天');
  });

  step('Saturday is off: nothing comes, and the word is answered kindly', async () => {
    const before = (await the.as('E1').inbox()).length;
    await the.moveTo('2026-09-19T10:00:00Z');
    expect(await the.as('E1').inbox()).toHaveLength(before);
    const heard = await the.as('E1').says('打卡');
    expect(heard.messages.map(wordsOf)).toEqual([
      '今天休息（周末），不用打卡，连续天数也不受影响。9 月 20 日（周日） 见！',
    ]);
    expect((await the.as('E1').says('今日技巧')).messages.map(wordsOf).join()).toContain(
      '下一条在 9 月 20 日（周日）',
    );
  });

  step('Sunday is worked: the streak goes on', async () => {
    await the.moveTo('2026-09-20T01:10:00Z');
    const card = await the.as('E1').lastCard();
    expect(card.title).toBe('今日技巧｜第 2 招');
    expect((await the.as('E1').taps(card, '打卡')).toast).toBe('打卡成功！已连续 2 天。+5 积分');
  });

  step('Monday: the third day earns its bonus, the record says it all', async () => {
    await the.moveTo('2026-09-21T01:15:00Z');
    const heard = await the.as('E1').taps(await the.as('E1').lastCard(), '打卡');
    expect(heard.toast).toBe('打卡成功！已连续 3 天。+15 积分');
    const [record] = (await the.as('E1').says('我的')).messages;
    const words = wordsOf(record);
    for (const fact of [
      '张小满 的打卡记录',
      '今天 已打卡 09:15',
      '连续 3 天',
      '最长连续 3 天',
      '累计 3 天',
      '积分 25',
      '活动还剩 14 个工作日',
    ])
      expect(words).toContain(fact);
  });

  step('whoever missed the worked Sunday begins anew', async () => {
    expect((await the.as('E2').says('打卡')).messages.map(wordsOf)[0]).toContain('第 1 天');
    const words = wordsOf((await the.as('E2').says('我的')).messages[0]);
    for (const fact of ['连续 1 天', '最长连续 1 天', '累计 2 天', '积分 10']) expect(words).toContain(fact);
  });

  step('over the holiday week the streak is safe, and over the month end', async () => {
    for (const day of ['22', '23', '24', '28', '29', '30']) {
      await the.moveTo(`2026-09-${day}T02:00:00Z`);
      await the.as('E1').says('打卡');
    }
    await the.moveTo('2026-10-03T02:00:00Z');
    const off = wordsOf((await the.as('E1').says('我的')).messages[0]);
    expect(off).toContain('今天 休息（国庆节）');
    expect(off).toContain('连续 9 天');
    await the.moveTo('2026-10-08T02:00:00Z');
    expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('已连续 10 天');
    await the.moveTo('2026-10-09T02:00:00Z');
    await the.as('E1').says('打卡');
    await the.moveTo('2026-10-10T02:00:00Z');
    expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('已连续 12 天');
  });

  step('every message came once, and everything adds up', async () => {
    const { rows } = await the.database.db.execute<{
      purpose: string;
      employee_id: string;
      day: string;
      n: number;
    }>(sql`
      select m.purpose, d.employee_id, (d.planned_at at time zone 'Asia/Shanghai')::date as day, count(*)::int as n
      from deliveries d join outbox_messages m on m.id = d.message_id
      where m.purpose in ('tips.daily', 'checkins.reminder') and d.state <> 'excluded' group by 1, 2, 3`);
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter(({ n }) => n !== 1)).toEqual([]);
    const { rows: open } = await the.database.db.execute(sql`
      select state from deliveries where state not in ('delivered', 'read', 'excluded')`);
    expect(open).toEqual([]);
    expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
    expect((await verifyPoints(the.database.db)).wrong).toEqual([]);
  });

  step('after the last day there is nothing to do', async () => {
    await the.moveTo('2026-10-17T02:00:00Z');
    expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('这次活动也到尾声了');
    const before = (await the.as('E1').inbox()).length;
    await the.moveTo('2026-10-20T10:00:00Z');
    expect(await the.as('E1').inbox()).toHaveLength(before);
    expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('不在活动名单里');
  });
});
