import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { office } from '../features/faq/office.ts';
import { cardIn, heardInGroup, wordsOf } from '../support/conversation.ts';
import { teach } from '../support/knowledge.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

let app: SmallApp;

beforeAll(async () => {
  app = await smallApp({
    startAt: '2026-09-14T00:00:00Z',
    tips: 3,
    people: [
      'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E2,李想,RD,,工程师,Asia/Shanghai,zh-CN,liaison,RD,2020-01-06,,beginner',
      'E3,Emily Carter,SALES,,Account manager,America/New_York,en,,,2020-01-06,,beginner',
    ],
  });
  const extra = [
    {
      id: 'print-two-sided',
      question: '怎么双面打印',
      similar: ['双面打印在哪设置'],
      answer: '打印设置里勾选 **双面**。<script>alert(1)</script>',
    },
    {
      id: 'print-one-page',
      question: '怎么把表格打印到一页',
      similar: ['打印在一页纸上'],
      answer: '缩放设为一页。',
    },
  ];
  await teach(app, [...office, ...extra]);
});
afterAll(() => app.close());

async function misses(): Promise<string[]> {
  const { rows } = await app.database.db.execute<{ text: string }>(
    sql`select text from faq_misses order by at, id`,
  );
  return rows.map(({ text }) => text);
}

describe('a question in chat', () => {
  it('is answered with the entry, its version, and thumbs that are kept', async () => {
    const heard = await app.as('E1').says('我忘了登录密码，怎么找回');
    const card = cardIn(heard.messages);
    expect(card).toMatchObject({ title: '忘记密码怎么办', body: expect.stringContaining('**忘记密码**') });
    expect(card.footer).toContain('password-reset');
    expect(card.footer).toContain('第 1 版');
    expect((await app.as('E1').taps(card, '👍 有用')).toast).toContain('谢谢');
    expect((await app.as('E1').taps(card, '👎 没解决')).toast).toContain('换个说法');
    const { rows } = await app.database.db.execute(sql`select thumb, version from faq_feedback order by id`);
    expect(rows).toEqual([
      { thumb: 'up', version: 1 },
      { thumb: 'down', version: 1 },
    ]);
    expect(await misses()).toEqual([]);
  });

  it('that was not helped has room for what was wrong, in a form or in words, for the exact version', async () => {
    const card = cardIn((await app.as('E2').says('我忘了登录密码，怎么找回')).messages);
    const rated = await app.as('E2').taps(card, '👎 没解决');
    const inputs = { comment: '页面上没有 忘记密码' };
    expect((await app.as('E2').taps(rated.card, '告诉编辑', { inputs })).toast).toContain('转给编辑');
    expect((await app.as('E2').says('点评 <b>截图</b>太旧了')).messages.map(wordsOf)).toEqual([
      '谢谢，原话已经转给编辑了。',
    ]);
    const { rows } = await app.database.db.execute(
      sql`select comment, version from faq_feedback where comment is not null order by id`,
    );
    expect(rows).toEqual([
      { comment: '页面上没有 忘记密码', version: 1 },
      { comment: '<b>截图</b>太旧了', version: 1 },
    ]);
  });

  it('shows markdown without scripts', async () => {
    const heard = await app.as('E1').says('双面打印怎么设置');
    expect(cardIn(heard.messages).body).toBe('打印设置里勾选 **双面**。');
  });

  it('that fits several entries offers three, and a tap answers', async () => {
    const heard = await app.as('E1').says('打印');
    const card = cardIn(heard.messages);
    expect(card.title).toBe('你想问的是哪一个？');
    expect(card.buttons).toHaveLength(3);
    const tapped = await app.as('E1').taps(card, card.buttons[0]?.label ?? '');
    expect(cardIn(tapped.messages).footer).toContain('知识条目 print');
  });

  it('that nobody has answered brings a person by name, and is kept', async () => {
    const heard = await app.as('E1').says('食堂明天中午提供什么菜呢');
    expect(wordsOf(heard.messages[0])).toContain('李想');
    expect(await misses()).toEqual(['食堂明天中午提供什么菜呢']);
    const { rows } = await app.database.db.execute(sql`select department, context, outcome from faq_misses`);
    expect(rows).toEqual([{ department: 'RD', context: 'sandbox private', outcome: 'handover' }]);
  });

  it('is understood in English', async () => {
    const heard = await app.as('E3').says('how can I change the display language?');
    expect(cardIn(heard.messages)).toMatchObject({ footer: expect.stringContaining('version 1') });
    const lost = await app.as('E3').says('when does the canteen open');
    expect(wordsOf(lost.messages[0])).toContain('administrator');
  });

  it('vanishes with its entry', async () => {
    const card = cardIn((await app.as('E1').says('打印')).messages);
    await app.database.db.execute(sql`update faq_entries set retired_at = now() where key like 'print%'`);
    await app.database.db.execute(sql`update faq_revision set revision = revision + 1`);
    expect((await app.as('E1').taps(card, card.buttons[0]?.label ?? '')).toast).toContain('下架');
  });
});

describe('what is no question', () => {
  it.each([
    ['你好', '你好呀'],
    ['谢谢！', '不客气'],
    ['打咔', '打卡'],
    ['今日技俩', '今日技巧'],
  ])('%s is met kindly and is no miss', async (said, answer) => {
    const before = await misses();
    const heard = await app.as('E2').says(said);
    expect(wordsOf(heard.messages[0])).toContain(answer);
    expect(await misses()).toEqual(before);
  });
});

describe('in a group', () => {
  it('only a mention is answered, and nothing else is kept', async () => {
    await app.database.db.execute(sql`insert into sandbox_groups (id, name) values ('g1', '研发群')`);
    const before = await misses();
    const place = (mentioned: boolean) => ({ kind: 'group' as const, chatId: 'g1', mentioned });
    await app.as('E1').says('食堂后天提供什么菜呢', { place: place(false) });
    expect(await heardInGroup(app, 'g1')).toHaveLength(0);
    expect(await misses()).toEqual(before);
    await app.as('E1').says('@促活 宏被禁用了怎么启用', { place: place(true) });
    expect(wordsOf((await heardInGroup(app, 'g1'))[0])).toContain('宏被禁用了怎么启用');
  });
});
