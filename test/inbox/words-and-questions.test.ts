import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createActionSealer } from '#src/chat/action-id.ts';
import type { Actor } from '#src/chat/command.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import { roles } from '#src/chat/role.ts';
import { Temporal } from '#src/kernel/time.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

let the: SmallApp;
beforeAll(async () => {
  the = await smallApp({ startAt: '2026-09-18T02:00:00Z' });
});
afterAll(() => the.close());

const at = Temporal.Instant.from('2026-09-18T02:00:00Z');
const actor: Actor = {
  employeeId: '00000000-0000-4000-8000-000000000001',
  number: 'E1',
  name: '王小明',
  zone: 'Asia/Shanghai',
  locale: 'zh-CN',
  level: 'beginner',
  roles,
  channel: 'sandbox',
};
const sealer = createActionSealer(Buffer.alloc(32, 1));

/** The command that would answer, and with which argument; `?` for the knowledge base. */
function meaningOf(words: string): string {
  const event: ChatEvent = {
    channel: 'sandbox',
    account: 'sandbox',
    key: words,
    actor: 'E1',
    place: { kind: 'private' },
    payload: { kind: 'text', text: words },
    occurredAt: at,
    receivedAt: at,
  };
  const { command, argument } = the.app.commands.resolve(event, actor, sealer);
  return command.name === 'guide.unknown' ? '?' : `${command.name}|${argument}`;
}

describe('a question that begins with a word of ours', () => {
  it.each([
    '撤回消息怎么弄',
    '撤回 2 小时前发的邮件',
    '退回上一个版本怎么操作',
    '退回2003版本怎么弄',
    '驳回的流程在哪里看',
    '批准流程在哪设置',
    '进度条卡住不动了',
    '未读邮件怎么批量标记',
    '催办流程怎么设置',
    '接单系统登录不上',
    '转工单系统打不开',
    '结单金额怎么算',
    '评分表怎么做',
    '评分标准在哪里下载',
    '评分 3.5 分怎么打',
    '评分5分制怎么设置',
    '扫码登录失败怎么办',
    '扫码枪没反应',
    '免打扰模式怎么关',
    '提醒设置在哪里',
    '绑定群机器人怎么弄',
    '导出打卡记录怎么弄',
    '导出打卡失败怎么办',
    '解决工单系统的报错',
    'rates of growth in a chart',
    'scanner is not found',
    'scan a document to pdf',
    'mute the microphone in a meeting',
    'quietly install on 200 machines',
    'recall an email I sent',
    'reminder does not pop up',
    'progress bar in excel',
    'approve a macro',
    'solve equations in excel',
    'transfer 12 files to a usb stick, how',
    'claims template',
  ])('is a question: %s', (said) => {
    expect(meaningOf(said)).toBe('?');
  });

  it('is one for every word that takes an argument, whatever is asked behind it', () => {
    const asked = [
      '怎么弄',
      '失败了怎么办',
      '在哪里设置？',
      '为什么打不开',
      '没反应',
      '有什么用',
      '不了',
      '是什么',
    ];
    const taking = the.app.commands.all.filter(({ takesArgument }) => Boolean(takesArgument));
    expect(taking.length).toBeGreaterThan(10);
    const words = taking.flatMap((command) => command.words.filter((word) => /\p{Script=Han}$/u.test(word)));
    fc.assert(
      fc.property(
        fc.constantFrom(...words),
        fc.constantFrom('', '的文件', '功能', '2019版'),
        fc.constantFrom(...asked),
        (word, thing, question) => {
          expect(meaningOf(`${word}${thing}${question}`)).toBe('?');
        },
      ),
    );
  });
});

describe('a word with its argument', () => {
  it.each([
    ['撤回通知 12', 'notices.take-back|12'],
    ['撤回12', 'notices.take-back|12'],
    ['退回 12 时间写错了', 'notices.reject|12 时间写错了'],
    ['批准 第12号', 'notices.approve|第12号'],
    ['进度 #12', 'notices.progress|#12'],
    ['未读 12', 'notices.unread|12'],
    ['催办12', 'notices.remind|12'],
    ['接单 12', 'tickets.claim|12'],
    ['claim 12', 'tickets.claim|12'],
    ['退回工单 12', 'tickets.give-back|12'],
    ['转工单 12 S0017', 'tickets.transfer|12 s0017'],
    ['转工单 12 给张三', 'tickets.transfer|12 给张三'],
    ['结单 12 重装了驱动', 'tickets.solve|12 重装了驱动'],
    ['合并工单 12 15', 'tickets.merge|12 15'],
    ['合并工单 12 到 15', 'tickets.merge|12 到 15'],
    ['工单级别 12 P0', 'tickets.priority|12 p0'],
    ['评分 4 挺快的', 'tickets.rate|4 挺快的'],
    ['评分5', 'tickets.rate|5'],
    ['评分 1 还是打不开', 'tickets.rate|1 还是打不开'],
    ['扫码 K7Q2MF3', 'links.scan|k7q2mf3'],
    ['免打扰 10点半', 'messages.quiet|10点半'],
    ['免打扰 25:00', 'messages.quiet|25:00'],
    ['导出打卡 2026-11', 'reports.export|2026-11'],
    ['导出打卡 上月', 'reports.export|上月'],
    ['导出打卡 2026-13', 'reports.export|2026-13'],
    ['绑定群 D01', 'notices.bind-group|d01'],
    ['绑定部门群 研发部', 'notices.bind-group|研发部'],
  ])('is understood: %s', (said, meant) => {
    expect(meaningOf(said)).toBe(meant);
  });
});
