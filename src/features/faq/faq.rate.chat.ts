import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { text as words } from '../../chat/message.ts';
import { storable } from '../../chat/words.ts';
import type { Db } from '../../kernel/db.ts';
import { commentCard } from './faq.cards.ts';
import { FAILURES_BORNE, type FaqChatDeps, spoken, triedOf } from './faq.chat.ts';
import { entryByKey } from './faq.lists.ts';
import { rate } from './faq.service.ts';
import { thumbs } from './faq.tables.ts';
import { text } from './faq.text.ts';
import { failuresIn, keepTurn, turnsSoFar } from './faq.turns.ts';

const rateData = z.object({ e: z.uuid(), v: z.int(), r: z.enum(thumbs) });

/** 👍 or 👎 on an answer. */
export function rateCommand(deps: FaqChatDeps): Command {
  return {
    name: 'faq.rate',
    permission: 'me.use',
    // Only 👍: that it did not help may be said in many ways, which are heard elsewhere (`saysUnhelped`).
    words: ['有用', '有帮助', 'helpful'],
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const { action, actor, at, place } = turn;
      const t = text[actor.locale];
      const pressed = rateData.safeParse(action?.data).data;
      const shown =
        pressed === undefined ? await commentedOn(tx, turn) : { entryId: pressed.e, version: pressed.v };
      const thumb = pressed?.r ?? 'up';
      const kept = shown && (await rate(tx, { ...shown, employeeId: actor.employeeId, thumb, at }));
      const say = (sentence: string): Reply =>
        action === undefined ? { messages: [words(sentence)] } : { toast: sentence };
      if (kept === undefined || shown === undefined)
        return say(action === undefined ? t.nothingToComment : t.gone);
      if (thumb === 'up') return say(t.thanks.up);
      const before = await turnsSoFar(tx, { employeeId: actor.employeeId, place, at });
      await keepTurn(tx, { ...spoken(turn, kept.question), outcome: 'failed', entries: [triedOf(kept)] });
      const failures = failuresIn([{ outcome: 'failed' }, ...before]);
      if (failures < FAILURES_BORNE || place.kind !== 'private')
        return { toast: t.thanks.down, card: commentCard(kept, shown.version, actor.locale) };
      return { toast: t.toPerson, ...(await deps.handOver(tx, turn, before.at(-1)?.text ?? kept.question)) };
    }),
  };
}

const COMMENT_LENGTH = 500;
const commentData = z.object({ e: z.uuid(), v: z.int() });

/** What is wrong with an answer: from the form below it, or 点评 … about the one that was shown last. */
export function commentCommand(): Command {
  return {
    name: 'faq.comment',
    permission: 'me.use',
    words: ['点评', 'comment'],
    takesArgument: true,
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const { actor, action, inputs, argument, at } = turn;
      const t = text[actor.locale];
      const said = storable(inputs['comment'] ?? argument)
        .trim()
        .slice(0, COMMENT_LENGTH);
      const about = await commentedOn(tx, turn);
      const given = { employeeId: actor.employeeId, thumb: 'down' as const, comment: said, at };
      const kept = about === undefined || said === '' ? undefined : await rate(tx, { ...about, ...given });
      const answer = said === '' ? t.commentHow : kept === undefined ? t.nothingToComment : t.commented;
      return action === undefined ? { messages: [words(answer)] } : { toast: answer };
    }),
  };
}

async function commentedOn(
  tx: Db,
  { actor, action, place, at }: Turn,
): Promise<{ entryId: string; version: number } | undefined> {
  const pressed = commentData.safeParse(action?.data);
  if (pressed.success) return { entryId: pressed.data.e, version: pressed.data.v };
  const turns = await turnsSoFar(tx, { employeeId: actor.employeeId, place, at });
  const [shown] =
    turns.find(({ entries, outcome }) => entries.length > 0 && outcome !== 'choices')?.entries ?? [];
  if (shown === undefined) return undefined;
  return { entryId: (await entryByKey(tx, shown.key)).id, version: shown.version };
}
