import { createHash } from 'node:crypto';
import type { Shortcoming } from '../../chat/adapter.ts';
import type { SealedCard, SealedMessage } from '../../chat/message.ts';
import type { Spoken } from './stores.ts';

/** A robot message: the kind and its parameters, with the words that its links say. */
export interface RobotMessage {
  msgKey: 'sampleText' | 'sampleMarkdown' | 'sampleFile' | 'sampleImageMsg';
  msgParam: Record<string, string>;
  spoken: readonly Spoken[];
}

type Talk = Exclude<SealedMessage, { kind: 'file' }>;

/** Parameters of a robot message as JSON. D:the-robot-sends-a-group-message, page of 2025-10-21. */
const MOST_PARAM_BYTES = 15_000;
/** The whole `msg` of a work notice. D:asynchronous-sending-of-enterprise-session-messages, page of 2026-05-29. */
const MOST_NOTICE_BYTES = 2_048;
const MOST_NOTICE_TEXT = 5_000;

/**
 * In a private chat a button is a link that says its word; in a group people are told the word. `mediaId` is that of
 * the picture which the message carries.
 */
export function encodeTalk(message: Talk, place: 'person' | 'group', mediaId = ''): RobotMessage {
  if (message.kind === 'image')
    return { msgKey: 'sampleImageMsg', msgParam: { photoURL: mediaId }, spoken: [] };
  if (message.kind === 'text')
    return { msgKey: 'sampleText', msgParam: { content: message.text }, spoken: [] };
  const { card } = message;
  const links = place === 'person' ? linksOf(card) : [];
  const ending = place === 'person' ? links.map(({ markdown }) => markdown).join('　') : wordsOf(card);
  const text = [markdownOf(card, { listOptions: true, mediaId }), ending, footerOf(card)].filter(
    (part) => part !== '',
  );
  return {
    msgKey: 'sampleMarkdown',
    msgParam: { title: plain(card.title), text: [`### ${plain(card.title)}`, ...text].join('\n\n') },
    spoken: links.flatMap(({ spoken }) => spoken ?? []),
  };
}

/** What of a card `encodeTalk` loses: in a group nothing can be pressed, and text can nowhere be filled in. */
export function lostInTalk({ buttons, inputs = [] }: SealedCard, place: 'person' | 'group'): Shortcoming[] {
  const chosenByLinks =
    place === 'person' && inputs.length === 1 && inputs[0]?.kind === 'choice' && buttons.length > 0;
  const words = place === 'group' ? buttons.filter(({ word }) => word !== undefined) : [];
  const dead = place === 'group' ? buttons.filter(({ word }) => word === undefined) : [];
  return [
    ...(words.length > 0 ? [{ kind: 'in-words' as const, what: '' }] : []),
    ...dead.map(({ label }) => ({ kind: 'button-lost' as const, what: label })),
    ...(chosenByLinks ? [] : inputs.map(({ label }) => ({ kind: 'input-lost' as const, what: label }))),
  ];
}

/** Why the platform would not take it; undefined when it fits. */
export function tooLarge(
  { msgKey, msgParam }: RobotMessage,
  limits: { maxTextBytes: number; maxCardBytes: number },
) {
  const bytes = Buffer.byteLength(JSON.stringify(msgParam));
  if (msgKey === 'sampleText')
    return Buffer.byteLength(msgParam['content'] ?? '') > limits.maxTextBytes || bytes > MOST_PARAM_BYTES
      ? 'text-too-long'
      : undefined;
  return Buffer.byteLength(msgParam['text'] ?? '') > limits.maxCardBytes || bytes > MOST_PARAM_BYTES
    ? 'card-too-large'
    : undefined;
}

/** The `msg` of a work notice. */
export function encodeNotice(
  card: SealedCard,
  mediaId?: string,
): {
  msgtype: 'markdown';
  markdown: { title: string; text: string };
} {
  const text = [
    `### ${plain(card.title)}`,
    markdownOf(card, { listOptions: false, mediaId }),
    footerOf(card),
  ];
  return {
    msgtype: 'markdown',
    markdown: { title: plain(card.title), text: text.filter((part) => part !== '').join('\n\n') },
  };
}

/** As long as media ids are, in characters; longer ones were not seen. */
const LONG_MEDIA_ID = 100;

