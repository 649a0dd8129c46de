import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { excuse } from '#src/features/excusals/index.ts';
import { performanceRuleSchema } from '#src/features/performance/performance.schema.ts';
import { importQuestions, questionsFileSchema } from '#src/features/questions/index.ts';
import { startSession } from '#src/http/credentials.ts';
import { systemClock } from '#src/kernel/time.ts';
import { day } from '../../support/calendar.ts';
import { idsByNumber, type SmallContent } from '../../support/content.ts';
import { cardIn, wordsOf } from '../../support/conversation.ts';
import { testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let the: SmallApp;
afterEach(async () => {
  expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
  await the.close();
});

const people = [
  'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
  'E2,李想,RD,SALES,工程师,Asia/Shanghai,zh-CN,liaison,RD,2020-01-06,,beginner',
  'E3,Emily Carter,SALES,,Account manager,Asia/Shanghai,en,,,2020-01-06,,beginner',
  'E4,王知行,SALES,,人事,Asia/Shanghai,zh-CN,hr,,2020-01-06,,advanced',
];

/** A company that checked in on Monday and Wednesday; it is Thursday morning. */
async function thursday(rule: object | undefined, content: SmallContent = {}): Promise<void> {
  the = await smallApp({ startAt: '2026-09-14T00:00:00Z', people, ...content });
  if (rule !== undefined) await publish(rule);
  await the.moveTo('2026-09-14T01:20:00Z');
  for (const number of ['E1', 'E3']) await the.as(number).says('打卡');
  await the.moveTo('2026-09-16T01:20:00Z');
  for (const number of ['E1', 'E3']) await the.as(number).says('打卡');
  await the.moveTo('2026-09-17T02:00:00Z');
}

async function publish(changes: object): Promise<void> {
  const rule = performanceRuleSchema.parse({
    day: [['tap']],
    target: { kind: 'days', days: 20, of: 22 },
    bands: [{ name: '达成', from: 0, credit: 100 }],
    weight: 5,
    parts: { individual: 100, team: 0 },
    ...changes,
  });
  await the.database.db.execute(sql`
    insert into performance_rules (id, campaign_id, version, rule, from_day, reason, published_by, published_at)
    select ${randomUUID()}, id, 1, ${JSON.stringify(rule)}::jsonb, starts_on, 'test', 'test', now() from campaigns`);
}

const hears = async (number: string, said: string): Promise<string> => {
  const { toast, messages } = await the.as(number).says(said);
  return [toast ?? '', ...messages.map(wordsOf)].join('\n').trim();
};
const makeUps = (approver: string, perPeriod = 2) => ({
  makeUps: { perPeriod, withinWorkdays: 5, approver },
});

describe('补卡', () => {
  it('goes to HR, counts once they agree, and the person hears', async () => {
    await thursday(undefined);
    expect(await hears('E1', '补卡 9-15 全天在客户现场')).toBe(
      '9 月 15 日（周二） 的补卡交上去了，同意后那天就算数，结果会发给你。这个周期还能补 1 次。',
    );
    const card = await the.as('E4').lastCard();
    expect(wordsOf({ kind: 'card', card })).toContain('**张小满** 想补 9 月 15 日（周二） 的卡。');
    expect(wordsOf({ kind: 'card', card })).toContain('原因 全天在客户现场');
    const before = (await the.as('E1').inbox()).length;
    expect((await the.as('E4').taps(card, '同意')).toast).toBe('已同意：张小满 9 月 15 日（周二） 的补卡。');
    expect(wordsOf((await the.as('E1').inbox())[before])).toBe(
      '你 9 月 15 日（周二） 的补卡通过了，现在连续 3 天。',
    );
    expect(await hears('E1', '我的')).toContain('连续 3 天');
    expect((await the.as('E4').taps(card, '不同意')).toast).toBe('这次补卡已经有人处理过了。');
  });

  it('asks for the day and the reason when they are missing', async () => {
    await thursday(makeUps('nobody'));
    const which = cardIn((await the.as('E1').says('补卡')).messages);
    expect(which.buttons.map(({ label }) => label)).toEqual(['9 月 15 日（周二）']);
    const why = await the.as('E1').taps(which, '9 月 15 日（周二）');
    expect(wordsOf(why.messages[0])).toContain('那天是什么情况？');
    expect(await hears('E1', '网断了一整天')).toBe('9 月 15 日（周二） 补上了！现在连续 3 天。');
    expect(await hears('E1', '补卡')).toBe('最近 5 个工作日你都没有漏卡，不用补。真稳！');
  });

  it('may be left off half-way, and then other words mean what they always mean', async () => {
    await thursday(makeUps('nobody'));
    expect(await hears('E1', '补卡 9-15')).toContain('那天是什么情况？');
    expect(await hears('E1', '算了')).toBe('好，不补了。想补的时候再发「补卡」。');
    expect(await hears('E1', '我的')).toContain('连续 1 天');
  });

  it('speaks English to whoever does', async () => {
    await thursday(makeUps('nobody'));
    expect(await hears('E3', 'make up 9-15 Flight was late')).toBe(
      'Tue 15 Sep is made up! You are at 3 in a row.',
    );
    const { rows } = await the.database.db.execute(sql`select reason, cause, effect from day_corrections`);
    expect(rows).toEqual([{ reason: 'Flight was late', cause: 'make-up', effect: 'counts' }]);
  });

  it('goes to the liaison of the department, who says why not', async () => {
    await thursday(makeUps('liaison'));
    await the.as('E1').says('补卡 9-15 忘了');
    const card = await the.as('E2').lastCard();
    const why = await the.as('E2').taps(card, '不同意');
    expect(wordsOf(why.messages[0])).toContain('为什么？');
    const before = (await the.as('E1').inbox()).length;
    expect(await hears('E2', '那天你在休假群里')).toBe('已回复 张小满：9 月 15 日（周二） 的补卡没有通过。');
    expect(wordsOf((await the.as('E1').inbox())[before])).toContain('原因：那天你在休假群里。');
    expect(await hears('E1', '我的')).toContain('连续 1 天');
    // A refused one uses nothing up.
    expect(await hears('E1', '补卡 9-15 再说明一下')).toContain('这个周期还能补 1 次');
  });

  it('is not decided by whoever asks for it', async () => {
    await thursday(makeUps('liaison'));
    await the.as('E2').says('补卡 9-15 我自己忘了');
    const card = await the.as('E4').lastCard();
    expect(wordsOf({ kind: 'card', card })).toContain('**李想** 想补');
  });

  it('is not decided by them in the console either; a colleague there is named as who decided', async () => {
    await thursday(undefined);
    await the.as('E4').says('补卡 9-15 我自己忘了');
    await the.as('E1').says('补卡 9-15 忘了');
    const server = await testServer(the);
    const { db } = the.database;
    const employeeId = (await idsByNumber(db)).get('E4') as string;
    const { secret } = await startSession(db, { name: 'E4', employeeId, now: systemClock.now() });
    const { rows } = await db.execute<{ id: string; own: boolean }>(
      sql`select id, employee_id = ${employeeId} as own from makeup_requests`,
    );
    const decided = async (own: boolean) => {
      const id = rows.find((row) => row.own === own)?.id;
      const response = await fetch(`${server.url}/api/v1/makeups/${id}/decision`, {
        method: 'POST',
        headers: {
          cookie: `cuhuo_session=${secret}`,
          'x-cuhuo-csrf': '1',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ outcome: 'approved' }),
      });
      return response.json();
    };
    expect(await decided(true)).toMatchObject({ status: 403, code: 'makeup.own' });
    expect(await decided(false)).toMatchObject({
      state: 'approved',
      decided: { by: `employee:${employeeId}` },
    });
    await server.close();
  });

  it('uses nothing up when the tap arrives after all', async () => {
    await thursday(undefined);
    await the.as('E1').says('补卡 9-15 打了但是没反应');
    const card = await the.as('E4').lastCard();
    await the
      .as('E1')
      .says('打卡', { at: '2026-09-15T15:50:00Z' })
      .catch(() => undefined);
    await the.database.db.execute(sql`
      insert into checkins (campaign_id, employee_id, day, at, received_at, zone, grade, channel)
      select c.id, e.id, '2026-09-15', '2026-09-15T07:00:00Z', now(), 'Asia/Shanghai', 'tap', 'sandbox'
      from campaigns c, employees e where e.number = 'E1' on conflict do nothing`);
    await the.database.db.execute(sql`
      update streaks set current = 3, best = 3, counted = 3, last_day = '2026-09-16' where employee_id = (select id from employees where number = 'E1')`);
    expect((await the.as('E4').taps(card, '同意')).toast).toContain('后来到了，已经算上');
    const { rows } = await the.database.db.execute(sql`select count(*)::int as n from day_corrections`);
    expect(rows).toEqual([{ n: 0 }]);
  });
});

