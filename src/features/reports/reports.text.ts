import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  help: '导出打卡 2026-11：把某个月的打卡记录导出成表格，不写月份就是本月',
  wrongMonth: '没看懂是哪个月。请写成「导出打卡 2026-11」这样，不写月份就导出本月。',
  preparing: (month: string) => `${month}的打卡记录比较多，正在准备，好了马上发给你。`,
  done: (month: string, people: number, rows: number, until: string) =>
    `${month}的打卡导出好了：${people} 人，${rows} 条打卡记录。文件保留到 ${until}，含个人信息，请妥善保管。`,
  soFar: (at: string) => `数据截至 ${at}，还没过完的日子先不算应打卡。`,
  nothing: (month: string) => `${month}还没有打卡记录，表格里只有表头和人员名单。`,
  failed: (month: string) =>
    `${month}的打卡导出没有成功，不是你的操作问题。请过一会儿再发一次，还不行就请管理员看看。`,
};

const en: typeof zh = {
  help: 'export checkins 2026-11: the check-ins of a month as a spreadsheet; without a month, this one',
  wrongMonth:
    'I could not tell which month. Try “export checkins 2026-11”, or leave the month out for this one.',
  preparing: (month) =>
    `There are many check-ins in ${month}. I am preparing the file and will send it right away.`,
  done: (month, people, rows, until) =>
    `Check-ins of ${month}: ${people === 1 ? '1 person' : `${people} people`}, ${rows === 1 ? '1 check-in' : `${rows} check-ins`}. The file is kept until ${until}; it holds personal data, so please take care of it.`,
  soFar: (at) => `As of ${at}; days that are not over yet are not counted as due.`,
  nothing: (month) =>
    `There are no check-ins in ${month} yet; the sheet has the headings and the list of people.`,
  failed: (month) =>
    `The export of ${month} did not work, through no fault of yours. Please try again in a while, or ask an administrator.`,
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
