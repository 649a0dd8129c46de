import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { campaignOfTurn } from '../campaigns/index.ts';
import { expiringOf } from './rewards.expiry.ts';
import { levelOf } from './rewards.levels.ts';
import { entriesBefore } from './rewards.lists.ts';
import { standingOf } from './rewards.standing.ts';
import { text } from './rewards.text.ts';

const RECENT = 5;

/** 我的积分 */
export function pointsCommand(): Command {
  return {
    name: 'rewards.points',
    permission: 'me.use',
    words: ['我的积分', '积分', '积分明细', 'my points', 'points'],
    help: { 'zh-CN': text['zh-CN'].helpPoints, en: text.en.helpPoints },
    answer: oneByOne(showPoints),
  };
}

async function showPoints(tx: Db, turn: Turn): Promise<Reply> {
  const { employeeId, locale, zone } = turn.actor;
  const t = text[locale];
  const { campaign } = await campaignOfTurn(tx, turn);
  if (campaign === undefined) return { messages: [words(t.notInCampaign)], inPrivate: true };
  const { balance, earned } = await standingOf(tx, campaign.id, employeeId);
  const level = levelOf(earned, locale);
  const expiring = await expiringOf(tx, campaign, employeeId);
  const entries = await entriesBefore(tx, {
    employeeId,
    campaignId: campaign.id,
    after: undefined,
    limit: RECENT,
  });
  const lines = entries.map(({ at, amount, reason }) =>
    t.entry(localDay(Temporal.Instant.from(at), zone).toString(), amount, t.reasons[reason] ?? reason),
  );
  return {
    messages: [
      card({
        title: t.pointsTitle,
        tone: 'warm',
        body: lines.length === 0 ? t.noEntries : [t.recent, ...lines].join('\n'),
        facts: [
          { label: t.balance, value: t.points(balance) },
          { label: t.level, value: t.levelLine(level.name, level.toNext) },
          ...(expiring === undefined
            ? []
            : [{ label: t.expiring, value: t.expiringLine(expiring.amount, expiring.on.toString()) }]),
        ],
      }),
    ],
    inPrivate: true,
  };
}