describe('补卡 that cannot be', () => {
  it.each([
    ['补卡 9-17 先补上', '9 月 17 日（周四） 还没过完，当天直接打卡就好，不用补。'],
    ['补卡 9-14 忘了', '9 月 14 日（周一） 已经算上了，不用补，放心。'],
    ['补卡 9-13 忘了', '9 月 13 日（周日） 你还不在这次活动的名单里，那天不算你的，也就不用补。'],
  ])('%s', async (said, answer) => {
    await thursday(undefined);
    expect(await hears('E1', said)).toBe(answer);
  });

  it('says when the day is off, excused, asked for already, too long ago, or the quota is used up', async () => {
    await thursday(makeUps('nobody', 1));
    const ids = await idsByNumber(the.database.db);
    await the.database.db.transaction((tx) =>
      excuse(
        tx,
        'import',
        [
          {
            employeeId: ids.get('E3') as string,
            from: day('2026-09-15'),
            to: day('2026-09-15'),
            reason: 'leave',
            reference: 'x',
            note: null,
          },
        ],
        { by: 'hr', at: the.app.clock.now() },
      ),
    );
    expect(await hears('E3', '补卡 9-15 sick')).toBe(
      'You are excused on Tue 15 Sep; your streak is safe and nothing needs making up.',
    );
    await the.moveTo('2026-09-21T02:00:00Z');
    expect(await hears('E1', '补卡 9-19 忘了')).toContain('是休息日');
    expect(await hears('E1', '补卡 9-17 忘了')).toContain('补上了');
    expect(await hears('E1', '补卡 9-18 又忘了')).toContain('这个周期的 1 次补卡用完了');
    await the.moveTo('2026-09-25T02:00:00Z');
    expect(await hears('E2', '补卡 9-15 忘了')).toContain('已经过去不止 5 个工作日');
  });

  it('says that a request is waiting, and that a campaign has none', async () => {
    await thursday(undefined);
    await the.as('E1').says('补卡 9-15 忘了');
    expect(await hears('E1', '补卡 9-15 忘了')).toContain('已经交上去了，正在等确认');
  });

  it('says that the rule has none', async () => {
    await thursday(makeUps('nobody', 0));
    expect(await hears('E1', '补卡 9-15 忘了')).toContain('规则里没有补卡');
  });
});

