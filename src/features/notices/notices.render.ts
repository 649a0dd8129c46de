import { type Locale } from '../../chat/locale.ts';
import type { Card, Message } from '../../chat/message.ts';
import type { Notice } from './notices.tables.ts';
import { text } from './notices.text.ts';

export const ACKNOWLEDGE = 'notices.acknowledge';
export const SIGN_UP = 'notices.sign-up';

/** What a message must not exceed, in characters; the platforms' own limits are in bytes. */
export const MOST_BODY = 3_600;
export const MOST_TITLE = 100;

export type Rendered = Pick<
  Notice,
  | 'id'
  | 'kind'
  | 'format'
  | 'issuer'
  | 'documentNumber'
  | 'signatories'
  | 'attachments'
  | 'link'
  | 'needsAcknowledgement'
  | 'takesSignUp'
>;

/**
 * The message of a notice with its variables filled in. The buttons mean the same for everybody, so that one message
 * can travel in bulk calls; the words in the footer do the same where no button works.
 */
export function noticeMessage(
  notice: Rendered,
  { title, body }: { title: string; body: string },
  locale: Locale,
): Message {
  const t = text[locale];
  const facts = [
    { label: t.card.documentNumber, value: notice.documentNumber ?? '' },
    { label: t.card.issuer, value: notice.issuer ?? '' },
    { label: t.card.signatories, value: notice.signatories.join('、') },
    { label: t.card.attachments, value: notice.attachments.map(({ name }) => name).join('、') },
  ].flatMap(({ label, value }) => (value === '' ? [] : [{ label, value: value.slice(0, 200) }]));
  const link = notice.link === null ? [] : ['', `[${notice.link.label}](${notice.link.url})`];
  const words = wordsOf(notice, locale);
  if (notice.format === 'text') {
    const lines = [title, '', body, ...facts.map(({ label, value }) => `${label}：${value}`)];
    const linkLine = notice.link === null ? [] : [`${notice.link.label} ${notice.link.url}`];
    const reply = words.length === 0 ? [] : ['', t.card.reply(words.join(' / '))];
    return { kind: 'text', text: [...lines, ...linkLine, ...reply].join('\n') };
  }
  const card: Card = {
    title,
    tone: notice.kind === 'document' ? 'warm' : 'notice',
    body: [body, ...link].join('\n'),
    ...(facts.length === 0 ? {} : { facts }),
    buttons: buttonsOf(notice, locale),
    ...(words.length === 0 ? {} : { footer: t.card.reply(words.join(' / ')) }),
  };
  return { kind: 'card', card };
}

function wordsOf(notice: Rendered, locale: Locale): string[] {
  const t = text[locale];
  return [
    ...(notice.needsAcknowledgement ? [t.word.acknowledge] : []),
    ...(notice.takesSignUp ? [t.word.signUp] : []),
  ];
}

function buttonsOf(
  { id, needsAcknowledgement, takesSignUp }: Rendered,
  locale: Locale,
): NonNullable<Card['buttons']> {
  const t = text[locale];
  const data = { n: id };
  return [
    ...(needsAcknowledgement
      ? [
          {
            label: t.word.acknowledge,
            tone: 'primary' as const,
            action: { name: ACKNOWLEDGE, data, anybody: true },
            word: t.word.acknowledge,
          },
        ]
      : []),
    ...(takesSignUp
      ? [{ label: t.word.signUp, action: { name: SIGN_UP, data, anybody: true }, word: t.word.signUp }]
      : []),
  ];
}
