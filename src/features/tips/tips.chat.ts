import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { dayInWords } from '../../chat/dates.ts';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { calendarOf, campaignOfTurn } from '../campaigns/index.ts';
import { tipCard } from './tips.card.ts';
import { react, tipsById, tipsOn } from './tips.service.ts';
import { reactions } from './tips.tables.ts';
import { text } from './tips.text.ts';

/** 今日技巧 */
export function todayCommand(): Command {
  return {
    name: 'tips.today',
    permission: 'me.use',
    words: ['今日技巧', '每日技巧', '小技巧', '技巧', 'tip', 'tip of the day', 'today'],
    help: { 'zh-CN': text['zh-CN'].help, en: text.en.help },
    answer: oneByOne(showToday),
  };
}

async function showToday(tx: Db, turn: Turn): Promise<Reply> {
  const { actor } = turn;
  const t = text[actor.locale];
  const { day, campaign } = await campaignOfTurn(tx, turn);
  if (campaign === undefined) return { messages: [words(t.notInCampaign)] };
  const calendar = await calendarOf(tx, campaign);
  if (!calendar.isWorkday(day)) {
    const next = calendar.nextWorkday(day);
    return {
      messages: [
        words(
          next === undefined
            ? t.campaignOver
            : t.dayOff(calendar.nameOf(day), dayInWords(next, actor.locale)),
        ),
      ],
    };
  }
  const tip = (await tipsOn(tx, campaign, day, [actor], turn.at)).get(actor.employeeId);
  if (tip === undefined) return { messages: [words(t.empty)] };
  return { messages: [card(tipCard({ tip, campaignId: campaign.id, day, locale: actor.locale }))] };
}

const reactionData = z.object({ t: z.uuid(), r: z.enum(reactions) });

/** 有用, 早知道, 不适合我: buttons only. */
export function reactCommand(): Command {
  return {
    name: 'tips.react',
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const t = text[turn.actor.locale];
      const said = reactionData.safeParse(turn.action?.data);
      if (!said.success || !(await tipsById(tx, [said.data.t])).has(said.data.t)) return { toast: t.gone };
      await react(tx, {
        tipId: said.data.t,
        employeeId: turn.actor.employeeId,
        reaction: said.data.r,
        at: turn.at,
      });
      return { toast: t.thanks[said.data.r] };
    }),
  };
}
