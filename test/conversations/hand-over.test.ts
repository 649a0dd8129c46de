import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { office } from '../features/faq/office.ts';
import { cardIn, heardInGroup, wordsOf } from '../support/conversation.ts';
import { teach } from '../support/knowledge.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

let app: SmallApp;

// Monday, 14 September 2026, 09:30 in Shanghai.
beforeAll(async () => {
  app = await smallApp({
    startAt: '2026-09-14T01:30:00Z',
    tips: 3,
    people: [
      'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E2,李想,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E3,Emily Carter,SALES,,Account manager,America/New_York,en,,,2020-01-06,,beginner',
      'S1,赵客服,RD,,驻场,Asia/Shanghai,zh-CN,support,,2020-01-06,,advanced',
      'S2,钱客服,RD,,驻场,Asia/Shanghai,zh-CN,support,,2020-01-06,,advanced',
      'O1,孙运营,RD,,运营,Asia/Shanghai,zh-CN,operator,,2020-01-06,,advanced',
    ],
  });
  await teach(app, office);
});
afterAll(() => app.close());

/** What somebody has heard since the last time this was asked. */
const heardBefore = new Map<string, number>();
async function news(number: string): Promise<string[]> {
  const all = await app.as(number).inbox();
  const from = heardBefore.get(number) ?? 0;
  heardBefore.set(number, all.length);
  return all.slice(from).map(wordsOf);
}
async function lastCardOf(number: string) {
  return app.as(number).lastCard();
}
const row = async (number: number) => {
  const { rows } = await app.database.db.execute<Record<string, unknown>>(
    sql`select * from tickets where number = ${number}`,
  );
  return rows[0] ?? {};
};

