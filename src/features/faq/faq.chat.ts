import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import type { Locale } from '../../chat/locale.ts';
import { type Card, card, type Message, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay } from '../../kernel/time.ts';
import { saysUnhelped } from './faq.followup.ts';
import type { EntryRow } from './faq.import.ts';
import { answerIn } from './faq.rules.ts';
import { type Asked, ask, entryInUse, type FaqDeps, liaisonsOf, rate } from './faq.service.ts';
import { smallTalkIn } from './faq.smalltalk.ts';
import { type TriedEntry, thumbs } from './faq.tables.ts';
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
const FAILURES_BORNE = 2;

export function answerQuestion(deps: FaqChatDeps): AnswerQuestion {
  return async (tx, turn) => {
    const { actor, place, at, argument } = turn;
    const t = text[actor.locale];
    const small = smallTalkIn(argument);
    if (small !== undefined) return { messages: [words(t[small])] };
    const before = await turnsSoFar(tx, { employeeId: actor.employeeId, place, at });
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

function spoken({ actor, place, at }: Turn, said: string) {
  return { employeeId: actor.employeeId, place, text: said, at };
}

function shown({ outcome, choices }: Asked): TriedEntry[] {
  const seen = outcome === 'answer' ? choices.slice(0, 1) : outcome === 'choices' ? choices : [];
  return seen.map(({ entry }) => triedOf(entry));
}

function triedOf({ key, version, question }: EntryRow): TriedEntry {
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

function answerCard(entry: EntryRow, locale: Locale): Card {
  const t = text[locale];
  const thumb = (kind: (typeof thumbs)[number], label: string) => ({
    label,
    tone: 'quiet' as const,
    action: { name: 'faq.rate', data: { e: entry.id, v: entry.version, r: kind } },
  });
  return {
    title: cut(entry.question, 120),
    body: withoutHtml(answerIn(entry)) || t.noAnswer,
    buttons: [thumb('up', t.helpful), thumb('down', t.unhelpful)],
    footer: cut(t.footer(entry.key, entry.version, entry.productVersion), 200),
  };
}

function choicesCard(entries: readonly EntryRow[], locale: Locale): Card {
  const t = text[locale];
  return {
    title: t.choicesTitle,
    body: [t.choices, '', ...entries.map(({ question }, place) => `${place + 1}. ${plain(question)}`)].join(
      '\n',
    ),
    buttons: entries.map(({ id, question }, place) => ({
      label: cut(`${place + 1}. ${question}`, 32),
      action: { name: 'faq.choose', data: { e: id } },
    })),
    footer: t.choicesFooter,
  };
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
      if (entry === undefined) return { toast: text[actor.locale].gone };
      await keepTurn(tx, { ...spoken(turn, entry.question), outcome: 'chosen', entries: [triedOf(entry)] });
      return { messages: answerOf(deps, entry, actor.locale) };
    }),
  };
}

const rateData = z.object({ e: z.uuid(), v: z.int(), r: z.enum(thumbs) });

/** 👍 or 👎 on an answer. */
export function rateCommand(deps: FaqChatDeps): Command {
  return {
    name: 'faq.rate',
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const { action, actor, at, place } = turn;
      const t = text[actor.locale];
      const said = rateData.safeParse(action?.data);
      if (!said.success) return { toast: t.gone };
      const { e, v, r } = said.data;
      const kept = await rate(tx, { entryId: e, version: v, employeeId: actor.employeeId, thumb: r, at });
      if (kept === undefined) return { toast: t.gone };
      if (r === 'up') return { toast: t.thanks.up };
      const before = await turnsSoFar(tx, { employeeId: actor.employeeId, place, at });
      await keepTurn(tx, { ...spoken(turn, kept.question), outcome: 'failed', entries: [triedOf(kept)] });
      const failures = failuresIn([{ outcome: 'failed' }, ...before]);
      if (failures < FAILURES_BORNE || place.kind !== 'private') return { toast: t.thanks.down };
      return { toast: t.toPerson, ...(await deps.handOver(tx, turn, before.at(-1)?.text ?? kept.question)) };
    }),
  };
}

function cut(said: string, most: number): string {
  const letters = Array.from(said.replace(/\s+/g, ' ').trim());
  let short = '';
  for (const letter of letters) {
    if (short.length + letter.length > most - 1) return `${short}…`;
    short += letter;
  }
  return short;
}

/** What somebody typed, short and harmless inside markdown. */
function quoted(said: string): string {
  return cut(plain(said), 40);
}

function plain(said: string): string {
  return said.replace(/[*_`[\]()<>#|\\~!]/g, ' ').trim();
}

/** Cards know markdown, not HTML: tags and what runs within them go, comparisons such as `a < b` stay. */
function withoutHtml(markdown: string): string {
  return markdown
    .replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, '')
    .replace(/<\/?[a-z][^<>]{0,500}>/gi, '')
    .replace(/\]\(\s*(?:javascript|data|vbscript):[^)]*\)/gi, ']()');
}
