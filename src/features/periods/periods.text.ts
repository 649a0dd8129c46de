import type { Catalogue } from '../../chat/locale.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { CorrectionCause, EvidenceKind, ExcusalReason } from '../performance/performance.schema.ts';

const zh = {
  helpExport: '导出绩效 2026-11：把某个月的绩效结果导出成表格，不写月份就是本月',
  helpRecord: '我的 2026-11：看看那个月的绩效记录，哪天算、哪天没算',
  helpAppeal: '申诉 11-12：看看那天为什么没算，觉得不对可以申诉',
  month: (month: Temporal.PlainYearMonth) => `${month.year} 年 ${month.month} 月`,
  exported: (month: string, people: number) =>
    `${month}的绩效导出好了：${people} 人，已关账，每次导出都是同一份文件。文件含个人信息，请妥善保管。`,
  exportedPreview: (month: string, people: number) =>
    `${month}的绩效导出好了：${people} 人。这个周期还没有关账，数字只是到目前为止的，不能用来发绩效。`,
  exportedSupplement: (month: string, no: number, people: number) =>
    `${month}关账以后有更正，这是补充 ${no}：${people} 人的结果和上一份不同，文件里写着它更正的是哪一份。`,
  exportedNobody: (month: string) => `${month}没有人的绩效可导出：没有和绩效挂钩的活动，或者规则还没有发布。`,
  wrongMonth: '没看懂是哪个月。请写成「导出绩效 2026-11」这样，不写月份就导出本月。',
  wrongRecordMonth: '没看懂是哪个月。请写成「我的 2026-11」这样。',
  wrongDay: '没看懂是哪一天。请写成「申诉 11-12」或「申诉 2026-11-12」这样。',

  recordTitle: (month: string) => `${month}的绩效记录`,
  recordNone: (month: string) =>
    `${month}没有和绩效挂钩的活动，不用担心绩效。想看打卡记录，发送「我的」就行。`,
  recordBegins: (month: string) => `${month}还没开始，到时候再来看。`,
  counted: '已计入',
  needed: '需要',
  still: '还差',
  stillDays: (days: number, left: number) =>
    days === 0 ? '已经够了' : left === 0 ? `${days} 天` : `${days} 天（还剩 ${left} 个工作日）`,
  run: '连续',
  runDays: (current: number, best: number) => `${current} 天，最长 ${best} 天`,
  excusedLabel: '免打卡',
  frozenLabel: '冻结',
  frozenDays: (used: number, all: number) => `用了 ${used} 次，共 ${all} 次`,
  repaired: '补上的',
  band: '目前档位',
  bandFinal: '档位',
  changedSince: '关账以后这里有更正，HR 做了补充结果，档位才会跟着变。',
  days: (n: number) => `${n} 天`,
  notCounted: '**没算上的日子**',
  others: '**其他**',
  allCounted: '到目前为止，每个工作日都算上了。',
  moreDays: (n: number) => `- 还有 ${n} 天`,
  dayLine: (day: string, why: string) => `- ${day}：${why}`,
  recordFooter: (version: number, until: string, closed: boolean) =>
    `规则第 ${version} 版${closed ? ' · 已关账' : ''} · 申诉截止 ${until}`,
  appealDay: (day: string) => `申诉 ${day}`,

  standing: {
    counted: '算上了',
    'by-make-up': '补卡算上了',
    'by-earn-back': '补学算上了',
    'by-appeal': '申诉通过，算上了',
    frozen: '没打卡，用掉一次冻结，连续不断',
    missed: '没有达到要求',
    'missed-nothing': '没有打卡记录',
    revoked: '被撤销了',
    open: '今天还没过完',
  },
  excusedFor: (reason: string) => `免打卡（${reason}）`,
  excusal: {
    leave: '请假',
    trip: '出差',
    shift: '轮班',
    'new-joiner': '新入职',
    outage: '系统故障',
    other: '其他原因',
  } satisfies Record<ExcusalReason, string>,
  evidence: {
    tap: '打卡',
    declared: '自述用过',
    read: '读完小技巧',
    question: '答对题目',
    usage: '有使用记录',
  } satisfies Record<EvidenceKind, string>,
  cause: {
    'make-up': '补卡',
    'earn-back': '补学',
    appeal: '申诉',
    revoked: '撤销',
  } satisfies Record<CorrectionCause, string>,
  channel: {
    sandbox: '沙盒',
    feishu: '飞书',
    wecom: '企业微信',
    dingtalk: '钉钉',
  } as Record<string, string>,

  trailTitle: (day: string) => `${day}的来龙去脉`,
  trailWorkday: (name: string) => (name === '' ? '这天是工作日。' : `这天要上班（${name}）。`),
  trailOff: (name: string) => `这天休息（${name === '' ? '非工作日' : name}），不用打卡，也不影响连续天数。`,
  trailOutside: '这天你不在活动里，不用打卡，也不算在绩效里。',
  trailFuture: '这天还没到呢，到时候打卡就好。',
  trailNoCampaign: '这天没有和绩效挂钩的活动，不用申诉。',
  trailSeen: (time: string, kind: string, place: string) => `${time} 收到：${kind}（${place}）。`,
  trailSeenLate: (time: string, kind: string, place: string, heard: string) =>
    `${time} ${kind}（${place}），${heard} 才送到，按你操作的时间算。`,
  trailUsage: (source: string) => `${source} 有这天的使用记录。`,
  trailNothing: '没有收到你这天的任何记录。',
  trailRule: (version: number, demand: string) => `规则第 ${version} 版要求每天：${demand}。`,
  and: '，并且',
  or: '或',
  trailExcused: (reason: string) => `这天登记了免打卡：${reason}。`,
  trailCorrected: (cause: string, counts: boolean, reason: string) =>
    `后来更正过（${cause}）：${counts ? '算上' : '不算'}。理由：${reason}`,
  trailSo: (standing: string) => `**结果：${standing}。**`,
  trailAppealed: (no: number, day: string) => `你已经申诉过了（申诉 ${no}），最晚${day}会有答复。`,
  trailDecided: (granted: boolean, reason: string) => `申诉${granted ? '通过了' : '没有通过'}：${reason}`,
  trailMayAppeal: (until: string) => `觉得不对？写一句理由申诉，${until}结束前都可以。`,

  pickTitle: '哪一天没算对？',
  pickBody: (name: string) => `下面是 ${name} 里没算上的日子，点一个看看为什么。也可以发送「申诉 11-12」。`,
  pickNone: '最近的周期里，该算的都算上了，没有要申诉的日子。想看某一天，发送「申诉 11-12」这样就行。',
  reasonLabel: '为什么应该算？一句话就好',
  reasonPlaceholder: '例如：那天打了卡，手机没信号',
  appealButton: '提交申诉',
  reasonMissing: (day: string) => `写一句为什么应该算，再点一次就好。也可以直接发送「申诉 ${day} 理由」。`,
  appealed: (no: number, day: string, by: string) =>
    `申诉 ${no} 已提交：${day}。HR 最晚${by}答复，结果我会第一时间告诉你。`,
  appealedTitle: '申诉已提交',
  refused: {
    future: '这天还没到呢，到时候打卡就好，不用申诉。',
    'not-over': '今天还没过完，现在打卡就能算上，不用申诉。',
    'day-off': '这天休息，不用打卡，也不影响连续天数，不用申诉。',
    outside: '这天你不在活动里，不算在绩效里，不用申诉。',
    'no-campaign': '这天没有和绩效挂钩的活动，不用申诉。',
    counted: '这天已经算上了，放心。',
    excused: '这天是免打卡，对绩效没有影响，不用申诉。',
    late: '这个周期的申诉已经截止了。如果有特殊情况，可以直接找 HR 聊聊。',
    already: '这天你已经申诉过了，答复出来我会告诉你。',
    decided: '这天的申诉已经有结果了，发送「申诉」加日期可以再看。还有疑问可以直接找 HR 聊聊。',
  },

  hrTitle: (no: number, name: string, day: string) => `申诉 ${no}：${name}，${day}`,
  hrReason: (reason: string) => `**本人理由**：${reason}`,
  hrAnswerBy: '答复期限',
  hrPerson: '员工',
  decisionLabel: '给本人的答复',
  decisionPlaceholder: '例如：查到当天在出差，予以认可',
  grant: '同意',
  refuse: '不同意',
  grantWord: (no: number) => `同意申诉 ${no} 理由`,
  refuseWord: (no: number) => `不同意申诉 ${no} 理由`,
  decisionReasonMissing: '请写一句理由再点，本人会看到。也可以发送「同意申诉 12 理由」。',
  decisionHow: '请写成「同意申诉 12 理由」或「不同意申诉 12 理由」。',
  decided: (no: number, granted: boolean) =>
    `申诉 ${no} 已处理：${granted ? '同意' : '不同意'}，已告诉本人。`,
  decisionRefused: {
    'appeal.not-found': '没有这个申诉。',
    'appeal.decided': '这个申诉同事已经处理过了。',
    'appeal.own': '自己的申诉要请另一位同事处理。',
  } as Record<string, string>,
  toldGranted: (day: string, reason: string, closed: boolean) =>
    `好消息，${day}的申诉通过了，${closed ? '这天会算上。这个周期已经关账，HR 做补充结果时会一起更正' : '这天算上了'}。答复：${reason}`,
  toldRefused: (day: string, reason: string, name: string) =>
    `${day}的申诉没有通过。答复：${reason}　还有疑问可以直接找 ${name} 聊聊。`,

  objectionsTitle: (name: string) => `${name} 的绩效记录可以核对了`,
  objections: (month: string, until: string) =>
    `发送「我的 ${month}」就能看到自己的记录。哪天没算对，发送「申诉」告诉我，${until}结束前都可以。`,
};