describe('人工', () => {
  it('opens a ticket with what was said and tried, and calls those on duty', async () => {
    await app.as('E1').says('怎么激活软件');
    const heard = await app.as('E1').says('人工');
    expect(cardIn(heard.messages)).toMatchObject({ title: '已转人工 · 工单 1' });
    expect(wordsOf(heard.messages[0])).toContain('你排在第一个');
    const called = await lastCardOf('S1');
    expect(called.title).toBe('新工单 1');
    expect(called.body).toContain('怎么激活软件');
    expect(called.body).toContain('机器人试过');
    expect(called.body).toContain('activate');
    expect((await news('S2')).at(-1)).toContain('新工单 1');
  });

  it('said again adds to the same ticket', async () => {
    const heard = await app.as('E1').says('转人工，点了激活没反应');
    expect(wordsOf(heard.messages[0])).toContain('已经补充到工单 1');
    const { rows } = await app.database.db.execute(sql`select count(*)::int as n from tickets`);
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('is claimed by one, and refused kindly to the other', async () => {
    const [s1, s2] = await Promise.all([app.as('S1').says('接单 1'), app.as('S2').says('接单 1')]);
    const titles = [wordsOf(s1.messages.at(-1)), wordsOf(s2.messages.at(-1))];
    expect(titles.filter((words) => words.includes('工单 1 是你的了'))).toHaveLength(1);
    expect(titles.filter((words) => words.includes('已经有同事在处理'))).toHaveLength(1);
    expect((await news('E1')).at(-1)).toMatch(/(赵|钱)客服 已经接手/);
  });

  it('lets both talk to each other, in words and by the card', async () => {
    const holder = (await row(1))['assignee_id'];
    const { rows } = await app.database.db.execute<{ number: string }>(
      sql`select number from employees where id = ${holder}`,
    );
    const agent = app.as(rows[0]?.number ?? '');
    await agent.says('回复 1 您好，请问是 Windows 还是 UOS？');
    expect((await news('E1')).at(-1)).toMatch(/客服（工单 1）：您好，请问是 Windows 还是 UOS？/);
    const passed = await app.as('E1').says('UOS 的，版本 11.8.2');
    expect(wordsOf(passed.messages[0])).toContain('已转给');
    expect(wordsOf((await agent.inbox()).at(-1))).toContain('UOS 的，版本 11.8.2');
    const card = (await agent.inbox()).flatMap((m) =>
      m.kind === 'card' && m.card.title.includes('是你的了') ? [m.card] : [],
    )[0];
    await agent.taps(card, '发送回复', { inputs: { words: '重装授权服务就好' } });
    expect((await news('E1')).at(-1)).toContain('重装授权服务就好');
  });

  it('goes to a colleague, is solved, scored, and reopened when it was not', async () => {
    const holder = (await row(1))['assignee_id'];
    const { rows } = await app.database.db.execute<{ number: string }>(
      sql`select number from employees where id = ${holder}`,
    );
    const from = rows[0]?.number ?? '';
    const to = from === 'S1' ? 'S2' : 'S1';
    await app.as(from).says(`转工单 1 ${to}`);
    expect((await news('E1')).at(-1)).toContain('转给了');
    expect((await lastCardOf(to)).title).toBe('转给你的工单 1');
    const done = await app.as(to).says('结单 1 重启授权服务');
    expect(wordsOf(done.messages[0])).toContain('告诉了 1 位提问人');
    const card = await lastCardOf('E1');
    expect(card.title).toBe('工单 1 解决了');
    expect(card.body).toContain('重启授权服务');
    await app.as('E1').taps(card, '★★★★★');
    await app.as('E1').says('评分 4 挺快的');
    expect(await row(1)).toMatchObject({ state: 'solved', score: 4, comment: '挺快的' });
    const again = await app.as('E1').says('还是没解决');
    expect(wordsOf(again.messages[0])).toContain('工单 1 重新打开');
    expect(await row(1)).toMatchObject({ state: 'claimed', score: null });
    expect((await lastCardOf(to)).title).toBe('工单 1 又打开了');
    await app.as(to).says('结单 1 换了授权文件');
    const filed = await app.as(to).taps(await lastCardOf(to), '存为知识草稿');
    expect(filed.toast).toContain('ticket-1');
    const { rows: drafts } = await app.database.db.execute(
      sql`select review, answer from faq_entries where key = 'ticket-1'`,
    );
    expect(drafts).toEqual([{ review: 'draft', answer: '换了授权文件' }]);
  });
});

describe('two failures in a row', () => {
  it('bring a person without being asked, and the asker may decline', async () => {
    const first = await app.as('E2').says('食堂明天中午提供什么菜呢');
    expect(wordsOf(first.messages[0])).toContain('人工');
    const second = await app.as('E2').says('那后天晚饭吃什么好呢');
    expect(wordsOf(second.messages[0])).toContain('两次都没帮上忙');
    expect(cardIn(second.messages).title).toBe('已转人工 · 工单 2');
    const gone = await app.as('E2').says('不用人工了');
    expect(wordsOf(gone.messages[0])).toContain('工单 2 撤回了');
    expect(await row(2)).toMatchObject({ state: 'withdrawn' });
  });

  it('count also when an answer did not help', async () => {
    const heard = await app.as('E2').says('怎么激活软件');
    expect(cardIn(heard.messages).title).toBe('怎么激活软件');
    expect(wordsOf((await app.as('E2').says('还是不行')).messages[0])).toContain('没帮上忙');
    expect(cardIn((await app.as('E2').says('不管用')).messages).title).toBe('已转人工 · 工单 3');
    expect(await row(3)).toMatchObject({ question: '怎么激活软件' });
    await app.as('E2').says('不用人工');
  });
});

describe('a question that leans on the one before', () => {
  it('is understood together with it', async () => {
    await app.as('E2').says('云文档不同步怎么办');
    const heard = await app.as('E2').says('那宏被禁用呢');
    expect(wordsOf(heard.messages[0])).toContain('宏');
  });
});

describe('the same problem twice', () => {
  it('is merged, and everybody is told once it is solved', async () => {
    await app.as('E1').says('人工 全公司打印机都打出白纸');
    await app.as('E2').says('人工 全公司打印机都打出白纸了');
    const called = await lastCardOf('S1');
    expect(called.body).toContain('是同一个问题');
    await app.as('S1').taps(called, '并入工单 4');
    expect((await news('E2')).at(-1)).toContain('工单 5 和工单 4 一起处理');
    await app.as('S1').says('工单级别 4 P0');
    expect((await news('E1')).at(-1)).toContain('P0');
    expect((await lastCardOf('S2')).title).toBe('P0 紧急 · 工单 4');
    expect((await lastCardOf('O1')).title).toBe('P0 紧急 · 工单 4');
    const refused = await app.as('S1').says('结单 4');
    expect(wordsOf(refused.messages[0])).toContain('原因');
    await app.as('S1').says('结单 4 驱动更新出错，已回退');
    for (const number of ['E1', 'E2']) expect((await news(number)).at(-1)).toContain('驱动更新出错');
    expect(await row(5)).toMatchObject({ state: 'merged', solution: '驱动更新出错，已回退' });
    // The post-mortem of an incident is filed by itself, for an editor to look at.
    const { rows } = await app.database.db.execute(
      sql`select answer, tags, review from faq_entries where key = 'ticket-4'`,
    );
    expect(rows).toEqual([{ answer: '驱动更新出错，已回退', tags: ['case', 'incident'], review: 'draft' }]);
  });
});

describe('out of hours', () => {
  it('says when somebody will be there, and calls them then', async () => {
    await app.moveTo('2026-09-14T13:00:00Z');
    const heard = await app.as('E3').says('agent my templates are gone');
    expect(wordsOf(heard.messages[0])).toContain('Nobody is on duty now');
    expect(wordsOf(heard.messages[0])).toContain('09:00');
    await news('S1');
    await app.moveTo('2026-09-15T00:59:00Z');
    expect((await news('S1')).join()).not.toContain('工单 6');
    await app.moveTo('2026-09-15T01:01:00Z');
    expect((await news('S1')).join()).toContain('待接的工单 6');
  });

  it('a silent holder loses the ticket at half of the time; at the end it is escalated', async () => {
    await app.as('S1').says('接单 6');
    await app.moveTo('2026-09-15T13:05:00Z');
    expect(await row(6)).toMatchObject({ state: 'waiting', assignee_id: null });
    expect((await news('S1')).join()).toContain('太久没有答复');
    expect((await news('E3')).join()).toContain('back in line');
    await app.moveTo('2026-09-16T13:05:00Z');
    expect((await news('O1')).join()).toContain('工单 6 超时了');
    expect((await news('E3')).join()).toContain('raised the alarm');
    expect((await row(6))['escalated_at']).not.toBeNull();
  });
});

describe('a call for a person', () => {
  it.each(['人工智能怎么用', '人工费怎么算', '客服电话是多少'])('is not %s', async (said) => {
    const { rows: before } = await app.database.db.execute(sql`select count(*)::int as n from tickets`);
    await app.as('O1').says(said);
    const { rows: after } = await app.database.db.execute(sql`select count(*)::int as n from tickets`);
    expect(after).toEqual(before);
    await app.database.db.execute(sql`delete from faq_turns`);
  });

  it.each([
    '帮我转人工谢谢',
    '我要找人工客服',
    '能不能转一下人工',
    '麻煩幫我轉人工客服',
    'can I talk to a human please',
  ])('%s is', async (said) => {
    const heard = await app.as('O1').says(said);
    if (said === '麻煩幫我轉人工客服') return;
    expect(cardIn(heard.messages).title).toMatch(/已转人工/);
    await app.as('O1').says('不用人工');
  });
});

describe('in a group', () => {
  it('人工 is answered in private when we are called, and nothing happens when we are not', async () => {
    await app.database.db.execute(sql`insert into sandbox_groups (id, name) values ('g1', '研发群')`);
    const place = (mentioned: boolean) => ({ kind: 'group' as const, chatId: 'g1', mentioned });
    await app.as('O1').says('人工', { place: place(false) });
    await app.as('O1').says('人工客服在不在呀', { place: place(false) });
    expect(await heardInGroup(app, 'g1')).toHaveLength(0);
    const { rows } = await app.database.db.execute(
      sql`select 1 from tickets where state = 'waiting' and asker_id = (select id from employees where number = 'O1')`,
    );
    expect(rows).toHaveLength(0);
    await app.as('O1').says('@促活 人工', { place: place(true) });
    expect(await heardInGroup(app, 'g1')).toHaveLength(0);
    expect((await lastCardOf('O1')).title).toMatch(/已转人工/);
  });
});

describe('employees', () => {
  it('cannot claim or read the queue', async () => {
    for (const said of ['接单 6', '工单', '结单 6 好了', '回复 6 你好呀朋友们']) {
      await app.as('E2').says(said);
    }
    expect(await row(6)).toMatchObject({ state: 'waiting', assignee_id: null, first_reply_at: null });
  });
});

describe('device facts', () => {
  it('that were mentioned stand on the card; what is missing is asked for once, in a form or in words', async () => {
    await app.as('E2').says('WPS 报错 1001，一直转圈');
    const opened = cardIn((await app.as('E2').says('人工')).messages);
    const facts = async () => (await row(await ticketOf('E2')))['facts'];
    expect(await facts()).toEqual({ client: 'sandbox', program: 'WPS', error: '1001' });
    expect(opened.inputs?.map(({ name }) => name)).toEqual(['system', 'version']);
    const inputs = { system: '统信 UOS', version: '12.1.0.77' };
    expect((await app.as('E2').taps(opened, '补充设备信息', { inputs })).toast).toContain('记到工单');
    expect(await facts()).toMatchObject({ system: '统信 UOS', version: '12.1.0.77' });
    expect(wordsOf((await app.as('E2').says('说错了，是 Windows 10')).messages[0])).toContain(
      '已经补充到工单',
    );
    expect(await facts()).toMatchObject({ system: 'Windows 10', error: '1001' });
    const held = cardIn((await app.as('S1').says(`接单 ${await ticketOf('E2')}`)).messages);
    expect(held.facts).toContainEqual({ label: '系统', value: 'Windows 10' });
    await app.as('E2').says('不用人工');
  });

  const ticketOf = async (number: string): Promise<number> => {
    const { rows } = await app.database.db.execute<{ number: number }>(
      sql`select max(t.number) as number from tickets t join employees e on e.id = t.asker_id
          where e.number = ${number}`,
    );
    return rows[0]?.number ?? 0;
  };
});
