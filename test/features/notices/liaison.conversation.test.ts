import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cardIn, wordsOf } from '../../support/conversation.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

/** Wednesday 2026-09-23, 10:00 in Shanghai; L1 looks after RD, L2 after SALES, O1 may approve. */
const NOW = '2026-09-23T02:00:00Z';
const people = [
  'L1,林接口,RD,,工程师,Asia/Shanghai,zh-CN,liaison,RD,2020-01-06,,beginner',
  'L2,苏接口,SALES,,经理,Asia/Shanghai,zh-CN,liaison,SALES,2020-01-06,,beginner',
  'O1,欧运营,ROOT,,审核,Asia/Shanghai,zh-CN,reviewer,,2020-01-06,,beginner',
  'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
  'E2,李想,RD,SALES,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
  'E3,Emily Carter,SALES,,Account manager,Asia/Shanghai,en,,,2020-01-06,,beginner',
];

let app: SmallApp;
beforeAll(async () => {
  app = await smallApp({ startAt: NOW, people });
});
afterAll(() => app.close());

const last = async (number: string) => wordsOf((await app.as(number).inbox()).at(-1));
const auditOf = async (action: string) =>
  (await app.database.pool.query('select subject from audit where action = $1 order by id', [action])).rows;

describe('a liaison writes to their department, by words alone', () => {
  it('asks for the text, the scope and the time, and shows who will get it', async () => {
    const liaison = app.as('L1');
    expect(wordsOf(cardOf(await liaison.says('发通知')))).toContain('想通知什么');
    const scope = wordsOf(cardOf(await liaison.says('机房停电\n周五 18:00 停电，请提前保存。')));
    expect(scope).toContain('1. 研发部（3 人）');
    expect(scope).not.toContain('销售部');
    expect(wordsOf(cardOf(await liaison.says('1')))).toContain('共 **3** 人');
    const preview = wordsOf(cardOf(await liaison.says('现在')));
    expect(preview).toContain('周五 18:00 停电，请提前保存。');
    expect(preview).toContain('收件 3 人');
  });

  it('checks in when 打卡 is typed in the middle, and keeps the draft', async () => {
    const liaison = app.as('L1');
    expect(wordsOf((await liaison.says('打卡')).messages[0])).not.toContain('预览');
    expect(wordsOf(cardOf(await liaison.says('发通知')))).toContain('机房停电');
  });

  it('goes back and edits before it is sent', async () => {
    const liaison = app.as('L1');
    expect(wordsOf(cardOf(await liaison.says('返回')))).toContain('什么时候发');
    await liaison.says('现在');
    await liaison.says('改内容');
    expect(wordsOf(cardOf(await liaison.says('机房停电\n改到周六 9:00 停电。')))).toContain('改到周六');
    expect(wordsOf(cardOf(await liaison.says('要回执')))).toContain('回执 要');
  });

  it('sends to each person once, also to whoever has a second post', async () => {
    const said = await app.as('L1').says('发送');
    expect(said.messages.map(wordsOf).join()).toContain('1 号通知已经发出，共 3 人');
    for (const number of ['E1', 'E2'])
      expect((await app.as(number).inbox()).filter((one) => wordsOf(one).includes('改到周六'))).toHaveLength(
        1,
      );
    expect((await app.as('E3').inbox()).filter((one) => wordsOf(one).includes('改到周六'))).toHaveLength(0);
  });

  it('tells the liaison when it is done, and shows who has not acknowledged', async () => {
    await app.moveTo('2026-09-23T02:05:00Z');
    expect(await last('L1')).toContain('1 号通知发完了');
    expect(wordsOf((await app.as('E1').says('收到')).messages[0])).toContain('回执收到了');
    const open = await app.as('L1').says('未读');
    expect(wordsOf(open.messages[0])).toContain('李想');
    expect(wordsOf(open.messages[0])).not.toContain('张小满');
    expect((await auditOf('notices.recipients')).length).toBeGreaterThan(0);
  });

  it('reminds only those who have not acted', async () => {
    await app.as('L1').says('收到');
    const done = await app.as('L1').says('催办 1');
    expect(done.messages.map(wordsOf).join()).toContain('只提醒这 1 人');
    expect(await last('E2')).toContain('提醒：机房停电');
    expect(await last('E1')).not.toContain('提醒：');
    expect((await app.as('L1').says('催办 1')).messages.map(wordsOf).join()).toContain('刚提醒过');
  });

  it('takes the button of the reminder as the receipt, from anybody who got the notice', async () => {
    const reminder = await app.as('E2').lastCard();
    expect((await app.as('E2').taps(reminder, '收到')).toast).toContain('回执收到了');
    expect((await app.as('E3').taps(reminder, '收到')).toast).toContain('not meant for you');
    expect((await app.as('L1').says('未读 1')).messages.map(wordsOf).join()).toContain('大家都看过了');
  });
});

