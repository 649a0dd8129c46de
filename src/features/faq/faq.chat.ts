import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import type { Locale } from '../../chat/locale.ts';
import { card, type Message, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay } from '../../kernel/time.ts';
import { answerCard, choicesCard, quoted } from './faq.cards.ts';
import { placeIn, saysUnhelped } from './faq.followup.ts';
import type { EntryRow } from './faq.import.ts';
import { entryByKey } from './faq.lists.ts';
import { type Asked, ask, entryInUse, type FaqDeps, liaisonsOf } from './faq.service.ts';
import { smallTalkIn } from './faq.smalltalk.ts';
import type { TriedEntry } from './faq.tables.ts';
import { text } from './faq.text.ts';
import { failuresIn, keepTurn, type QuestionTurn, turnsSoFar } from './faq.turns.ts';

/** Answers what is no word of ours: a question. `undefined` when no entry has anything to do with it. */
export type AnswerQuestion = (tx: Db, turn: Turn) => Promise<Reply | undefined>;

/** Brings a person, because words did not help; what to tell the asker. */
export type HandOver = (tx: Db, turn: Turn, question: string) => Promise<Reply>;

export interface FaqChatDeps extends FaqDeps {
  handOver: HandOver;
}

/** After so many questions in a row that were not helped, a person is brought without being asked for. */
export const FAILURES_BORNE = 2;

export function answerQuestion(deps: FaqChatDeps): AnswerQuestion {
  return async (tx, turn) => {
    const { actor, place, at, argument } = turn;
    const t = text[actor.locale];
    const small = smallTalkIn(argument);
    if (small !== undefined) return { messages: [words(t[small])] };
    const before = await turnsSoFar(tx, { employeeId: actor.employeeId, place, at });
    const offered = before[0]?.outcome === 'choices' ? before[0].entries[placeIn(argument) ?? -1] : undefined;
    if (offered !== undefined) return chosen(tx, deps, turn, await entryByKey(tx, offered.key));
    const previous = before.find(({ outcome }) => outcome !== 'failed');
    if (previous !== undefined && saysUnhelped(argument))
      return unhelped(tx, deps, turn, before, previous.text);
    const asked = await ask(tx, deps, {
      text: argument,
      at,
      zone: actor.zone,
      employeeId: actor.employeeId,
      previous,
      context: `${actor.channel} ${place.kind}`,
    });
    if (asked.choices.length === 0) return undefined;
    await keepTurn(tx, { ...spoken(turn, argument), outcome: asked.outcome, entries: shown(asked) });
    const failures = failuresIn([{ outcome: asked.outcome }, ...before]);
    if (failures >= FAILURES_BORNE && place.kind === 'private') return deps.handOver(tx, turn, argument);
    return { messages: await messagesFor(tx, deps, turn, asked) };
  };
}

/** The last answer did not help: another try, or, after two, a person. */
async function unhelped(
  tx: Db,
  deps: FaqChatDeps,
  turn: Turn,
  before: readonly QuestionTurn[],
  previous: string,
): Promise<Reply> {
  await keepTurn(tx, { ...spoken(turn, previous), outcome: 'failed', entries: [] });
  const failures = failuresIn([{ outcome: 'failed' }, ...before]);
  if (failures >= FAILURES_BORNE && turn.place.kind === 'private') return deps.handOver(tx, turn, previous);
  return { messages: [words(text[turn.actor.locale].unhelped(quoted(previous)))] };
}

export function spoken({ actor, place, at }: Turn, said: string) {
  return { employeeId: actor.employeeId, place, text: said, at };
}

function shown({ outcome, choices }: Asked): TriedEntry[] {
  const seen = outcome === 'answer' ? choices.slice(0, 1) : outcome === 'choices' ? choices : [];
  return seen.map(({ entry }) => triedOf(entry));
}

export function triedOf({ key, version, question }: EntryRow): TriedEntry {
  return { key, version, question };
}

/** The answer's card, and behind it the pictures and files that go with it. */
function answerOf({ files }: FaqDeps, entry: EntryRow, locale: Locale): Message[] {
  return [card(answerCard(entry, locale)), ...files.messagesOf(entry.attachments)];
}

async function messagesFor(
  tx: Db,
  deps: FaqDeps,
  { actor, argument, at }: Turn,
  { outcome, choices }: Asked,
): Promise<Message[]> {
  const t = text[actor.locale];
  const [best] = choices;
  switch (outcome) {
    case 'answer':
      return best === undefined
        ? [words(t.rephrase(quoted(argument)))]
        : answerOf(deps, best.entry, actor.locale);
    case 'choices':
      return [
        card(
          choicesCard(
            choices.map(({ entry }) => entry),
            actor.locale,
          ),
        ),
      ];
    case 'rephrase':
      return [words(t.rephrase(quoted(argument)))];
    case 'handover': {
      const names = await liaisonsOf(tx, actor.employeeId, localDay(at, actor.zone));
      const helper =
        names.length === 0 ? t.noLiaison : t.liaisons(names.join(actor.locale === 'en' ? ', ' : '、'));
      return [words(`${t.handover(quoted(argument))}\n${helper}\n${t.askPerson}`)];
    }
  }
}

/** One of those offered was pressed, or its number typed: its answer. */
async function chosen(tx: Db, deps: FaqDeps, turn: Turn, { id, question }: EntryRow): Promise<Reply> {
  const { locale } = turn.actor;
  const entry = await entryInUse(tx, id);
  if (entry === undefined) return { messages: [words(text[locale].gone)] };
  await keepTurn(tx, { ...spoken(turn, question), outcome: 'chosen', entries: [triedOf(entry)] });
  return { messages: answerOf(deps, entry, locale) };
}

/** A choice was pressed: its answer. */
export function chooseCommand(deps: FaqDeps): Command {
  return {
    name: 'faq.choose',
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const { action, actor } = turn;
      const data = z.object({ e: z.uuid() }).safeParse(action?.data);
      const entry = data.success ? await entryInUse(tx, data.data.e) : undefined;
      return entry === undefined ? { toast: text[actor.locale].gone } : chosen(tx, deps, turn, entry);
    }),
  };
}