describe('补学', () => {
  const rule = { earnBack: { perPeriod: 1, withinWorkdays: 5, answers: 2 } };

  it('brings the oldest missed day back after so many right answers, one try for each question', async () => {
    await thursday(rule);
    const first = cardIn((await the.as('E1').says('补学')).messages);
    expect(first.title).toBe('补学 1 / 2');
    expect(first.body).toContain('答对 2 题，9 月 15 日（周二） 就回来了。');
    const wrong = await the.as('E1').taps(first, 'A');
    expect(wrong.card?.body).toContain('这题明天还可以再答');
    expect((await the.as('E1').taps(first, 'B')).toast).toBe('这题今天已经答过了。');
    const second = cardIn(wrong.messages);
    const right = await the.as('E1').taps(second, 'B');
    expect(right.card?.body).toContain('补学进度 1 / 2');
    const done = await the.as('E1').taps(cardIn(right.messages), 'B');
    expect(done.card?.body).toContain('9 月 15 日（周二） 回来了！现在连续 3 天。');
    expect(await hears('E1', '我的')).toContain('连续 3 天');
    const { rows } = await the.database.db.execute(sql`select cause, effect, day from day_corrections`);
    expect(rows).toEqual([{ cause: 'earn-back', effect: 'counts', day: '2026-09-15' }]);
  });

  it('says when there is nothing to earn back, when it is used up, and when the rule has none', async () => {
    await thursday(rule);
    await the.as('E2').says('打卡');
    expect(await hears('E3', '补学')).toContain('Study 1 of 2');
    await publishAgain({ earnBack: { perPeriod: 0, withinWorkdays: 5, answers: 2 } });
    expect(await hears('E1', '补学')).toContain('规则里没有补学');
    await publishAgain({ earnBack: { perPeriod: 1, withinWorkdays: 1, answers: 2 } });
    expect(await hears('E1', '补学')).toContain('没有漏掉的日子');
  });

  const bank = (...given: object[]) =>
    the.database.db.transaction((tx) => {
      const { questions } = questionsFileSchema.parse({ questions: given });
      const rows = questions.map((question, place) => ({ line: place + 1, question }));
      return importQuestions(tx, rows, the.app.clock.now());
    });
  const reviewed = { explanation: '菜单里就有。', review: 'reviewed' };

  it('asks reviewed questions of the bank where no tip has one: nobody who missed a day is left without', async () => {
    await thursday(rule, { questions: false });
    expect(await hears('E1', '补学')).toContain('今天能答的题都答过啦');
    await bank(
      { ...reviewed, id: 'q1', kind: 'single', text: '怎么冻结首行？', options: ['插入', '视图'], answer: 1 },
      { ...reviewed, id: 'q2', kind: 'true-false', text: 'Ctrl+Z 是撤销。', answer: true },
      { id: 'q3', kind: 'true-false', text: '还没审过的题。', answer: true },
      { ...reviewed, id: 'q4', kind: 'ordering', text: '按钮答不了的题。', options: ['甲', '乙', '丙'] },
    );
    const first = cardIn((await the.as('E1').says('补学')).messages);
    expect(first.body).toContain('怎么冻结首行？');
    const right = await the.as('E1').taps(first, 'B');
    expect(right.card?.body).toContain('菜单里就有。');
    const second = cardIn(right.messages);
    expect(second.body).toContain('Ctrl+Z 是撤销。');
    expect(second.body).toContain('**A**　对');
    const done = await the.as('E1').says('补学 A');
    expect(wordsOf(done.messages[0])).toContain('9 月 15 日（周二） 回来了！');
  });

  it('asks what was answered rightly on another day once nothing new is left, and never twice on one day', async () => {
    await thursday({ earnBack: { ...rule.earnBack, answers: 3 } }, { questions: false });
    await bank(
      { ...reviewed, id: 'q1', kind: 'true-false', text: '第一题。', answer: true },
      { ...reviewed, id: 'q2', kind: 'true-false', text: '第二题。', answer: true },
    );
    for (const words of ['第一题。', '第二题。']) {
      expect(await hears('E1', '补学')).toContain(words);
      await the.as('E1').says('补学 A');
    }
    expect(await hears('E1', '补学')).toContain('今天能答的题都答过啦');
    await the.moveTo('2026-09-18T02:00:00Z');
    expect(await hears('E1', '补学')).toMatch(/第[一二]题。/);
    expect(await hears('E1', '补学 A')).toContain('回来了！');
  });

  async function publishAgain(changes: object): Promise<void> {
    await the.database.db.execute(sql`delete from performance_rules`);
    await publish(changes);
  }
});
