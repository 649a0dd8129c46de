import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  helpAsk: '补卡 11-12 原因：把漏掉的一天补上',
  helpLearn: '补学：多答对几道题，挣回漏掉的一天',
  notInCampaign: '你这会儿不在活动名单里，没有需要补的卡。',
  nothingMissed: (n: number) => `最近 ${n} 个工作日你都没有漏卡，不用补。真稳！`,
  whichTitle: '补哪一天？',
  which: (n: number) => `这是最近 ${n} 个工作日里还没算上的日子。点一个，或者发「补卡 11-12 原因」。`,
  whichWord: (day: string) => `补卡 ${day}`,
  why: (day: string) => `好的，补 ${day}。那天是什么情况？直接回我一句就行（发「算了」可以不补）。`,
  notSaid: '好，不补了。想补的时候再发「补卡」。',
  judged: {
    'not-over': (day: string) => `${day} 还没过完，当天直接打卡就好，不用补。`,
    'not-member': (day: string) => `${day} 你还不在这次活动的名单里，那天不算你的，也就不用补。`,
    'day-off': (day: string) => `${day} 是休息日，本来就不用打卡，连续天数也不受影响。`,
    counted: (day: string) => `${day} 已经算上了，不用补，放心。`,
    excused: (day: string) => `${day} 你是免打卡的，连续天数不受影响，不用补。`,
    pending: (day: string) => `${day} 的补卡已经交上去了，正在等确认，有结果马上告诉你。`,
  },
  tooLate: (day: string, n: number) =>
    `${day} 已经过去不止 ${n} 个工作日，按规则补不了了。如果那天确实打了卡，可以发「申诉」让人核实。`,
  notAllowed: '这次活动的规则里没有补卡。如果那天确实打了卡，可以发「申诉」让人核实。',
  usedUp: (n: number) => `这个周期的 ${n} 次补卡用完了。还可以发「补学」，多答几道题挣回一天。`,
  tooLong: (n: number) => `原因有点长，请缩到 ${n} 个字以内再发一次。`,
  approved: (day: string, days: number) => `${day} 补上了！现在连续 ${days} 天。`,
  asked: (day: string, left: number) =>
    `${day} 的补卡交上去了，同意后那天就算数，结果会发给你。这个周期还能补 ${left} 次。`,
  cardTitle: '有人申请补卡',
  cardBody: (name: string, day: string) => `**${name}** 想补 ${day} 的卡。`,
  reason: '原因',
  department: '部门',
  agree: '同意',
  disagree: '不同意',
  agreed: (name: string, day: string) => `已同意：${name} ${day} 的补卡。`,
  whyNot: (name: string, day: string) => `不同意 ${name} ${day} 的补卡，为什么？直接回一句，我转告 TA。`,
  disagreed: (name: string, day: string) => `已回复 ${name}：${day} 的补卡没有通过。`,
  decided: '这次补卡已经有人处理过了。',
  mootForApprover: (name: string, day: string) => `${name} ${day} 的打卡后来到了，已经算上，不用补了。`,
  notYours: '这次补卡不归你处理。',
  gone: '这张卡片认不出来了。发送「补卡」重新开始。',
  told: {
    approved: (day: string, days: number) => `你 ${day} 的补卡通过了，现在连续 ${days} 天。`,
    refused: (day: string, reason: string) =>
      `你 ${day} 的补卡没有通过。原因：${reason}。觉得不对可以发「申诉」，也可以发「补学」挣回一天。`,
    moot: (day: string) => `你 ${day} 的打卡后来到了，已经算上，补卡次数也没有用掉。`,
  },
  learn: {
    title: (done: number, of: number) => `补学 ${done + 1} / ${of}`,
    intro: (day: string, of: number) => `答对 ${of} 题，${day} 就回来了。`,
    notAllowed: '这次活动的规则里没有补学。可以试试发「补卡」。',
    nothingMissed: (n: number) =>
      `最近 ${n} 个工作日没有漏掉的日子，不用补学。有兴趣的话，发「今日技巧」看看。`,
    usedUp: (n: number) => `这个周期的 ${n} 次补学用完了，下个周期再来。`,
    noQuestions: '今天能答的题都答过啦，明天再来，已答对的题都记着。',
    right: (explanation: string, done: number, of: number) =>
      `答对了！${explanation}\n\n补学进度 ${done} / ${of}`,
    wrong: (explanation: string) => `不是这个。${explanation}\n\n这题明天还可以再答。`,
    back: (day: string, days: number) => `${day} 回来了！现在连续 ${days} 天。`,
    tried: '这题今天已经答过了。',
    rightTitle: '答对了',
    wrongTitle: '再想想',
  },
};

