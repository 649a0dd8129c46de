import { dayNameInEnglish } from '../../chat/dates.ts';
import type { Catalogue } from '../../chat/locale.ts';
import type { TaskType } from '../campaigns/campaigns.schema.ts';
import { excusalName } from '../excusals/excusals.schema.ts';

const zh = {
  helpCheckIn: '打卡：完成今天的打卡',
  helpRecord: '我的：看看自己的打卡记录和积分',
  recorded: (days: number, points: number) =>
    days === 1
      ? `打卡成功！第 1 天，好的开始。${points > 0 ? `+${points} 积分` : ''}`
      : `打卡成功！已连续 ${days} 天。${points > 0 ? `+${points} 积分` : ''}`,
  recordedInGroup: (name: string, days: number) => `${name} 打卡成功，已连续 ${days} 天。`,
  already: (time: string, days: number) => `今天 ${time} 已经打过卡啦，连续 ${days} 天，放心。`,
  footer: (time: string, days: number, points: number) =>
    `已打卡 ${time} · 连续 ${days} 天${points > 0 ? ` · +${points} 积分` : ''}`,
  week: (done: number, target: number) => `本周 ${done} / ${target} 天`,
  notInCampaign: '你这会儿不在活动名单里，不用打卡。如果觉得不对，可以找你们部门的接口人看看。',
  dayOff: (name: string, next: string) => `今天休息（${name}），不用打卡，连续天数也不受影响。${next} 见！`,
  dayOffLast: '今天休息，不用打卡。这次活动也到尾声了，谢谢你一路坚持。',
  otherDay: (day: string) => `这是 ${day} 的卡片，只在当天有效。今天的卡片给你放在下面了。`,
  otherCampaign: '这张卡片属于另一个活动，已经不能用了。发送「打卡」就可以打今天的卡。',
  tooLate: '这次操作隔了太久才传到我这里，没法算作当天的打卡。如果那天确实打了卡，请告诉接口人核实。',
  moreTitle: '还差一步',
  noted: '已记下。',
  more: (steps: readonly string[], needed: number) =>
    needed === steps.length
      ? `今天再完成：${steps.join('、')}，就算打卡成功。`
      : `今天再完成下面任意 ${needed} 项，就算打卡成功：${steps.join('、')}。`,
  task: {
    'learn-tip': '学一条小技巧',
    'use-software': '用一次新软件',
    'micro-task': '动手做一个小任务',
    answer: '答对一道小题',
  } satisfies Record<TaskType, string>,
  used: '今天用过了',
  submit: '交上小任务',
  noteLabel: '你刚才做了什么？一句话就好',
  notePlaceholder: '例如：用导航窗格跳到了第三章',
  noteMissing: '写一句你做了什么，再点一次就好。',
  askTitle: '考考我',
  noQuestion: '这条技巧没有小题，直接打卡就好。',
  gone: '这张卡片认不出来了。发送「打卡」就可以打今天的卡。',
  right: (explanation: string, points: number) =>
    `答对了！${points > 0 ? `+${points} 积分。` : ''}${explanation}`,
  rightTitle: '答对了',
  wrong: '不是这个，再看看技巧里的那一步？',
  recordTitle: (name: string) => `${name} 的打卡记录`,
  recordBody: (campaign: string, phase: string) => `**${campaign}**${phase === '' ? '' : `　${phase}阶段`}`,
  today: '今天',
  todayDone: (time: string) => `已打卡 ${time}`,
  todayOpen: '还没打卡',
  todayOff: (name: string) => `休息（${name}）`,
  todayExcused: (reason: string) => `免打卡（${excusalName(reason, 'zh-CN')}）`,
  current: '连续',
  best: '最长连续',
  counted: '累计',
  points: '积分',
  freezes: '绩效冻结',
  freezesLeft: ({ left, used }: { left: number; used: number }) =>
    `还剩 ${left} 次${used > 0 ? `，用掉 ${used} 次` : ''}`,
  left: '活动还剩',
  days: (n: number) => `${n} 天`,
  workdays: (n: number) => `${n} 个工作日`,
  checkIn: '打卡',
  seeTip: '今日技巧',
  seeRanking: '排行榜',
  checkInWord: '打卡',
  tipWord: '今日技巧',
  rankingWord: '排行榜',
  reminderTitle: '今天还差一次打卡',
  reminder: (tip: string, days: number) =>
    days > 0
      ? `今天的小技巧是「${tip}」，一分钟就能看完。你已经连续 ${days} 天了，顺手接上吧。`
      : `今天的小技巧是「${tip}」，一分钟就能看完，顺手打个卡吧。`,
};