const en: typeof zh = {
  helpExport: 'export performance 2026-11: results of a month as a spreadsheet; without a month, this one',
  helpRecord: 'me 2026-11: your record of that month, which days count and why',
  helpAppeal: 'appeal 11-12: why that day does not count, and a way to object',
  month: (month) => month.toString(),
  exported: (month, people) =>
    `Results of ${month}: ${people} people. The period is closed, so every export is the same file. It holds personal data, please take care of it.`,
  exportedPreview: (month, people) =>
    `Results of ${month}: ${people} people. The period is not closed: these are figures so far, not for pay.`,
  exportedSupplement: (month, no, people) =>
    `${month} was corrected after its closing. Supplement ${no}: ${people} people differ from the one before; the file names the one that it corrects.`,
  exportedNobody: (month) =>
    `There is nobody to export for ${month}: no campaign counts for performance, or no rule is published.`,
  wrongMonth: 'I could not tell which month. Try “export performance 2026-11”, or leave it out for this one.',
  wrongRecordMonth: 'I could not tell which month. Try “me 2026-11”.',
  wrongDay: 'I could not tell which day. Try “appeal 11-12” or “appeal 2026-11-12”.',

  recordTitle: (month) => `Your record of ${month}`,
  recordNone: (month) => `No campaign counted for performance in ${month}. Send “me” for your check-ins.`,
  recordBegins: (month) => `${month} has not begun yet; come back then.`,
  counted: 'Counted',
  needed: 'Needed',
  still: 'To go',
  stillDays: (days, left) =>
    days === 0
      ? 'nothing, you are there'
      : left === 0
        ? `${days} days`
        : `${days} days (${left} workdays left)`,
  run: 'Streak',
  runDays: (current, best) => `${current}, best ${best}`,
  excusedLabel: 'Excused',
  frozenLabel: 'Freezes',
  frozenDays: (used, all) => `${used} of ${all} used`,
  repaired: 'Repaired',
  band: 'Band so far',
  bandFinal: 'Band',
  changedSince: 'Something was corrected after the closing; the band follows once HR makes a supplement.',
  days: (n) => (n === 1 ? '1 day' : `${n} days`),
  notCounted: '**Days that do not count**',
  others: '**Others**',
  allCounted: 'Every workday so far counts.',
  moreDays: (n) => `- and ${n} more`,
  dayLine: (day, why) => `- ${day}: ${why}`,
  recordFooter: (version, until, closed) =>
    `Rule version ${version}${closed ? ' · closed' : ''} · appeals until ${until}`,
  appealDay: (day) => `Appeal ${day}`,

  standing: {
    counted: 'counts',
    'by-make-up': 'counts by a make-up',
    'by-earn-back': 'counts, earned back',
    'by-appeal': 'counts by an appeal',
    frozen: 'missed; a freeze kept the streak',
    missed: 'not all that the rule asks for',
    'missed-nothing': 'no check-in arrived',
    revoked: 'taken back',
    open: 'today is not over yet',
  },
  excusedFor: (reason) => `excused (${reason})`,
  excusal: {
    leave: 'leave',
    trip: 'business trip',
    shift: 'shift',
    'new-joiner': 'new joiner',
    outage: 'outage',
    other: 'other reasons',
  },
  evidence: {
    tap: 'check-in',
    declared: 'use that you told of',
    read: 'tip read',
    question: 'question answered rightly',
    usage: 'use on record',
  },
  cause: { 'make-up': 'make-up', 'earn-back': 'earned back', appeal: 'appeal', revoked: 'taken back' },
  channel: { sandbox: 'sandbox', feishu: 'Feishu', wecom: 'WeCom', dingtalk: 'DingTalk' },

  trailTitle: (day) => `What happened on ${day}`,
  trailWorkday: (name) => (name === '' ? 'This was a workday.' : `This was a workday (${name}).`),
  trailOff: (name) => `A day off (${name === '' ? 'no workday' : name}): nothing was due and no streak ends.`,
  trailOutside: 'You were not part of the campaign on this day; nothing was due.',
  trailFuture: 'This day is still to come.',
  trailNoCampaign: 'No campaign counted for performance on this day.',
  trailSeen: (time, kind, place) => `${time}: ${kind} (${place}).`,
  trailSeenLate: (time, kind, place, heard) =>
    `${time}: ${kind} (${place}), which reached us at ${heard}; the moment of your deed counts.`,
  trailUsage: (source) => `${source} recorded use on this day.`,
  trailNothing: 'Nothing arrived from you on this day.',
  trailRule: (version, demand) => `Rule version ${version} asks for each day: ${demand}.`,
  and: ', and ',
  or: ' or ',
  trailExcused: (reason) => `You were excused: ${reason}.`,
  trailCorrected: (cause, counts, reason) =>
    `Corrected later (${cause}): ${counts ? 'counts' : 'does not count'}. Reason: ${reason}`,
  trailSo: (standing) => `**So: ${standing}.**`,
  trailAppealed: (no, day) => `You have appealed (no. ${no}); there will be an answer by ${day}.`,
  trailDecided: (granted, reason) => `The appeal was ${granted ? 'granted' : 'not granted'}: ${reason}`,
  trailMayAppeal: (until) => `Not right? Write one line and appeal, until ${until}.`,

  pickTitle: 'Which day is not right?',
  pickBody: (name) => `These days of ${name} do not count. Press one to see why, or send “appeal 11-12”.`,
  pickNone: 'Everything that was due lately counts. To see a day, send “appeal 11-12”.',
  reasonLabel: 'Why should it count? One line is enough',
  reasonPlaceholder: 'For example: I did check in, my phone had no signal',
  appealButton: 'Appeal',
  reasonMissing: (day) =>
    `Please write why it should count, then press again. Or send “appeal ${day} reason”.`,
  appealed: (no, day, by) =>
    `Appeal ${no} is in: ${day}. HR will answer by ${by}, and I will tell you at once.`,
  appealedTitle: 'Your appeal is in',
  refused: {
    future: 'This day is still to come; just check in then.',
    'not-over': 'Today is not over; check in now and it counts.',
    'day-off': 'A day off: nothing was due and no streak ends.',
    outside: 'You were not part of the campaign on that day; it does not touch your result.',
    'no-campaign': 'No campaign counted for performance on that day.',
    counted: 'That day counts already.',
    excused: 'You were excused on that day; it does not touch your result.',
    late: 'Appeals for this period are over. Please talk to HR if there were special circumstances.',
    already: 'You have appealed for that day; I will tell you as soon as there is an answer.',
    decided: 'That appeal was decided; send “appeal” with the day to read it again, or talk to HR.',
  },

  hrTitle: (no, name, day) => `Appeal ${no}: ${name}, ${day}`,
  hrReason: (reason) => `**Their reason**: ${reason}`,
  hrAnswerBy: 'Answer by',
  hrPerson: 'Person',
  decisionLabel: 'Your answer to them',
  decisionPlaceholder: 'For example: they were travelling that day',
  grant: 'Grant',
  refuse: 'Refuse',
  grantWord: (no) => `grant appeal ${no} reason`,
  refuseWord: (no) => `refuse appeal ${no} reason`,
  decisionReasonMissing: 'Please write a reason first; they will read it. Or send “grant appeal 12 reason”.',
  decisionHow: 'Write “grant appeal 12 reason” or “refuse appeal 12 reason”.',
  decided: (no, granted) => `Appeal ${no}: ${granted ? 'granted' : 'refused'}; they have been told.`,
  decisionRefused: {
    'appeal.not-found': 'There is no such appeal.',
    'appeal.decided': 'A colleague has decided this appeal already.',
    'appeal.own': 'Somebody else must decide your own appeal.',
  },
  toldGranted: (day, reason, closed) =>
    `Good news: your appeal for ${day} was granted, the day ${closed ? 'will count. The period is closed, so HR puts it right with a supplement' : 'counts'}. Answer: ${reason}`,
  toldRefused: (day, reason, name) =>
    `Your appeal for ${day} was not granted. Answer: ${reason} Please talk to ${name} if you have questions.`,

  objectionsTitle: (name) => `Your record of ${name} is ready`,
  objections: (month, until) =>
    `Send “me ${month}” to see it. If a day is not right, send “appeal”, until ${until}.`,
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
export type PeriodTexts = typeof zh;
