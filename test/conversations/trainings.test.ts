import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { attendedOn } from '#src/features/trainings/index.ts';
import { trainingInput } from '#src/features/trainings/trainings.api.ts';
import { noteScan } from '#src/features/trainings/trainings.attend.ts';
import { correctAttendance } from '#src/features/trainings/trainings.correct.ts';
import { addMaterials } from '#src/features/trainings/trainings.materials.ts';
import { createSeries, openTraining } from '#src/features/trainings/trainings.plan.ts';
import { bySystem, type Training } from '#src/features/trainings/trainings.store.ts';
import { trainingAttendance, trainingSignupEvents } from '#src/features/trainings/trainings.tables.ts';
import { day } from '../support/calendar.ts';
import { idsByNumber } from '../support/content.ts';
import { cardIn, wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';
import { type Classes, classesOf } from './classes.ts';

const person = (number: string, name: string, department: string, more = 'Asia/Shanghai,zh-CN') =>
  `${number},${name},${department},,员工,${more},,,2020-01-06,,beginner`;

let app: SmallApp;
let classes: Classes;
let ids: Map<string, string>;
const idOf = (number: string): string => ids.get(number) ?? '';

beforeAll(async () => {
  app = await smallApp({
    startAt: '2026-09-18T01:30:00Z',
    tips: 3,
    people: [
      person('E1', '张小满', 'RD'),
      person('E2', '李想', 'RD'),
      person('E3', 'Emily Carter', 'SALES', 'America/New_York,en'),
      person('E4', '王知行', 'SALES'),
      person('E5', '何一鸣', 'SALES'),
      person('E6', '赵小路', 'RD'),
    ],
  });
  classes = classesOf(app.app, app.database.db, join(app.dataDir, 'files'));
  ids = await idsByNumber(app.database.db);
});
afterAll(() => app.close());

const at = (time: string, date = '2026-09-21') => `${date}T${time}:00+08:00`;
const plan = (title: string, from: string, to: string, more: object = {}) => ({
  title,
  kind: 'on-site' as const,
  place: '3 楼',
  startsAt: from,
  endsAt: to,
  ...more,
});
const heard = async (number: string): Promise<string> =>
  (await app.as(number).inbox()).map(wordsOf).join('\n---\n');
const says = async (number: string, text: string): Promise<string> =>
  (await app.as(number).says(text)).messages.map(wordsOf).join('\n');

describe('signing up', () => {
  let morning: Training;
  let other: Training;
  beforeAll(async () => {
    morning = await classes.open(plan('表格入门', at('09:00'), at('10:30'), { about: '从零开始' }));
    other = await classes.open(plan('演示技巧', at('10:00'), at('11:00')));
  });

  it('by the button of the list: the card says when and where, and the calendar file follows', async () => {
    const list = cardIn((await app.as('E1').says('培训')).messages);
    expect(list.body).toContain('表格入门');
    const { toast, messages } = await app.as('E1').taps(list, `报名 ${morning.no}`);
    expect(toast).toContain('报名成功');
    expect(wordsOf(messages[0])).toContain('9 月 21 日（周一） 09:00–10:30');
    expect(messages[1]).toMatchObject({
      kind: 'file',
      name: '2026-09-21 表格入门.ics',
      mime: 'text/calendar',
    });
    expect(await says('E1', `报名${morning.no}`)).toContain('已经报上名了');
    expect(await says('E1', '培训')).toContain('✓ 已报名');
  });

  it('shows the class on the reader’s own clock and in their language', async () => {
    const words = await says('E3', `training ${morning.no}`);
    expect(words).toContain('Sun 20 Sep 21:00–22:30');
  });

  it('for two classes at one time is told, and either can be had', async () => {
    const { messages } = await app.as('E1').says(`报名 ${other.no}`);
    const clash = cardIn(messages);
    expect(clash.title).toBe('时间有冲突');
    expect(clash.body).toContain('「表格入门」');
    await app.as('E1').taps(clash, `改报 ${other.no}`);
    expect(await says('E1', `取消报名 ${morning.no}`)).toContain('没有报名');
    expect(await says('E1', `改报 ${other.no} ${morning.no}`)).toContain('报名成功：表格入门');
    expect(await says('E1', `报名 ${other.no} 仍然`)).toContain('报名成功：演示技巧');
    expect(await says('E1', '取消报名')).toContain('取消哪一场');
    expect(await says('E1', `取消报名 ${other.no}`)).toContain('报名取消了');
  });

  it('understands what people write, and leaves questions to the knowledge base', async () => {
    expect(await says('E1', '报名 99')).toContain('没有编号为 99 的培训');
    expect(await says('E1', '报名')).toContain('报哪一场');
    expect(await says('E1', '报名怎么取消')).not.toContain('没有编号');
    expect(await says('E1', '签到')).not.toContain('六位码');
    expect(await says('E1', '帮助')).toContain('签到 482913');
  });

  it('is closed once the class has begun or is cancelled, and a change that finds no seat keeps the old one', async () => {
    const full = await classes.open(plan('小班', at('14:00'), at('15:00'), { seats: 1 }));
    await says('E2', `报名 ${full.no}`);
    expect(await says('E1', `改报 ${morning.no} ${full.no}`)).toContain(
      '已经满了，你的「表格入门」还给你留着',
    );
    await classes.cancel(full, '讲师生病');
    expect(await heard('E2')).toContain('原因：讲师生病');
    expect(await says('E2', `报名 ${full.no}`)).toContain('已经开始或取消');
    const files = (await app.as('E2').inbox()).filter(({ kind }) => kind === 'file');
    // The entry, and the one that takes it away again.
    expect(files).toHaveLength(2);
  });
});

describe('the waiting list', () => {
  it('goes by shares of departments, in order, and keeps its history', async () => {
    const training = await classes.open(
      plan('公文写作', at('16:00'), at('17:00'), { seats: 3, quotas: [{ department: 'SALES', seats: 1 }] }),
    );
    await says('E4', `报名 ${training.no}`);
    expect(await says('E5', `报名 ${training.no}`)).toContain('你们部门的名额满了，你排在候补第 1 位');
    expect(await says('E1', `报名 ${training.no}`)).toContain('报名成功');
    expect(await says('E2', `报名 ${training.no}`)).toContain('报名成功');
    expect(await says('E6', `报名 ${training.no}`)).toContain('候补第 2 位');
    // A seat of research goes to research: the share of sales is used up.
    await says('E1', `取消报名 ${training.no}`);
    expect(await heard('E6')).toContain('轮到你了：公文写作');
    expect(await heard('E5')).not.toContain('轮到你了');
    await says('E4', `取消报名 ${training.no}`);
    expect(await heard('E5')).toContain('轮到你了：公文写作');
    const rows = await app.database.db
      .select({ kind: trainingSignupEvents.kind, employeeId: trainingSignupEvents.employeeId })
      .from(trainingSignupEvents)
      .where(eq(trainingSignupEvents.trainingId, training.id))
      .orderBy(trainingSignupEvents.id);
    const numberOf = new Map([...ids].map(([number, id]) => [id, number]));
    expect(rows.map(({ kind, employeeId }) => `${numberOf.get(employeeId)} ${kind}`)).toEqual([
      'E4 signed-up',
      'E5 waits',
      'E1 signed-up',
      'E2 signed-up',
      'E6 waits',
      'E1 cancelled',
      'E6 moved-up',
      'E4 cancelled',
      'E5 moved-up',
    ]);
  });

  it('hears of another place without a calendar file, which is for those who have a seat', async () => {
    const training = await classes.open(plan('搬家的课', at('20:00'), at('21:00'), { seats: 1 }));
    await says('E1', `报名 ${training.no}`);
    await says('E2', `报名 ${training.no}`);
    await classes.change(training, { place: '5 楼' });
    const told = async (number: string) =>
      (await app.as(number).inbox()).map(wordsOf).filter((words) => words.startsWith('有变化：搬家的课'));
    expect(await told('E1')).toEqual([expect.stringContaining('新的日历文件在下面')]);
    expect(await told('E2')).toEqual([expect.not.stringContaining('日历')]);
    await says('E1', `取消报名 ${training.no}`);
    await says('E2', `取消报名 ${training.no}`);
  });

  it('gives the last seat to one of many who tap at once', async () => {
    const training = await classes.open(plan('限额一人', at('18:00'), at('19:00'), { seats: 1 }));
    await Promise.all(['E1', 'E2', 'E4', 'E5'].map((number) => app.as(number).says(`报名 ${training.no}`)));
    const { rows } = await app.database.db.execute(sql`
      select state, count(*)::int as n from training_signups where training_id = ${training.id} group by 1 order by 1`);
    expect(rows).toEqual([
      { state: 'in', n: 1 },
      { state: 'waiting', n: 3 },
    ]);
  });
});

describe('a series', () => {
  const series = (count: number, first: object): Promise<Training[]> =>
    app.database.db.transaction(async (tx) => {
      const deed = { at: app.app.clock.now(), by: bySystem };
      const training = trainingInput.parse(first);
      const made = await createSeries(
        tx,
        classes.deps,
        { title: '秋季班', everyDays: 7, count, training },
        deed,
      );
      for (const { id } of made.items) await openTraining(tx, classes.deps, id, deed);
      return made.items;
    });

  it('is signed up for at once, but for what overlaps', async () => {
    const items = await series(3, plan('每周一课', at('19:30', '2026-09-22'), at('20:30', '2026-09-22')));
    const clash = await classes.open(plan('同一时间', at('20:00', '2026-09-29'), at('21:00', '2026-09-29')));
    await says('E6', `报名 ${clash.no}`);
    const words = await says('E6', `报名 ${items[0]?.no} 系列`);
    expect(words).toContain('这个系列报上了 2 场。');
    expect(words).toContain(`这几场没有报：${items[1]?.no}`);
    expect(words.match(/\.ics/g)).toHaveLength(2);
  });

  it('that is full says where one waits, also when asked again, and does not boast of nothing', async () => {
    const full = await series(
      2,
      plan('小班系列', at('07:30', '2026-09-22'), at('08:30', '2026-09-22'), { seats: 1 }),
    );
    expect(await says('E1', `报名 ${full[0]?.no} 系列`)).toContain('整个系列 2 场都报上了。');
    for (let time = 0; time < 2; time += 1)
      expect(await says('E2', `报名 ${full[0]?.no} 系列`)).toContain(
        '整个系列 2 场都报上了，其中 2 场在候补。',
      );
    const same = await series(2, plan('撞期系列', at('08:00', '2026-09-22'), at('09:00', '2026-09-22')));
    expect(await says('E1', `报名 ${same[0]?.no} 系列`)).toBe(
      `和你已报的课时间重叠，这几场没有报：${same.map(({ no }) => no).join('、')}。`,
    );
  });
});

describe('in class', () => {
  let training: Training;
  const attends = (number: string, code: string) => says(number, `签到 ${code}`);
  beforeAll(async () => {
    training = await classes.open(plan('现场课', at('14:00', '2026-09-23'), at('15:00', '2026-09-23')));
    for (const number of ['E1', 'E2', 'E4', 'E6']) await says(number, `报名 ${training.no}`);
    await says('E6', `取消报名 ${training.no}`);
  });

  it('takes nothing before the doors open', async () => {
    await app.moveTo('2026-09-23T05:20:00Z');
    expect(await attends('E1', classes.code(training))).toContain('开课前半小时起');
  }, 120_000);

  it('an early code counts, in full width too, and a second time changes nothing', async () => {
    await app.moveTo('2026-09-23T05:50:00Z');
    const wide = classes
      .code(training)
      .replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    expect(await attends('E1', wide)).toContain('签到成功：现场课（13:50）');
    await app.moveTo('2026-09-23T05:52:00Z');
    expect(await attends('E1', classes.code(training))).toContain('13:50 已经签到');
    const rows = await app.database.db.select().from(trainingAttendance);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ present: true, late: false, source: 'code', grade: 'witnessed' });
  });

  it('a redelivered message, and the same code at two processes at once, leave one row', async () => {
    const code = classes.code(training);
    await Promise.all([
      app.as('E2').says(`签到 ${code}`, { key: 'same' }),
      app.as('E2').says(`签到 ${code}`, { key: 'same' }),
      app.as('E2').says(code, { key: 'other' }),
    ]);
    const mine = await app.database.db
      .select()
      .from(trainingAttendance)
      .where(eq(trainingAttendance.employeeId, idOf('E2')));
    expect(mine).toHaveLength(1);
    expect(await heard('E2')).toContain('签到成功：现场课');
  });

  it('an old code is told from a wrong one', async () => {
    const photographed = classes.code(training);
    await app.moveTo('2026-09-23T05:53:00Z');
    expect(await attends('E4', photographed)).toContain('这个码已经换了');
    const wrong = String((Number(classes.code(training)) + 1) % 1_000_000).padStart(6, '0');
    expect(await attends('E4', wrong)).toContain('没有认出这个码');
    expect(await attends('E4', '12345')).toContain('写成「签到 482913」');
  });

  it('whoever is not on the list is told so kindly, and how to be noted down', async () => {
    expect(await attends('E5', classes.code(training))).toContain('你没有报名「现场课」');
    expect(await attends('E6', classes.code(training))).toContain('请讲师或运营帮你登记');
    const rows = await app.database.db
      .select()
      .from(trainingAttendance)
      .where(eq(trainingAttendance.employeeId, idOf('E5')));
    expect(rows).toEqual([]);
  });

  it('whoever comes late is marked, and welcome', async () => {
    await app.moveTo('2026-09-23T06:15:00Z');
    expect(await attends('E4', classes.code(training))).toContain('记为迟到');
  });

  it('a scan is good for one person, once, for three minutes', async () => {
    const { db } = app.database;
    const scan = await noteScan(db, training.id, app.app.clock.now());
    await says('E5', '你好');
    expect(await attends('E5', `${scan.slice(0, 4)} ${scan.slice(4)}`)).toContain('没有报名');
    expect(await attends('E1', scan)).toContain('已经用过或过期');
    const slow = await noteScan(db, training.id, app.app.clock.now());
    await app.moveTo('2026-09-23T06:19:00Z');
    expect(await attends('E1', slow)).toContain('已经用过或过期');
  });

  it('does not let anybody try all codes', async () => {
    const replies: string[] = [];
    for (let n = 0; n < 7; n += 1) replies.push(await attends('E5', String(100_000 + n)));
    expect(replies.at(-1)).toContain('试得有点多了');
    expect(await attends('E5', classes.code(training))).toContain('试得有点多了');
  });

  it('counts for the days of performance rules, as each person had them', async () => {
    const span = { from: day('2026-09-23'), to: day('2026-09-23') };
    const found = await attendedOn(app.database.db, [idOf('E1'), idOf('E4'), idOf('E5')], span);
    expect([...found.keys()].sort()).toEqual([idOf('E1'), idOf('E4')].sort());
    expect(found.get(idOf('E4'))).toMatchObject([{ late: true, grade: 'witnessed', source: 'code' }]);
    const before = { from: day('2026-09-01'), to: day('2026-09-22') };
    expect((await attendedOn(app.database.db, [idOf('E1')], before)).size).toBe(0);
  });

  it('is rated by one tap afterwards, and a second tap corrects the first', async () => {
    await app.moveTo('2026-09-23T07:06:00Z');
    const asked = (await app.as('E1').inbox()).flatMap((message) =>
      message.kind === 'card' ? [message.card] : [],
    );
    const ask = asked.find(({ title }) => title === '这堂课怎么样：现场课');
    expect(ask?.buttons.map(({ label }) => label)).toEqual(['5', '4', '3', '2', '1']);
    expect((await app.as('E1').taps(ask, '3')).toast).toContain('我们会改进');
    expect((await app.as('E1').taps(ask, '4')).toast).toContain('新的分数');
    expect((await app.as('E2').taps(ask, '5')).toast).toContain('本人');
    expect(await says('E4', '评课 5 Excel 讲得很清楚')).toContain('谢谢');
    expect(await says('E5', `评课 ${training.no} 5`)).toContain('没有可以打分的课');
    const { rows } = await app.database.db.execute(
      sql`select score, comment from training_ratings order by id`,
    );
    expect(rows).toEqual([
      { score: 3, comment: null },
      { score: 4, comment: null },
      { score: 5, comment: 'Excel 讲得很清楚' },
    ]);
  });
});

