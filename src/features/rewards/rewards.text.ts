import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  title: '排行榜',
  help: '排行榜：看看自己和前后几位同事的积分',
  helpPoints: '我的积分：余额、等级、最近几笔，还有什么时候到期',
  pointsTitle: '我的积分',
  balance: '余额',
  level: '等级',
  expiring: '快到期',
  recent: '**最近几笔**',
  noEntries: '还没有积分记录。发送「打卡」，今天就有第一笔。',
  points: (n: number) => `${n} 分`,
  levelLine: (name: string, toNext: number | null) =>
    toNext === null ? `${name}（最高级）` : `${name}，再得 ${toNext} 分升级`,
  expiringLine: (n: number, on: string) => `${n} 分将在 ${on} 到期`,
  entry: (day: string, n: number, why: string) => `- ${day}　${n > 0 ? '+' : ''}${n}　${why}`,
  expires: (n: number, on: string, months: number) =>
    `提醒一下：你有 ${n} 积分到 ${on} 就满 ${months} 个月、要到期了；等级不受影响。发送 **我的积分** 可以看明细。`,
  reasons: {
    'check-in': '打卡',
    'streak-bonus': '连续打卡奖励',
    'answer-right': '答对小问题',
    'quiz-right': '答题答对',
    'quiz-finish': '完成答题',
    'quiz-winner': '答题获奖',
    expiry: '到期',
    reversal: '更正',
  } as Record<string, string>,
  helpHide: '不上榜：排行榜里别人只看到名次，看不到你的名字；「上榜」恢复',
  hidden: '好的，别人在排行榜和比赛榜单里看不到你的名字了，积分照常累计。想恢复就发送 **上榜**。',
  shown: '好的，你的名字又会出现在榜上了。',
  somebody: '一位同事',
  notInCampaign: '你这会儿不在活动名单里，暂时没有排名。有疑问可以找你们部门的接口人。',
  empty: '还没有人上榜呢。发送「打卡」，第一名就是你。',
  notYet: '你还没有积分。今天打一次卡就上榜。',
  around: '**你和前后的同事**',
  top: '**目前领先**',
  line: (rank: number, name: string, points: number, me: boolean) =>
    me ? `- **第 ${rank} 名　${name}（你）　${points} 分**` : `- 第 ${rank} 名　${name}　${points} 分`,
  toNext: (points: number) =>
    points === 0 ? '和前一位同分，再打一次卡就超过去了。' : `再得 ${points} 分就追平前一位。`,
  first: '你现在排在最前面。',
};

const en: typeof zh = {
  title: 'Ranking',
  help: 'ranking: your points and the colleagues around you',
  helpPoints: 'my points: your balance, level, latest entries, and what expires when',
  pointsTitle: 'My points',
  balance: 'Balance',
  level: 'Level',
  expiring: 'Expiring',
  recent: '**Latest entries**',
  noEntries: 'No points yet. Send “checkin” and today brings the first.',
  points: (n) => `${n} points`,
  levelLine: (name, toNext) =>
    toNext === null ? `${name} (the highest)` : `${name}, ${toNext} points to the next`,
  expiringLine: (n, on) => `${n} points on ${on}`,
  entry: (day, n, why) => `- ${day}　${n > 0 ? '+' : ''}${n}　${why}`,
  expires: (n, on, months) =>
    `A reminder: on ${on}, ${n} of your points are ${months} months old and expire; your level stays. Send **my points** for the details.`,
  reasons: {
    'check-in': 'check-in',
    'streak-bonus': 'streak bonus',
    'answer-right': 'right answer',
    'quiz-right': 'quiz: right answer',
    'quiz-finish': 'quiz finished',
    'quiz-winner': 'quiz won',
    expiry: 'expired',
    reversal: 'correction',
  },
  helpHide:
    'hide my name: others see your place in rankings and not your name; “show my name” brings it back',
  hidden:
    'Others do not see your name in rankings and on boards any more; your points go on. Send **show my name** to be named again.',
  shown: 'Your name stands in rankings again.',
  somebody: 'a colleague',
  notInCampaign:
    'You are not part of a campaign right now, so there is no ranking for you. Your liaison can help.',
  empty: 'Nobody is on the board yet. Send “checkin” and first place is yours.',
  notYet: 'You have no points yet. One check-in today puts you on the board.',
  around: '**You and your neighbours**',
  top: '**In the lead**',
  line: (rank, name, points, me) =>
    me ? `- **#${rank}　${name} (you)　${points} points**` : `- #${rank}　${name}　${points} points`,
  toNext: (points) =>
    points === 0
      ? 'You are level with the person above you.'
      : `${points} more points and you are level with the next.`,
  first: 'You are in front right now.',
};

export const text: Catalogue<typeof zh> = { 'zh-CN': zh, en };