describe('a foreign department', () => {
  it('is refused and audited, and the draft stays', async () => {
    const liaison = app.as('L1');
    await liaison.says('发通知');
    await liaison.says('这是给销售部的消息，请知悉。');
    expect((await liaison.says('销售部')).messages.map(wordsOf).join()).toContain('不在你负责的部门里');
    expect(await auditOf('notices.scope-refused')).toEqual([{ subject: 'department:SALES' }]);
    expect(wordsOf(cardOf(await liaison.says('发通知')))).toContain('发给谁');
    expect((await liaison.says('取消')).messages.map(wordsOf).join()).toContain('草稿删掉了');
  });

  it('is not shown in 未读 of another liaison', async () => {
    // E2 has a second post in SALES, so L2 sees E2 alone; nobody is open there any more.
    const said = await app.as('L2').says('通知进度 1');
    expect(wordsOf(said.messages[0])).toContain('应收 1 人');
  });

  it('cannot be written to once the period of the liaison is over', async () => {
    const liaison = app.as('L2');
    await liaison.says('发通知');
    await liaison.says('下周一上午开会，请准时。');
    await liaison.says('全部');
    await liaison.says('现在');
    await app.database.pool.query(
      `update employee_roles set to_day = '2026-09-22' where role = 'liaison' and employee_id = (select id from employees where number = 'L2')`,
    );
    expect((await liaison.says('发送')).messages.map(wordsOf).join()).toMatch(/不归你负责/);
    await app.database.pool.query(`update employee_roles set to_day = null`);
    await liaison.says('取消');
  });
});

describe('a draft', () => {
  it('stops taking what is typed after a while, and is there when 发通知 comes again', async () => {
    const liaison = app.as('L1');
    await liaison.says('发通知');
    await liaison.says('体检通知\n下周体检，请带身份证。');
    await app.moveTo('2026-09-23T02:50:00Z');
    expect((await liaison.says('1')).messages.map(wordsOf).join()).not.toContain('什么时候发');
    const again = wordsOf(cardOf(await liaison.says('发通知')));
    expect(again).toContain('替你收着');
    expect(again).toContain('发给谁');
    await liaison.says('取消');
    expect((await liaison.says('1')).messages.map(wordsOf).join()).not.toContain('草稿');
  });

  it('of one liaison does not touch that of another', async () => {
    const [one, other] = [app.as('L1'), app.as('L2')];
    await one.says('发通知');
    await other.says('发通知');
    await one.says('研发部的消息，请看。');
    await other.says('销售部的消息，请看。');
    await Promise.all([one.says('1'), other.says('1')]);
    expect(wordsOf(cardOf(await one.says('现在')))).toContain('研发部的消息');
    expect(wordsOf(cardOf(await other.says('现在')))).toContain('销售部的消息');
    await one.says('取消');
    await other.says('取消');
  });

  it('with an ID number is refused in one sentence', async () => {
    const liaison = app.as('L1');
    await liaison.says('发通知');
    await liaison.says('名单：11010519491231002X 请到人事处。');
    await liaison.says('1');
    await liaison.says('现在');
    expect((await liaison.says('发送')).messages.map(wordsOf).join()).toContain('身份证号，去掉以后再发');
    await liaison.says('取消');
  });

  it('with a mobile number waits for the approval of somebody else, then goes out by itself', async () => {
    const liaison = app.as('L1');
    await liaison.says('发通知');
    await liaison.says('值班电话 13800138000，有事请打。');
    await liaison.says('1');
    await liaison.says('明天 10:00');
    const said = (await liaison.says('发送')).messages.map(wordsOf).join();
    const no = /(\d+) 号通知要发给/.exec(said)?.[1] ?? '';
    expect(said).toContain('已经提交审批');
    expect(await last('O1')).toContain(`${no} 号通知等你批准`);
    expect((await app.as('O1').says(`批准 ${no}`)).messages.map(wordsOf).join()).toContain('已批准');
    expect(await last('L1')).toContain('由欧运营批准');
    await app.moveTo('2026-09-24T02:01:00Z');
    expect((await app.as('E1').inbox()).filter((one) => wordsOf(one).includes('13800138000'))).toHaveLength(
      1,
    );
  });

  it('can be taken back after it was sent', async () => {
    const said = (await app.as('L1').says('未读')).messages.map(wordsOf).join();
    const no = /(\d+) 号通知/.exec(said)?.[1] ?? '';
    expect((await app.as('L1').says(`撤回通知 ${no}`)).messages.map(wordsOf).join()).toContain('开始撤回');
    await app.moveTo('2026-09-24T02:05:00Z');
    expect(await last('L1')).toContain('收回 3 人');
  });
});

/** The card among what was heard. */
function cardOf(heard: { messages: Parameters<typeof cardIn>[0] }) {
  return { kind: 'card' as const, card: cardIn(heard.messages) };
}