describe('walk-ins', () => {
  it('get a seat while there is one', async () => {
    const training = await classes.open(
      plan('随到随听', at('17:00', '2026-09-23'), at('18:00', '2026-09-23'), { walkIns: true, seats: 1 }),
    );
    await app.moveTo('2026-09-23T08:55:00Z');
    expect(await says('E6', `签到 ${classes.code(training)}`)).toContain('没有提前报名也没关系');
    expect(await says('E2', `签到 ${classes.code(training)}`)).toContain('座位已经满了');
  });
});

describe('what is taken back', () => {
  let on: Training;
  beforeAll(async () => {
    on = await classes.open(plan('照常的课', at('19:00', '2026-09-23'), at('20:00', '2026-09-23')));
    await says('E4', `报名 ${on.no}`);
  });

  it('a scan of a class that was cancelled at the door brings nobody into it', async () => {
    const gone = await classes.open(plan('停电的课', at('19:00', '2026-09-23'), at('20:00', '2026-09-23')));
    await says('E1', `报名 ${gone.no}`);
    await app.moveTo('2026-09-23T10:50:00Z');
    const scan = await noteScan(app.database.db, gone.id, app.app.clock.now());
    await classes.cancel(gone, '停电');
    expect(await says('E1', `签到 ${scan}`)).toContain('已经用过或过期');
  });

  it('whoever was corrected to absent rates the class before, which they were in', async () => {
    expect(await says('E4', `签到 ${classes.code(on)}`)).toContain('签到成功');
    await app.database.db.transaction((tx) =>
      correctAttendance(
        tx,
        on.id,
        { employeeId: idOf('E4'), present: false, late: false, reason: '代签' },
        { at: app.app.clock.now(), by: bySystem },
      ),
    );
    expect(await says('E4', `评课 ${on.no} 4`)).toContain('没有可以打分的课');
    expect(await says('E4', '评课 4')).toContain('新的分数');
  });
});

