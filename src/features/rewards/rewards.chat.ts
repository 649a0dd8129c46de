import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { campaignOfTurn } from '../campaigns/index.ts';
import { type Place, type Ranking, rankingFor } from './rewards.ranking.ts';
import { text } from './rewards.text.ts';

/** 排行榜 */
export function rankingCommand(): Command {
  return {
    name: 'rewards.ranking',
    permission: 'me.use',
    words: ['排行榜', '排行', '排名', 'ranking', 'rank'],
    help: { 'zh-CN': text['zh-CN'].help, en: text.en.help },
    answer: oneByOne(showRanking),
  };
}

async function showRanking(tx: Db, turn: Turn): Promise<Reply> {
  const { actor } = turn;
  const t = text[actor.locale];
  const { campaign } = await campaignOfTurn(tx, turn);
  if (campaign === undefined) return { messages: [words(t.notInCampaign)], inPrivate: true };
  const ranking = await rankingFor(tx, campaign.id, actor.employeeId);
  return {
    messages: [card({ title: t.title, tone: 'warm', body: rankingBody(ranking, actor) })],
    inPrivate: true,
  };
}

function rankingBody(ranking: Ranking, actor: Turn['actor']): string {
  const t = text[actor.locale];
  const line = ({ rank, name, points, employeeId }: Place) =>
    employeeId === actor.employeeId
      ? t.line(rank, actor.name, points, true)
      : t.line(rank, name ?? t.somebody, points, false);
  if (ranking.top.length === 0) return t.empty;
  const top = [t.top, ...ranking.top.map(line)];
  if (ranking.mine === undefined) return [...top, '', t.notYet].join('\n');
  const inTop = ranking.mine.rank <= ranking.top.length;
  const around = [t.around, ...ranking.around.map(line)];
  const next = ranking.pointsToNext === undefined ? t.first : t.toNext(ranking.pointsToNext);
  return [...(inTop ? [] : [...top, '']), ...around, '', next].join('\n');
}
