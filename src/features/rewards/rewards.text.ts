import type { Catalogue } from '../../chat/locale.ts';

const zh = {
  title: '排行榜',
  help: '排行榜：看看自己和前后几位同事的积分',
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
