import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  help: '免打扰：设置几点提醒、暂停提醒；也可以发「免打扰 10:30」',
  title: '消息设置',
  intro: '想让我几点找你，或者先安静一阵子，都可以。正式发文、紧急通知，以及你主动问的问题，不受影响。',
  now: '现在',
  always: '工作日正常接收',
  at: (time: string) => `${time} 以后再发给你`,
  mutedUntil: (day: string) => `暂停中，${day} 起恢复`,
  mutedForGood: '暂停中，直到你恢复',
  company: (spans: string) => `${spans} 和休息日，我本来就不会打扰你。`,
  muteToday: '今天别打扰',
  muteWeek: '安静一周',
  muteForGood: '一直暂停',
  resume: '恢复接收',
  anyTime: '不限时间',
  doneToday: '好的，今天不再主动找你，明天见。',
  doneWeek: '好的，安静一周。想提前恢复，发「免打扰」就行。',
  doneForGood: '好的，不再主动找你了。注意：每日技巧也会停，打卡请记得自己发「打卡」。想恢复时发「免打扰」。',
  doneResume: '欢迎回来，之后照常发给你。',
  doneAnyTime: '好的，不限时间了。',
  doneAt: (time: string) => `记下了，之后 ${time} 再发给你（紧急通知和发文除外）。`,
  badTime: (given: string) =>
    `「${given}」不像一个时间。请发「免打扰 10:30」这样的，或直接发「免打扰」看看有哪些选择。`,
  quietTime: (time: string, spans: string) =>
    `${time} 在免打扰时段（${spans}）里，我到时也不会发。换一个时间试试，比如「免打扰 10:30」。`,
  digestTitle: (n: number) => `今天还有 ${n} 条消息，一起看吧`,
  digestBody: '为了不打扰你，我把它们收在了一起：',
  digestOpen: (n: number) => `看第 ${n} 条`,
  digestMore: (n: number) => `还有 ${n} 条没列出，可以发「帮助」看看都有哪些功能。`,
  digestGone: '这条消息已经找不到了。',
};

const en: typeof zh = {
  help: 'quiet: choose the hour, or pause; or “quiet 10:30”',
  title: 'Message settings',
  intro:
    'Choose when I may write to you, or have some quiet. Official documents, urgent notices and answers to your own questions still come.',
  now: 'Now',
  always: 'as usual on workdays',
  at: (time) => `from ${time} on`,
  mutedUntil: (day) => `paused until ${day}`,
  mutedForGood: 'paused until you resume',
  company: (spans) => `I am quiet anyway at ${spans} and on days off.`,
  muteToday: 'Quiet today',
  muteWeek: 'Quiet for a week',
  muteForGood: 'Pause for good',
  resume: 'Resume',
  anyTime: 'Any time',
  doneToday: 'All right, I will not write again today. See you tomorrow.',
  doneWeek: 'All right, a week of quiet. Send “quiet” to resume earlier.',
  doneForGood:
    'All right, I will not write by myself any more. Note that the daily tip stops as well; type “check in” yourself. Send “quiet” to resume.',
  doneResume: 'Welcome back, messages come as usual.',
  doneAnyTime: 'All right, at any time.',
  doneAt: (time) => `Noted: from ${time} on (urgent notices and official documents aside).`,
  badTime: (given) => `“${given}” is not a time. Send “quiet 10:30”, or just “quiet” for the choices.`,
  quietTime: (time, spans) =>
    `${time} lies within the quiet hours (${spans}), so nothing would come then. Try another time, such as “quiet 10:30”.`,
  digestTitle: (n) => `${n} more messages today, in one`,
  digestBody: 'So as not to disturb you, I put them together:',
  digestOpen: (n) => `Read no. ${n}`,
  digestMore: (n) => `${n} more are not listed. “help” shows what there is.`,
  digestGone: 'This message is gone.',
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
