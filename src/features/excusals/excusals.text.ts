import type { Catalogue } from '../../chat/locale.ts';

/** What the report of an import says, and what people are told. */
const zh = {
  noNumber: '没有工号。',
  lostDigits: (value: string) => `工号 ${value} 被 Excel 改成了数字，位数不全；请把这一列设成文本再导出。`,
  unknownNumber: (number: string) => `没有工号为 ${number} 的员工。`,
  noDay: (column: string, value: string) =>
    value === '' ? `缺「${column}」。` : `「${column}」写的是 ${value}，看不出是哪一天；请写成 2026-11-12。`,
  backwards: (from: string, to: string) => `结束日期 ${to} 早于开始日期 ${from}。`,
  tooLong: (days: number) => `一次免打卡最长 ${days} 天，请分段登记。`,
  unknownReason: (value: string) =>
    value === ''
      ? '缺「类型」：请假、出差、轮班、新入职、其他。'
      : `「类型」${value} 认不出来；可以写请假、出差、轮班、新入职、其他。`,
  unknownState: (value: string) => `「状态」${value} 认不出来；可以写有效或撤销。`,
  shifted: '这一行的格子比表头多，内容可能串列了。',
  longText: (column: string, most: number) => `「${column}」超过 ${most} 个字。`,
  from: '开始日期',
  to: '结束日期',
  reference: '单号',
  note: '备注',
  summary: (t: Record<'created' | 'changed' | 'unchanged' | 'revoked' | 'refused', number>) =>
    `新增 ${t.created} 条，更改 ${t.changed} 条，撤销 ${t.revoked} 条，未变 ${t.unchanged} 条，未导入 ${t.refused} 条。`,
  administrator: '管理员',
  told: {
    title: '给你登记了免打卡：',
    titleRevoked: '你的免打卡有变动：',
    span: (from: string, to: string) => `${from} 到 ${to}`,
    line: (span: string, reason: string) => `${span}（${reason}）`,
    revoked: (line: string) => `撤销：${line}`,
    more: (n: number) => `· 还有 ${n} 段，发「我的 2026-11」这样的月份可以看到每一天`,
    by: (name: string) => `登记人：${name}`,
    meaning: '这些天不用打卡，连续天数不受影响，也不算缺。想打也照样算。日子不对的话，告诉人事就能改。',
    meaningRevoked: '撤销的日子按平常算，需要打卡。日子不对的话，告诉人事就能改。',
  },
};

const en: typeof zh = {
  noNumber: 'There is no employee number.',
  lostDigits: (value) =>
    `Excel made a number of ${value} and lost digits; make the column text and save again.`,
  unknownNumber: (number) => `Nobody has the employee number ${number}.`,
  noDay: (column, value) =>
    value === '' ? `“${column}” is empty.` : `“${column}” says ${value}, which is no day; write 2026-11-12.`,
  backwards: (from, to) => `It ends on ${to}, before it begins on ${from}.`,
  tooLong: (days) => `One excusal lasts at most ${days} days; please give it in parts.`,
  unknownReason: (value) =>
    `“Type” ${value === '' ? 'is empty' : `says ${value}`}; give leave, trip, shift, new joiner or other.`,
  unknownState: (value) => `“State” says ${value}; give valid or withdrawn.`,
  shifted: 'The row has more cells than the header; its columns may have shifted.',
  longText: (column, most) => `“${column}” is longer than ${most} characters.`,
  from: 'From',
  to: 'To',
  reference: 'Reference',
  note: 'Note',
  summary: (t) =>
    `${t.created} added, ${t.changed} changed, ${t.revoked} withdrawn, ${t.unchanged} unchanged, ${t.refused} refused.`,
  administrator: 'an administrator',
  told: {
    title: 'Days on which you need no check-in:',
    titleRevoked: 'Your excused days have changed:',
    span: (from, to) => `${from} to ${to}`,
    line: (span, reason) => `${span} (${reason})`,
    revoked: (line) => `taken back: ${line}`,
    more: (n) => `· and ${n} more; “me 2026-11” shows every day of a month`,
    by: (name) => `Entered by ${name}`,
    meaning:
      'They neither break your streak nor count as missed; a check-in counts all the same. If a day is wrong, tell HR and it is put right.',
    meaningRevoked:
      'Days that were taken back need a check-in as usual. If a day is wrong, tell HR and it is put right.',
  },
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