const en: typeof zh = {
  helpAsk: 'make up 11-12 reason: have a missed day counted',
  helpLearn: 'study: earn a missed day back with a few right answers',
  notInCampaign: 'You are not part of a campaign right now, so there is nothing to make up.',
  nothingMissed: (n) => `You missed nothing in the last ${n} workdays. Well done!`,
  whichTitle: 'Which day?',
  which: (n) =>
    `These days of the last ${n} workdays do not count yet. Press one, or send “make up 11-12 reason”.`,
  whichWord: (day) => `make up ${day}`,
  why: (day) => `All right, ${day}. What happened that day? Just answer in one line (“never mind” ends it).`,
  notSaid: 'All right, nothing is made up. Send “make up” whenever you like.',
  judged: {
    'not-over': (day) => `${day} is not over yet: simply check in on the day.`,
    'not-member': (day) => `You were not in this campaign on ${day}, so that day is not held against you.`,
    'day-off': (day) => `${day} is a day off: no check-in was needed and your streak is safe.`,
    counted: (day) => `${day} counts already; all is well.`,
    excused: (day) => `You are excused on ${day}; your streak is safe and nothing needs making up.`,
    pending: (day) => `Your request for ${day} is waiting for its answer; you will hear at once.`,
  },
  tooLate: (day, n) =>
    `${day} is more than ${n} workdays ago, and the rule ends there. If you did check in that day, send “appeal” to have it looked at.`,
  notAllowed:
    'The rule of this campaign has no make-ups. If you did check in that day, send “appeal” to have it looked at.',
  usedUp: (n) => `The ${n} make-ups of this period are used up. “study” lets you earn a day back.`,
  tooLong: (n) => `That is a little long; please say it in ${n} characters.`,
  approved: (day, days) => `${day} is made up! You are at ${days} in a row.`,
  asked: (day, left) =>
    `Your request for ${day} is on its way; once agreed the day counts, and you will hear. ${left} left in this period.`,
  cardTitle: 'Somebody asks for a make-up',
  cardBody: (name, day) => `**${name}** would like ${day} to count.`,
  reason: 'Reason',
  department: 'Department',
  agree: 'Agree',
  disagree: 'Disagree',
  agreed: (name, day) => `Agreed: the make-up of ${name} for ${day}.`,
  whyNot: (name, day) => `Why not, for ${name} on ${day}? Answer in one line and I will pass it on.`,
  disagreed: (name, day) => `${name} has been told that ${day} is not made up.`,
  decided: 'Somebody has dealt with this make-up already.',
  mootForApprover: (name, day) => `The check-in of ${name} for ${day} has arrived since, and counts.`,
  notYours: 'This make-up is not yours to decide.',
  gone: 'I do not recognise this card any more. Send “make up” to begin again.',
  told: {
    approved: (day, days) => `Your make-up for ${day} was agreed; you are at ${days} in a row.`,
    refused: (day, reason) =>
      `Your make-up for ${day} was not agreed. Reason: ${reason}. You may send “appeal”, or “study” to earn a day back.`,
    moot: (day) => `Your check-in of ${day} has arrived since and counts; no make-up was used.`,
  },
  learn: {
    title: (done, of) => `Study ${done + 1} of ${of}`,
    intro: (day, of) => `${of} right answers bring ${day} back.`,
    notAllowed: 'The rule of this campaign has no earning back. “make up” may help.',
    nothingMissed: (n) => `You missed nothing in the last ${n} workdays, so there is nothing to earn back.`,
    usedUp: (n) => `The ${n} days to earn back in this period are used up; come again in the next.`,
    noQuestions: 'That is all for today; come again tomorrow, your right answers are kept.',
    right: (explanation, done, of) => `Right! ${explanation}\n\n${done} of ${of}`,
    wrong: (explanation) => `Not that one. ${explanation}\n\nYou may try it again tomorrow.`,
    back: (day, days) => `${day} is back! You are at ${days} in a row.`,
    tried: 'You have answered this one today.',
    rightTitle: 'Right!',
    wrongTitle: 'Not yet',
  },
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
