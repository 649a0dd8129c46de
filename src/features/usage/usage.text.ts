import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  noNumber: '没有工号。',
  unknownNumber: (number: string) => `没有工号为 ${number} 的员工。`,
  lostDigits: (value: string) => `工号 ${value} 被 Excel 改成了数字，位数不全；请把这一列设成文本再导出。`,
  noDay: (value: string) => `「日期」写的是 ${value || '空'}，看不出是哪一天；请写成 2026-11-12。`,
  future: (day: string) => `${day} 还没到。`,
  tooOld: (day: string, days: number) => `${day} 已经过去不止 ${days} 天，不再收了。`,
  amount: (value: string) => `「用量」${value} 不是 1 到 1000000 的整数；没用过就不要写这一行。`,
  shifted: '这一行的格子比表头多，内容可能串列了。',
  longSource: '「来源」超过 60 个字。',
  summary: (t: { recorded: number; unchanged: number; refused: number }) =>
    `新记 ${t.recorded} 条，已有 ${t.unchanged} 条，未导入 ${t.refused} 条。`,
};

const en: typeof zh = {
  noNumber: 'There is no employee number.',
  unknownNumber: (number) => `Nobody has the employee number ${number}.`,
  lostDigits: (value) =>
    `Excel made a number of ${value} and lost digits; make the column text and save again.`,
  noDay: (value) => `“Day” ${value === '' ? 'is empty' : `says ${value}`}; write 2026-11-12.`,
  future: (day) => `${day} has not come yet.`,
  tooOld: (day, days) => `${day} is more than ${days} days ago and is not taken any more.`,
  amount: (value) => `“Amount” says ${value}; give a whole number from 1, and no row where there was no use.`,
  shifted: 'The row has more cells than the header; its columns may have shifted.',
  longSource: '“Source” is longer than 60 characters.',
  summary: (t) => `${t.recorded} recorded, ${t.unchanged} known before, ${t.refused} refused.`,
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
