import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { importDirectory, readDirectory } from '#src/features/directory/index.ts';
import { day, instant } from '../support/calendar.ts';
import { company } from '../support/content.ts';
import { cardIn, wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

let the: SmallApp;
beforeAll(async () => {
  the = await smallApp({
    startAt: '2026-09-18T00:00:00Z',
    people: [
      ...company,
      'E6,没部门,RD,,,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E7,新同事,RD,,,Asia/Shanghai,zh-CN,,,2026-09-21,,beginner',
      'E8,Kiri Tane,SALES,,,Pacific/Kiritimati,en,,,2020-01-06,,beginner',
    ],
  });
  await the.database.db.execute(
    sql`delete from memberships where employee_id = (select id from employees where number = 'E6')`,
  );
});
afterAll(() => the.close());

const inboxOf = async (number: string): Promise<string[]> => (await the.as(number).inbox()).map(wordsOf);
const tipsOf = async (number: string): Promise<number> =>
  (await inboxOf(number)).filter((words) => /今日技巧｜|Tip of the day/.test(words)).length;

/** Brings one line of the file of employees up to date. */
async function imports(line: string, asOf: string): Promise<void> {
  const headings = '工号,姓名,部门编码,兼职部门编码,职务,时区,语言,角色,接口部门编码,入职日期,离职日期,水平';
  const files = await readDirectory({ employees: Buffer.from(`${headings}\n${line}\n`) });
  await importDirectory(the.database.db, files, {
    at: the.app.clock.now(),
    asOf: day(asOf),
    actor: { kind: 'cli', id: 'test' },
  });
  await the.app.refreshSchedules();
}

describe('people in other zones', () => {
  it('get the tip at their own ten past nine', async () => {
    await the.moveTo('2026-09-18T01:10:00Z');
    expect([await tipsOf('E1'), await tipsOf('E3')]).toEqual([1, 0]);
    await the.moveTo('2026-09-18T13:09:59Z');
    expect(await tipsOf('E3')).toBe(0);
    await the.moveTo('2026-09-18T13:10:00Z');
    expect(await tipsOf('E3')).toBe(1);
  });

  it('check in for their own day: the evening in New York is the same day there, the next in Shanghai', async () => {
    await the.moveTo('2026-09-19T02:00:00Z');
    expect((await the.as('E3').taps(await the.as('E3').lastCard(), 'Check in')).toast).toBe(
      'Checked in! Day 1, a good start. +5 points',
    );
    const { rows } = await the.database.db.execute(sql`
      select day, c.zone from checkins c join employees e on e.id = c.employee_id where number = 'E3'`);
    expect(rows).toEqual([{ day: '2026-09-18', zone: 'America/New_York' }]);
  });

  it('are reminded in their own afternoon, if at all', async () => {
    await the.moveTo('2026-09-20T20:39:00Z');
    const before = await inboxOf('E3');
    await the.moveTo('2026-09-20T20:40:00Z');
    expect(await inboxOf('E3')).toHaveLength(before.length + 1);
    expect((await inboxOf('E3')).at(-1)).toContain('One check-in to go today');
  });

  it('stay on the day of their zone at the tap when they move', async () => {
    await the.moveTo('2026-09-21T13:10:00Z');
    const card = await the.as('E3').lastCard();
    await the.moveTo('2026-09-21T20:00:00Z');
    await imports(
      'E3,Emily Carter,SALES,,Account manager,Asia/Shanghai,en,,,2020-01-06,,beginner',
      '2026-09-22',
    );
    await the.moveTo('2026-09-21T20:30:00Z');
    const heard = await the.as('E3').taps(card, 'Check in', { at: '2026-09-21T19:00:00Z' });
    expect(heard.toast).toContain('Checked in!');
    const { rows } = await the.database.db.execute(sql`
      select day, c.zone from checkins c join employees e on e.id = c.employee_id where number = 'E3' order by day desc`);
    expect(rows[0]).toEqual({ day: '2026-09-21', zone: 'America/New_York' });
  });
});

describe('people and departments', () => {
  it('without a department take part like everybody', async () => {
    expect(await tipsOf('E6')).toBeGreaterThan(0);
    expect(wordsOf((await the.as('E6').says('打卡')).messages[0])).toContain('打卡成功');
    expect(wordsOf((await the.as('E6').says('我的')).messages[0])).toContain('没部门 的打卡记录');
  });

  it('in two departments get everything once', async () => {
    const tips = (await inboxOf('E2')).filter((words) => words.includes('今日技巧｜'));
    expect(new Set(tips).size).toBe(tips.length);
    expect(tips).toHaveLength(3);
  });
});

describe('people who come, leave and return', () => {
  it('who left get no more tips and a friendly answer', async () => {
    expect(await tipsOf('E5')).toBe(1);
    const heard = await the.as('E5').says('打卡');
    expect(heard.messages.map(wordsOf)).toEqual([expect.stringContaining('请联系你们部门的接口人或管理员')]);
    const tip = (await the.as('E5').inbox())[0];
    const tapped = await the.as('E5').taps(tip?.kind === 'card' ? tip.card : undefined, '打卡');
    expect(tapped.toast).toContain('我在通讯录里还没找到你');
    const { rows } = await the.database.db.execute(sql`
      select 1 from checkins c join employees e on e.id = c.employee_id where number = 'E5'`);
    expect(rows).toEqual([]);
  });

  it('who tapped on their last day are heard, although it arrives after', async () => {
    const tip = (await the.as('E5').inbox())[0];
    const card = tip?.kind === 'card' ? tip.card : undefined;
    const heard = await the.as('E5').taps(card, '打卡', { at: '2026-09-18T15:00:00Z' });
    expect(heard.toast).toContain('隔了太久');
  });

  it('who have not begun yet get nothing until their first day', async () => {
    expect(await tipsOf('E7')).toBe(1);
    expect((await inboxOf('E7'))[0]).toContain('今日技巧｜第 3 招');
  });

  it('who return are back the next day, with their record', async () => {
    await imports('E5,何一鸣,SALES,,客户经理,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner', '2026-09-22');
    await the.moveTo('2026-09-22T01:10:00Z');
    expect(await tipsOf('E5')).toBe(2);
    expect((await the.as('E5').taps(await the.as('E5').lastCard(), '打卡')).toast).toContain('打卡成功');
  });

  it('whom nobody knows are told where to go', async () => {
    const routed = await the.app.router.route({
      channel: 'sandbox',
      account: 'sandbox',
      key: 'stranger-1',
      actor: 'X99',
      place: { kind: 'private' },
      payload: { kind: 'action', actionId: 'whatever', inputs: {} },
      occurredAt: instant('2026-09-22T01:10:00Z'),
      receivedAt: instant('2026-09-22T01:10:00Z'),
    });
    expect(routed.answer.toast).toContain('我在通讯录里还没找到你');
    await the.as('X99').says('打卡');
    const { rows } = await the.database.db.execute(sql`
      select state from deliveries where recipient = 'sandbox:X99'`);
    expect(rows).toEqual([{ state: 'unreachable' }]);
  });
});

describe('an English speaker', () => {
  const chinese = /\p{Script=Han}/u;
  /** What is ours to translate: tips and the campaign's own names stay as the operators wrote them. */
  const ours = (words: string): string =>
    words.replace(
      /第 \d+ 招|选中单元格，按 \*\*Alt\*\* 和等号。|现在按一次。|小活动|预热|按哪个键？|就是 Alt。|员工|张小满|李想|没部门|王知行|何一鸣|新同事/g,
      '',
    );

  it('reads English everywhere', async () => {
    await the.moveTo('2026-09-23T22:00:00Z');
    const kiri = the.as('E8');
    const heard: string[] = [];
    for (const word of [
      'help',
      'tip',
      'checkin',
      'checkin',
      'me',
      'ranking',
      'what?',
      'rankin',
      '😀',
      'x'.repeat(4_001),
    ]) {
      heard.push(...(await kiri.says(word)).messages.map(wordsOf));
    }
    heard.push(...(await kiri.opensChat()).messages.map(wordsOf));
    heard.push(...(await kiri.does({ kind: 'file', name: 'a.pdf', fileId: 'f' })).messages.map(wordsOf));
    heard.push((await kiri.does({ kind: 'action', actionId: 'x', inputs: {} })).toast ?? '');
    const tip = cardIn((await kiri.says('tip')).messages);
    for (const label of ['Useful', 'Knew it', 'Not for me', 'Check in'])
      heard.push((await kiri.taps(tip, label)).toast ?? '');
    const question = cardIn((await kiri.taps(tip, 'Test me')).messages);
    heard.push((await kiri.taps(question, 'A')).toast ?? '', wordsOf({ kind: 'card', card: question }));
    const right = await kiri.taps(question, 'B');
    heard.push(right.toast ?? '', right.card?.body ?? '');
    await the.moveTo('2026-09-24T22:00:00Z');
    const off = [
      ...(await kiri.says('checkin')).messages,
      ...(await kiri.says('tip')).messages,
      ...(await kiri.says('me')).messages,
    ];
    heard.push(...off.map(wordsOf));
    heard.push((await kiri.taps(tip, 'Check in')).toast ?? '');
    heard.push(...(await kiri.inbox()).map(wordsOf));
    expect(heard.map(ours).filter((words) => chinese.test(words))).toEqual([]);
    expect(off.map(wordsOf).join()).toContain('Mid-Autumn');
  });

  it('is given English words on the buttons, and for typing where there are no buttons', async () => {
    const cards = (await the.as('E8').inbox()).flatMap((message) =>
      message.kind === 'card' ? [message.card] : [],
    );
    const said = cards.flatMap(({ buttons }) => buttons.flatMap(({ label, word }) => [label, word ?? '']));
    expect(said.filter((word) => chinese.test(word))).toEqual([]);
  });
});
