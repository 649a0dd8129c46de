import type { Locale } from '../../chat/locale.ts';
import type { Card } from '../../chat/message.ts';
import type { EntryRow } from './faq.import.ts';
import { answerIn } from './faq.rules.ts';
import type { thumbs } from './faq.tables.ts';
import { text } from './faq.text.ts';

export function answerCard(entry: EntryRow, locale: Locale): Card {
  const t = text[locale];
  const thumb = (kind: (typeof thumbs)[number], label: string) => ({
    label,
    tone: 'quiet' as const,
    action: { name: 'faq.rate', data: { e: entry.id, v: entry.version, r: kind } },
    word: t.thumbWords[kind],
  });
  return {
    title: cut(entry.question, 120),
    body: withoutHtml(answerIn(entry)) || t.noAnswer,
    buttons: [thumb('up', t.helpful), thumb('down', t.unhelpful)],
    footer: cut(t.footer(entry.key, entry.version, entry.productVersion), 200),
  };
}

export function choicesCard(entries: readonly EntryRow[], locale: Locale): Card {
  const t = text[locale];
  return {
    title: t.choicesTitle,
    body: [t.choices, '', ...entries.map(({ question }, place) => `${place + 1}. ${plain(question)}`)].join(
      '\n',
    ),
    buttons: entries.map(({ id, question }, place) => ({
      label: cut(`${place + 1}. ${question}`, 32),
      action: { name: 'faq.choose', data: { e: id } },
      // Where no button can be pressed the number says it: `placeIn`.
      word: `${place + 1}`,
    })),
    footer: t.choicesFooter,
  };
}

/** After 👎: the answer again, with room for what is wrong with it. */
export function commentCard(entry: EntryRow, version: number, locale: Locale): Card {
  const t = text[locale];
  return {
    title: cut(entry.question, 120),
    body: withoutHtml(answerIn(entry)) || t.noAnswer,
    inputs: [
      { name: 'comment', label: t.whatWrong, kind: 'text', placeholder: t.whatWrongHint, maxLength: 500 },
    ],
    buttons: [{ label: t.sendComment, action: { name: 'faq.comment', data: { e: entry.id, v: version } } }],
    footer: t.commentHow,
  };
}

export function cut(said: string, most: number): string {
  const letters = Array.from(said.replace(/\s+/g, ' ').trim());
  let short = '';
  for (const letter of letters) {
    if (short.length + letter.length > most - 1) return `${short}…`;
    short += letter;
  }
  return short;
}

/** What somebody typed, short and harmless inside markdown. */
export function quoted(said: string): string {
  return cut(plain(said), 40);
}

function plain(said: string): string {
  return said.replace(/[*_`[\]()<>#|\\~!]/g, ' ').trim();
}

/**
 * Cards know markdown, not HTML: tags and what runs within them go, comparisons such as `a < b` stay. A link leads to a
 * page or a mailbox; of any other, and of a code block that nobody closed, only the words are kept.
 */
function withoutHtml(markdown: string): string {
  const shown = withoutTags(markdown.replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ''))
    .replace(/!?\[([^[\]]{0,300})\]\(\s*(?!https?:\/\/|mailto:)[^)]{0,2000}\)/gi, '$1')
    .trim();
  const fences = shown.match(/^```/gm)?.length ?? 0;
  return fences % 2 === 0 ? shown : `${shown}\n\`\`\``;
}

/** Until nothing changes: what stood around a tag may make another one. */
function withoutTags(text: string): string {
  const less = text.replace(/<\/?[a-z][^<>]{0,500}>/gi, '');
  return less === text ? text : withoutTags(less);
}
