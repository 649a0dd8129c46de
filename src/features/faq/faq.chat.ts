import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import type { Locale } from '../../chat/locale.ts';
import { type Card, card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay } from '../../kernel/time.ts';
import type { EntryRow } from './faq.import.ts';
import { type Asked, ask, entryInUse, type FaqDeps, liaisonsOf, rate } from './faq.service.ts';
import { smallTalkIn } from './faq.smalltalk.ts';
import { thumbs } from './faq.tables.ts';
import { text } from './faq.text.ts';

/** Answers what is no word of ours: a question. `undefined` when no entry has anything to do with it. */
export type AnswerQuestion = (tx: Db, turn: Turn) => Promise<Reply | undefined>;

export function answerQuestion(deps: FaqDeps): AnswerQuestion {
  return async (tx, turn) => {
    const { actor } = turn;
    const t = text[actor.locale];
    const small = smallTalkIn(turn.argument);
    if (small !== undefined) return { messages: [words(t[small])] };
    const asked = await ask(tx, deps, {
      text: turn.argument,
      at: turn.at,
      zone: actor.zone,
      employeeId: actor.employeeId,
      context: `${actor.channel} ${turn.place.kind}`,
    });
    return asked.choices.length === 0 ? undefined : { messages: [await messageFor(tx, turn, asked)] };
  };
}

async function messageFor(tx: Db, { actor, argument, at }: Turn, { outcome, choices }: Asked) {
  const t = text[actor.locale];
  const [best] = choices;
  switch (outcome) {
    case 'answer':
      return best === undefined
        ? words(t.rephrase(quoted(argument)))
        : card(answerCard(best.entry, actor.locale));
    case 'choices':
      return card(
        choicesCard(
          choices.map(({ entry }) => entry),
          actor.locale,
        ),
      );
    case 'rephrase':
      return words(t.rephrase(quoted(argument)));
    case 'handover': {
      const names = await liaisonsOf(tx, actor.employeeId, localDay(at, actor.zone));
      const helper =
        names.length === 0 ? t.noLiaison : t.liaisons(names.join(actor.locale === 'en' ? ', ' : '、'));
      return words(`${t.handover(quoted(argument))}\n${helper}`);
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
    body: entry.answer.trim() === '' ? t.noAnswer : withoutHtml(entry.answer),
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
export function chooseCommand(): Command {
  return {
    name: 'faq.choose',
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(async (tx, { action, actor }) => {
      const data = z.object({ e: z.uuid() }).safeParse(action?.data);
      const entry = data.success ? await entryInUse(tx, data.data.e) : undefined;
      if (entry === undefined) return { toast: text[actor.locale].gone };
      return { messages: [card(answerCard(entry, actor.locale))] };
    }),
  };
}

const rateData = z.object({ e: z.uuid(), v: z.int(), r: z.enum(thumbs) });

/** 👍 or 👎 on an answer. */
export function rateCommand(): Command {
  return {
    name: 'faq.rate',
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(async (tx, { action, actor, at }) => {
      const t = text[actor.locale];
      const said = rateData.safeParse(action?.data);
      if (!said.success) return { toast: t.gone };
      const { e, v, r } = said.data;
      const kept = await rate(tx, { entryId: e, version: v, employeeId: actor.employeeId, thumb: r, at });
      return { toast: kept ? t.thanks[r] : t.gone };
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
