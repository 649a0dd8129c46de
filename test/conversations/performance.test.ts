import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { dayCorrections } from '#src/features/corrections/corrections.tables.ts';
import { performanceRuleSchema } from '#src/features/performance/performance.schema.ts';
import { newId } from '#src/kernel/ids.ts';
import { cardIn, wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const performance = performanceRuleSchema.parse({
  day: [['tap']],
  target: { kind: 'days', days: 16, of: 20 },
  bands: [
    { name: '达成', from: 100, credit: 100 },
    { name: '未达成', from: 0, credit: 0 },
  ],
  weight: 5,
  parts: { individual: 80, team: 20 },
  freezes: 0,
  appealDays: 7,
});

let the: SmallApp;
beforeAll(async () => {
  the = await smallApp({
    startAt: '2026-11-11T01:30:00Z',
    people: [
      'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E3,Emily Carter,SALES,,Account manager,America/New_York,en,,,2020-01-06,,beginner',
      'E4,王知行,SALES,,人事,Asia/Shanghai,zh-CN,hr,,2020-01-06,,advanced',
      'E6,陈立,SALES,,人事,Asia/Shanghai,zh-CN,hr,,2020-01-06,,advanced',
    ],
    campaign: { startsOn: '2026-10-12', days: 80, performance },
  });
  // What was done before this story begins.
  await the.database.db.execute(sql`
    insert into task_completions (campaign_id, employee_id, day, task, grade, at, received_at, channel, event_key)
    select k.id, e.id, d, 'learn-tip', 'tap', d + interval '2 hours', d + interval '2 hours', 'sandbox', d::text
    from campaigns k, employees e, unnest(array['2026-11-02','2026-11-03','2026-11-05','2026-11-06']::date[]) as d
    where e.number = 'E1'`);
  await the.database.db.execute(sql`
    insert into excused_days (employee_id, day, reason, excusal_id)
    select id, '2026-11-09', 'leave', ${newId()} from employees where number = 'E1'`);
});
afterAll(() => the.close());

describe('a month that counts for performance', () => {
  it('shows what counts, what is needed, and why a day does not count', async () => {
    const heard = await the.as('E1').says('我的 2026-11');
    const said = wordsOf(heard.messages.at(-1));
    expect(said).toContain('2026 年 11 月的绩效记录');
    expect(said).toContain('已计入 4 天');
    expect(said).toContain('需要 16 天');
    expect(said).toContain('还差 12 天（还剩 14 个工作日）');
    expect(said).toContain('11 月 4 日（周三）：没有打卡记录');
    expect(said).toContain('11 月 9 日（周一）：免打卡（请假）');
    expect(said).toContain('规则第 1 版 · 申诉截止 12 月 7 日（周一）');
    expect(cardIn(heard.messages).buttons.map(({ label }) => label)).toEqual(['申诉 11-04', '申诉 11-10']);
  });

  it('shows the freezes on the card of 我的, where the rule gives any: what is left and what is used', async () => {
    const record = async () => wordsOf((await the.as('E1').says('我的')).messages.at(-1));
    const freezes = (rule: object) =>
      the.database.db.execute(
        sql`update performance_rules set rule = rule || ${JSON.stringify(rule)}::jsonb`,
      );
    expect(await record()).not.toContain('绩效冻结');
    // The 4th and the 10th were missed; the 4th lies in the first week of the period, which is over.
    await freezes({ freezes: 3 });
    expect(await record()).toContain('绩效冻结 还剩 1 次，用掉 2 次');
    await freezes({ freezes: 3, firstDays: { days: 7, freezes: 2 } });
    expect(await record()).toContain('绩效冻结 还剩 2 次，用掉 2 次');
    await freezes({ freezes: 0, firstDays: { days: 60, freezes: 3 } });
    expect(await record()).toContain('绩效冻结 还剩 1 次，用掉 2 次');
    await freezes({ freezes: 0, firstDays: { days: 7, freezes: 0 } });
  });

  it('understands other ways to say a month, and leaves questions alone', async () => {
    for (const said of ['我的 本月', '我的2026年11月', '我的绩效 2026-11'])
      expect(wordsOf((await the.as('E1').says(said)).messages.at(-1))).toContain('绩效记录');
    expect(wordsOf((await the.as('E1').says('我的电脑打不开')).messages.at(-1))).not.toContain('绩效记录');
    expect(wordsOf((await the.as('E1').says('我的 2026-13')).messages.at(-1))).toContain('没看懂是哪个月');
    expect(wordsOf((await the.as('E1').says('我的 2026-12')).messages.at(-1))).toContain('还没开始');
    expect(wordsOf((await the.as('E1').says('我的 2026-09')).messages.at(-1))).toContain(
      '没有和绩效挂钩的活动',
    );
  });

  it('answers in private, also in a group, and in the language of the person', async () => {
    const place = { kind: 'group' as const, chatId: 'g1', mentioned: true };
    const heard = await the.as('E1').says('@促活 我的 2026-11', { place });
    expect(wordsOf(heard.messages.at(-1))).toContain('绩效记录');
    expect(wordsOf((await the.as('E3').says('me 2026-11')).messages.at(-1))).toContain('no check-in arrived');
  });
});

describe('why a day does not count', () => {
  it('tells the trail of the day in plain words', async () => {
    const heard = await the.as('E1').says('申诉 11-04');
    const said = wordsOf(heard.messages.at(-1));
    expect(said).toContain('11 月 4 日（周三）的来龙去脉');
    expect(said).toContain('没有收到你这天的任何记录。');
    expect(said).toContain('规则第 1 版要求每天：打卡。');
    expect(said).toContain('结果：没有打卡记录。');
    expect(said).toContain('12 月 7 日（周一）结束前都可以');
  });

  it('says when something arrived late, by the moment of the deed', async () => {
    await the.moveTo('2026-11-12T09:00:00Z');
    await the.as('E1').says('打卡', { at: '2026-11-12T02:10:00Z' });
    const said = wordsOf((await the.as('E1').says('申诉 11/12')).messages.at(-1));
    expect(said).toContain('10:10 打卡（沙盒），11 月 12 日（周四） 17:00 才送到，按你操作的时间算。');
    expect(said).toContain('结果：算上了。');
  });

  it.each([
    ['11-20', '这天还没到呢'],
    ['11-07', '这天休息（周末），不用打卡'],
    ['2026-09-15', '没有和绩效挂钩的活动'],
    ['11-09', '免打卡（请假）'],
    ['13-45', '没看懂是哪一天'],
  ])('answers %s kindly', async (day, expected) => {
    const heard = await the.as('E1').says(`申诉 ${day}`);
    expect(wordsOf(heard.messages.at(-1))).toContain(expected);
    expect(heard.messages.flatMap((one) => (one.kind === 'card' ? one.card.buttons : []))).toEqual([]);
  });

  it('offers the days that can be appealed when none is named', async () => {
    const heard = await the.as('E1').says('申诉');
    expect(cardIn(heard.messages).buttons.map(({ label }) => label)).toEqual([
      '申诉 11-04',
      '申诉 11-10',
      '申诉 11-11',
    ]);
    const day = await the.as('E1').taps(cardIn(heard.messages), '申诉 11-10');
    expect(wordsOf(day.messages.at(-1))).toContain('11 月 10 日（周二）的来龙去脉');
  });

  it('leaves questions about appeals to the knowledge base', async () => {
    const said = wordsOf((await the.as('E1').says('申诉怎么提交')).messages.at(-1));
    expect(said).not.toContain('没看懂是哪一天');
  });
});

describe('an appeal', () => {
  it('is filed by one tap with a reason, and reaches everybody of HR', async () => {
    const trail = cardIn((await the.as('E1').says('申诉 11-04')).messages);
    const empty = await the.as('E1').taps(trail, '提交申诉');
    expect(empty.toast).toContain('写一句为什么应该算');
    const filed = await the
      .as('E1')
      .taps(trail, '提交申诉', { inputs: { reason: '那天打了卡，手机没信号' } });
    expect(filed.toast).toContain('申诉 1 已提交：11 月 4 日（周三）');
    for (const hr of ['E4', 'E6']) {
      const card = await the.as(hr).lastCard();
      expect(card.title).toBe('申诉 1：张小满，11 月 4 日（周三）');
      expect(card.body).toContain('那天打了卡，手机没信号');
      expect(card.body).toContain('没有收到你这天的任何记录。');
    }
  });

  it('is taken once a day, and never for what needs none', async () => {
    const again = await the.as('E1').says('申诉 11-04 真的打了');
    expect(wordsOf(again.messages.at(-1))).toContain('已经申诉过了');
    const refused: [string, string][] = [
      ['11-05 想确认', '已经算上了'],
      ['11-07 周末', '这天休息'],
      ['11-20 还没到', '还没到呢'],
      ['今天 忙', '算上了'],
      ['2026-09-15 以前', '没有和绩效挂钩的活动'],
      ['11-09 请假', '免打卡'],
    ];
    for (const [words, expected] of refused)
      expect(wordsOf((await the.as('E1').says(`申诉 ${words}`)).messages.at(-1))).toContain(expected);
  });

  it('is decided with a reason, once, by somebody else, and the person is told', async () => {
    const card = await the.as('E4').lastCard();
    expect((await the.as('E4').taps(card, '同意')).toast).toContain('请写一句理由');
    const decided = await the.as('E4').taps(card, '同意', { inputs: { answer: '查到当天有登录记录' } });
    expect(decided.toast).toBe('申诉 1 已处理：同意，已告诉本人。');
    expect(wordsOf((await the.as('E1').inbox()).at(-1))).toContain(
      '好消息，11 月 4 日（周三）的申诉通过了，这天算上了。答复：查到当天有登录记录',
    );
    const late = await the
      .as('E6')
      .taps(await the.as('E6').lastCard(), '不同意', { inputs: { answer: '没有记录' } });
    expect(late.toast).toContain('同事已经处理过了');
    const corrections = await the.database.db.select().from(dayCorrections);
    expect(corrections).toMatchObject([{ cause: 'appeal', effect: 'counts', reason: '查到当天有登录记录' }]);
    const record = wordsOf((await the.as('E1').says('我的 2026-11')).messages.at(-1));
    expect(record).toContain('11 月 4 日（周三）：申诉通过，算上了');
    expect(record).toContain('已计入 6 天');
  });

  it('is filed and decided in words where buttons do not work', async () => {
    const filed = await the.as('E1').says('申诉 １１－１０ Outlook 卡住了，没法打卡');
    expect(wordsOf(filed.messages.at(-1))).toContain('申诉 2 已提交');
    expect((await the.as('E6').lastCard()).body).toContain('Outlook 卡住了，没法打卡');
    expect(wordsOf((await the.as('E6').says('不同意申诉 2')).messages.at(-1))).toContain('请写一句理由');
    const decided = await the.as('E6').says('不同意申诉 2 当天没有任何登录记录');
    expect(wordsOf(decided.messages.at(-1))).toContain('申诉 2 已处理：不同意');
    expect(wordsOf((await the.as('E1').inbox()).at(-1))).toContain('没有通过。答复：当天没有任何登录记录');
    expect(wordsOf((await the.as('E1').says('申诉 11-10')).messages.at(-1))).toContain('申诉没有通过');
    expect(wordsOf((await the.as('E1').says('申诉 11-10 再看看')).messages.at(-1))).toContain('已经有结果了');
  });

  it('of somebody in HR is decided by another one', async () => {
    await the.as('E4').says('申诉 11-03 在外地开会');
    expect(wordsOf((await the.as('E4').says('同意申诉 3 我自己知道')).messages.at(-1))).toContain(
      '另一位同事',
    );
    expect((await the.as('E6').lastCard()).title).toContain('申诉 3：王知行');
  });

  it('is no word of somebody without the role', async () => {
    const said = wordsOf((await the.as('E1').says('同意申诉 3 好的')).messages.at(-1));
    expect(said).not.toContain('已处理');
  });

  it('is over after its deadline', async () => {
    const said = await the.as('E1').says('申诉 10-20 忘了');
    expect(wordsOf(said.messages.at(-1))).toContain('申诉已经截止了');
    const trail = wordsOf((await the.as('E1').says('申诉 10-20')).messages.at(-1));
    expect(trail).toContain('申诉已经截止了');
  });
});

describe('导出绩效', () => {
  it('comes as a file in private, to HR alone', async () => {
    const heard = await the.as('E4').says('导出绩效 2026-11');
    expect(heard.messages.map(wordsOf)).toEqual(
      expect.arrayContaining(['绩效-2026-11-预览.xlsx', expect.stringContaining('4 人。这个周期还没有关账')]),
    );
    const refused = await the.as('E1').says('导出绩效 2026-11');
    expect(refused.messages.map(({ kind }) => kind)).not.toContain('file');
  });

  it('says kindly when there is nothing to export', async () => {
    const heard = await the.as('E4').says('导出绩效 2025-01');
    expect(wordsOf(heard.messages.at(-1))).toContain('没有人的绩效可导出');
    expect(wordsOf((await the.as('E4').says('导出绩效 2026-13')).messages.at(-1))).toContain(
      '没看懂是哪个月',
    );
  });
});

describe('a month that was closed', () => {
  it('shows the band of the closing, and says that a correction came later', async () => {
    const [period, run] = [newId(), newId()];
    await the.database.db.execute(sql`
      insert into performance_periods (id, campaign_id, name, from_day, to_day, state, created_at)
      select ${period}, id, '2026-11', '2026-11-01', '2026-11-30', 'closed', now() from campaigns
      on conflict (campaign_id, from_day) do update set state = 'closed'`);
    await the.database.db.execute(sql`
      insert into performance_runs (id, period_id, kind, revision, state, reason, prepared_by, requested_at, rule_version)
      select ${run}, id, 'closing', 0, 'done', '', 'E4', now(), 1 from performance_periods where name = '2026-11'`);
    await the.database.db.execute(sql`
      insert into performance_results (run_id, place, employee_id, row, receipt)
      select ${run}, 1, id, '{"counted": 5, "band": "达成"}', '' from employees where number = 'E1'`);
    const said = wordsOf((await the.as('E1').says('我的 2026-11')).messages.at(-1));
    expect(said).toContain('已计入 6 天');
    expect(said).toContain('档位 达成');
    expect(said).toContain('关账以后这里有更正');
    expect(said).toContain('已关账');
  });

  it('tells whoever appealed that a supplement puts it right', async () => {
    await the.as('E6').says('同意申诉 3 有会议签到');
    expect(wordsOf((await the.as('E4').inbox()).at(-1))).toContain(
      '11 月 3 日（周二）的申诉通过了，这天会算上。这个周期已经关账，HR 做补充结果时会一起更正。答复：有会议签到',
    );
  });
});