const en: typeof zh = {
  helpCheckIn: 'checkin: check in for today',
  helpRecord: 'me: your check-in record and points',
  recorded: (days, points) =>
    days === 1
      ? `Checked in! Day 1, a good start.${points > 0 ? ` +${points} points` : ''}`
      : `Checked in! ${days} days in a row.${points > 0 ? ` +${points} points` : ''}`,
  recordedInGroup: (name, days) => `${name} has checked in: ${days} in a row.`,
  already: (time, days) => `You checked in at ${time} today already; ${days} in a row, all is well.`,
  footer: (time, days, points) =>
    `Checked in ${time} · ${days} in a row${points > 0 ? ` · +${points} points` : ''}`,
  week: (done, target) => `This week ${done} of ${target} days`,
  notInCampaign:
    'You are not part of a campaign right now, so no check-in is needed. Your liaison can help if that is wrong.',
  dayOff: (name, next) =>
    `Today is a day off (${dayNameInEnglish(name)}): no check-in needed and your streak is safe. See you ${next}!`,
  dayOffLast:
    'Today is a day off, no check-in needed. The campaign is coming to its end; thank you for keeping it up.',
  otherDay: (day) => `This card was for ${day} and counts only on that day. Today’s card is right below.`,
  otherCampaign:
    'This card belongs to another campaign and no longer works. Send “checkin” to check in for today.',
  tooLate:
    'This reached me too long after the fact to count for that day. If you did check in, please tell your liaison.',
  moreTitle: 'One more step',
  noted: 'Noted. ',
  more: (steps, needed) =>
    needed === steps.length
      ? `To make today count: ${steps.join(', ')}.`
      : `To make today count, any ${needed} of these: ${steps.join(', ')}.`,
  task: {
    'learn-tip': 'learn a tip',
    'use-software': 'use the new software once',
    'micro-task': 'do one small task',
    answer: 'answer one question',
  },
  used: 'I used it today',
  submit: 'Hand in',
  noteLabel: 'What did you do? One line is enough',
  notePlaceholder: 'For example: jumped to chapter 3 with the navigation pane',
  noteMissing: 'Please write one line about what you did, then press again.',
  askTitle: 'Test me',
  noQuestion: 'This tip has no question; just check in.',
  gone: 'I do not recognise this card any more. Send “checkin” to check in for today.',
  right: (explanation, points) => `Right!${points > 0 ? ` +${points} points.` : ''} ${explanation}`,
  rightTitle: 'Right!',
  wrong: 'Not that one. Have another look at the tip?',
  recordTitle: (name) => `${name}: check-in record`,
  recordBody: (campaign, phase) => `**${campaign}**${phase === '' ? '' : ` · phase ${phase}`}`,
  today: 'Today',
  todayDone: (time) => `checked in ${time}`,
  todayOpen: 'not yet',
  todayOff: (name) => `day off (${dayNameInEnglish(name)})`,
  todayExcused: (reason) => `excused (${excusalName(reason, 'en')})`,
  current: 'Streak',
  best: 'Best streak',
  counted: 'In all',
  points: 'Points',
  freezes: 'Freezes (performance)',
  freezesLeft: ({ left, used }) => `${left} left${used > 0 ? `, ${used} used` : ''}`,
  left: 'Left',
  days: (n) => (n === 1 ? '1 day' : `${n} days`),
  workdays: (n) => (n === 1 ? '1 workday' : `${n} workdays`),
  checkIn: 'Check in',
  seeTip: 'Tip',
  seeRanking: 'Ranking',
  checkInWord: 'checkin',
  tipWord: 'tip',
  rankingWord: 'ranking',
  reminderTitle: 'One check-in to go today',
  reminder: (tip, days) =>
    days > 0
      ? `Today’s tip is “${tip}”; it takes a minute. You are at ${days} in a row, so just carry on.`
      : `Today’s tip is “${tip}”; it takes a minute. Why not check in?`,
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
