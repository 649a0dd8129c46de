import { dayNameInEnglish } from '../../chat/dates.ts';
import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  help: '今日技巧：看今天的小技巧',
  cardTitle: (title: string) => `今日技巧｜${title}`,
  tryNow: (words: string) => `**现在试试：** ${words}`,
  version: (words: string) => `适用：${words}`,
  checkIn: '打卡',
  checkInWord: '打卡',
  quiz: '考考我',
  useful: '有用',
  known: '早知道',
  notForMe: '不适合我',
  thanks: {
    useful: '谢谢，已记下：有用。',
    known: '原来你早就会了！之后这类会少推一些。',
    'not-for-me': '收到，之后这类会少推一些。',
  },
  gone: '这条技巧已经下架了。发送「今日技巧」看今天的。',
  notInCampaign: '你这会儿不在活动名单里，所以没有今日技巧。有疑问可以找你们部门的接口人。',
  dayOff: (name: string, next: string) =>
    `今天休息（${name}），不推技巧，也不用打卡。下一条在 ${next}，到时见。`,
  campaignOver: '今天休息，这次活动也到尾声了，谢谢你一路打卡。',
  empty: '技巧库还是空的，运营同事正在准备。晚点再来看看吧。',
};

const en: typeof zh = {
  help: 'tip: the tip of today',
  cardTitle: (title) => `Tip of the day: ${title}`,
  tryNow: (words) => `**Try it now:** ${words}`,
  version: (words) => `For: ${words}`,
  checkIn: 'Check in',
  checkInWord: 'checkin',
  quiz: 'Test me',
  useful: 'Useful',
  known: 'Knew it',
  notForMe: 'Not for me',
  thanks: {
    useful: 'Thank you, noted as useful.',
    known: 'You knew it already! You will see fewer like this.',
    'not-for-me': 'Noted. You will see fewer like this.',
  },
  gone: 'This tip has been taken down. Send “tip” for the one of today.',
  notInCampaign:
    'You are not part of a campaign right now, so there is no tip for you. Your liaison can help.',
  dayOff: (name, next) =>
    `Today is a day off (${dayNameInEnglish(name)}): no tip and no check-in needed. The next one comes on ${next}.`,
  campaignOver: 'Today is a day off, and this campaign is coming to its end. Thank you for taking part.',
  empty: 'The tip library is still empty; the operators are preparing it. Please look in again later.',
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