/** A notice is a card that asks for nothing and is short enough. */
export function fitsWorkNotice(message: SealedMessage): boolean {
  if (message.kind !== 'card' || message.card.buttons.length > 0 || (message.card.inputs ?? []).length > 0)
    return false;
  const msg = encodeNotice(message.card, 'x'.repeat(LONG_MEDIA_ID));
  return (
    msg.markdown.text.length <= MOST_NOTICE_TEXT &&
    Buffer.byteLength(JSON.stringify(msg)) <= MOST_NOTICE_BYTES
  );
}

/** Body, picture, facts, progress and, where nobody can fill them in, the options of inputs. */
export function markdownOf(
  card: SealedCard,
  { listOptions, mediaId }: { listOptions: boolean; mediaId?: string | undefined },
): string {
  const facts = (card.facts ?? []).map(({ label, value }) => `**${plain(label)}**：${plain(value)}`);
  const inputs = listOptions ? (card.inputs ?? []) : [];
  return [
    card.body.trim(),
    card.image === undefined || !mediaId ? '' : `![${plain(card.image.alt)}](${mediaId})`,
    facts.join('  \n'),
    card.progress === undefined ? '' : `${barOf(card.progress.value)} ${plain(card.progress.label)}`,
    ...inputs.map(({ label, options = [] }) =>
      [`**${plain(label)}**`, ...options.map((option) => `- ${plain(option.label)}`)].join('\n'),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

export const footerOf = ({ footer }: SealedCard): string =>
  footer === undefined ? '' : `> ${plain(footer)}`;

const CELLS = 10;

function barOf(share: number): string {
  const full = Math.round(share * CELLS);
  return '▰'.repeat(full) + '▱'.repeat(CELLS - full);
}

/** Words that are no Markdown: nothing in them makes a link or an image. */
export function plain(words: string): string {
  return words.replace(/\[/g, '［').replace(/\]/g, '］').replace(/\s+/g, ' ');
}

interface Link {
  markdown: string;
  spoken?: Spoken;
}

/** A choice of one out of a few is made by the links themselves; other inputs cannot be filled in here. */
function linksOf(card: SealedCard): Link[] {
  const [input, ...others] = card.inputs ?? [];
  const [first, ...rest] = card.buttons;
  if (input?.kind !== 'choice' || others.length > 0 || first === undefined)
    return card.buttons.map((button) => linkOf(button, {}));
  const options = (input.options ?? []).map(({ value, label }) =>
    linkOf({ ...first, label, word: undefined }, { [input.name]: value }),
  );
  return [...options, ...rest.map((button) => linkOf(button, {}))];
}

function linkOf(
  { label, word, actionId }: SealedCard['buttons'][number],
  inputs: Record<string, string>,
): Link {
  if (word !== undefined) return { markdown: link(label, word) };
  const token = tokenOf(actionId, inputs);
  return { markdown: link(label, `${label} #${token}`), spoken: { token, actionId, inputs } };
}

/**
 * `dtmd://` makes the person say the words. It works in plain Markdown messages in private chats.
 * Source: D:lightweight-interactive-card-messages, page of 2025-10-09; platforms/dingtalk.md §5.10.
 */
const link = (label: string, says: string): string =>
  `[${plain(label)}](dtmd://dingtalkclient/sendMessage?content=${encodeURIComponent(says)})`;

/** What people may type in a group, where no link says it for them. */
function wordsOf({ buttons }: SealedCard): string {
  const words = buttons.flatMap(({ word }) => (word === undefined ? [] : `「${plain(word)}」`));
  return words.length === 0 ? '' : `@我 说 ${words.join(' ')}`;
}

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TOKEN_LETTERS = 10;
/** A token at the end of what somebody says. */
const TOKEN = /^(.*?)\s*#([0-9A-HJKMNP-TV-Z]{10})$/s;

/** The same action always gets the same token, so that the same card reads the same for everybody. */
function tokenOf(actionId: string, inputs: Record<string, string>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([actionId, inputs]))
    .digest();
  return [...hash.subarray(0, TOKEN_LETTERS)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** What was said before a token, and the token. */
export function tokenIn(text: string): { words: string; token: string } | undefined {
  const [, words = '', token] = TOKEN.exec(text.trim()) ?? [];
  return token === undefined ? undefined : { words, token };
}
