import { dayInWords } from '../../chat/dates.ts';
import type { Locale } from '../../chat/locale.ts';
import type { Card } from '../../chat/message.ts';
import { localDay, type Temporal, wallTime } from '../../kernel/time.ts';
import type { Ticket } from './tickets.store.ts';
import type { TranscriptLine } from './tickets.tables.ts';
import type { Named } from './tickets.tell.ts';
import { text } from './tickets.text.ts';

/** Harmless inside markdown, and no longer than `most` code units. */
export function plain(said: string, most = 60): string {
  const letters = Array.from(
    said
      .replace(/[*_`[\]()<>#|\\~!]/g, ' ')
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim(),
  );
  let short = '';
  for (const letter of letters) {
    if (short.length + letter.length > most - 1) return `${short}…`;
    short += letter;
  }
  return short;
}

export function whenInWords(at: Temporal.Instant, zone: string, locale: Locale): string {
  return `${dayInWords(localDay(at, zone), locale)} ${wallTime(at, zone)}`;
}

export interface CardContext {
  zone: string;
  locale: Locale;
  asker: Named | undefined;
}

/** What somebody must know to take over: the question, what was said, what was tried. */
export function ticketCard(
  ticket: Ticket,
  { zone, locale, asker }: CardContext,
  options: {
    title: string;
    tone?: Card['tone'];
    buttons: NonNullable<Card['buttons']>;
    likely?: number;
    reply?: boolean;
  },
): Card {
  const t = text[locale];
  const { number, question, transcript, priority, openedAt, dueAt, department, facts } = ticket;
  const said = transcript.slice(-8).map((line) => `- ${plain(line.text, 120)}`);
  const tried = triedIn(transcript);
  const body = [
    `**${plain(question, 300)}**`,
    ...(options.likely === undefined ? [] : ['', t.likely(options.likely)]),
    ...(said.length === 0 ? [] : ['', `${t.before}:`, ...said]),
    ...(tried.length === 0 ? [] : ['', `${t.tried}:`, ...tried.map((one) => `- ${plain(one, 120)}`)]),
  ].join('\n');
  const who = asker === undefined ? '' : `${asker.name} ${asker.number}`;
  return {
    title: options.title,
    tone: options.tone ?? (priority === 'p0' ? 'warm' : 'notice'),
    body: body.slice(0, 3_900),
    facts: [
      { label: t.asker, value: plain(`${who} ${department ?? ''}`, 190) },
      { label: t.level, value: t.priority[priority] },
      { label: t.waitingSince, value: whenInWords(openedAt, zone, locale) },
      { label: t.due, value: whenInWords(dueAt, zone, locale) },
      ...Object.entries(facts)
        .slice(0, 10)
        .map(([kind, value]) => ({ label: plain(labelOf(t, kind), 38), value: plain(value, 190) })),
    ],
    ...(options.reply === true
      ? { inputs: [{ name: 'words', label: t.replyLabel, kind: 'text' as const, maxLength: 1000 }] }
      : {}),
    buttons: options.buttons,
    footer: options.reply === true ? t.heldHint(number) : t.claimHint(number),
  };
}

/** Facts of the API are called as it calls them. */
const labelOf = (t: (typeof text)['zh-CN'], kind: string): string =>
  (t.facts as Record<string, string>)[kind] ?? kind;

function triedIn(transcript: readonly TranscriptLine[]): string[] {
  const tried = transcript.flatMap(({ entries }) =>
    entries.map(({ question, key }) => `${question} (${key})`),
  );
  return [...new Set(tried)].slice(0, 6);
}

const action = (name: string, data: Record<string, string | number>) => ({ name, data });

export function claimButtons(ticket: Ticket, locale: Locale, likely?: number): NonNullable<Card['buttons']> {
  const t = text[locale];
  return [
    {
      label: t.claim,
      tone: 'primary',
      action: action('tickets.claim', { n: ticket.number }),
      word: `${t.claim} ${ticket.number}`,
    },
    ...(likely === undefined
      ? []
      : [
          { label: t.mergeInto(likely), action: action('tickets.merge', { n: ticket.number, into: likely }) },
        ]),
  ];
}

export function heldButtons(ticket: Ticket, locale: Locale): NonNullable<Card['buttons']> {
  const t = text[locale];
  const data = { n: ticket.number };
  return [
    { label: t.reply, tone: 'primary', action: action('tickets.reply', data) },
    { label: t.solve, action: action('tickets.solve', data) },
    { label: t.giveBack, tone: 'quiet', action: action('tickets.give-back', data) },
  ];
}

/** Tells the asker that it is solved, and asks how it went. */
export function solvedCard(ticket: Ticket, solution: string | null, locale: Locale): Card {
  const t = text[locale];
  return {
    title: t.solvedTitle(ticket.number),
    tone: 'good',
    body: `${t.solved(plain(ticket.question, 200), solution === null ? t.solvedPlain : plain(solution, 1_500))}\n\n${t.rateAsk}`,
    buttons: [
      ...[1, 2, 3, 4, 5].map((score) => ({
        label: '★'.repeat(score),
        tone: score === 5 ? ('primary' as const) : ('quiet' as const),
        action: action('tickets.rate', { n: ticket.number, s: score }),
        word: locale === 'en' ? `rate ${score}` : `评分 ${score}`,
      })),
      { label: t.stillBroken, tone: 'danger', action: action('tickets.reopen', { n: ticket.number }) },
    ],
  };
}