describe('materials', () => {
  it('are asked of their owners, ticked off by a tap, or explained', async () => {
    const { db } = app.database;
    const training = await classes.open(plan('宣讲', at('10:00', '2026-09-25'), at('11:00', '2026-09-25')));
    await db.transaction((tx) =>
      addMaterials(
        tx,
        training.id,
        [
          { label: '易拉宝', ownerId: idOf('E4') },
          { label: '二维码贴纸', ownerId: idOf('E4') },
        ],
        { at: app.app.clock.now(), by: bySystem },
      ),
    );
    await app.moveTo('2026-09-24T01:00:00Z');
    expect(await heard('E4')).toContain('由你负责：易拉宝、二维码贴纸');
    const list = cardIn((await app.as('E4').says('物料')).messages);
    const [first, second] = list.buttons.map(({ label }) => label);
    expect((await app.as('E4').taps(list, first ?? '')).toast).toContain('已勾选');
    expect(await says('E4', `物料 ${second?.replace(/\D/g, '')} 缺 下周才到货`)).toContain('记为缺口');
    expect(await says('E5', `物料 ${second?.replace(/\D/g, '')}`)).toContain('你负责的物料里没有');
    expect(await says('E5', '物料')).toContain('没有要准备的物料');
    await classes.cancel(training, '改到下月');
    expect(await says('E4', `物料 ${second?.replace(/\D/g, '')}`)).toContain('你负责的物料里没有');
  });
});
