import type { SealedCard, SealedMessage } from '../../chat/message.ts';
import { renderCard, renderNotice } from './card.ts';
import { bar } from './card-parts.ts';
import { APP_CARD, ROBOT_CARD } from './card-sizes.ts';
import { ROBOT_BYTES, TEXT_BYTES, WAYS, WEBHOOK_BYTES } from './limits.ts';
import { localeOfWords, text } from './wecom.text.ts';
import { cutBytes, harmlessMarkdown, harmlessText } from './words.ts';

/** What goes under the name of the type in a call, or why nothing does. */
export type Encoded =
  | {
      kind: 'content';
      msgtype: string;
      content: Record<string, unknown>;
      /** What this channel cannot show as it was written; for previews. */
      notes: string[];
    }
  | { kind: 'file' }
  | { kind: 'refused'; reason: string };

const refused = (reason: string): Encoded => ({ kind: 'refused', reason });
const content = (msgtype: string, words: string, notes: string[] = []): Encoded => ({
  kind: 'content',
  msgtype,
  content: { content: words },
  notes,
});

const MARKDOWN_BYTES: Record<string, number> = {
  [WAYS.webhook]: WEBHOOK_BYTES,
  [WAYS.robot]: ROBOT_BYTES,
};

/** One message for one way. `taskId` is unique for each card that calls back. */
export function encode(message: SealedMessage, way: string, taskId: string): Encoded {
  switch (message.kind) {
    case 'file':
      return { kind: 'file' };
    case 'text':
      return encodeText(message.text, way);
    case 'card':
      return encodeCard(message.card, way, taskId);
  }
}

/** WeCom would cut a long text in silence, perhaps inside a character: we cut it and say so. */
function encodeText(words: string, way: string): Encoded {
  if (words.trim() === '') return refused('text-empty');
  const t = text[localeOfWords(words)];
  const notes = (most: number) =>
    Buffer.byteLength(words) > most ? [`the text is longer than ${most} bytes and is cut`] : [];
  // The robot starts a conversation with markdown only.
  if (way === WAYS.robot)
    return content('markdown', cutBytes(harmlessMarkdown(words), ROBOT_BYTES, t.cut), notes(ROBOT_BYTES));
  return content('text', cutBytes(harmlessText(words), TEXT_BYTES, t.cut), notes(TEXT_BYTES));
}

function encodeCard(card: SealedCard, way: string, taskId: string): Encoded {
  const toPerson = way === WAYS.many || way === WAYS.one;
  const sizes = way === WAYS.robot ? ROBOT_CARD : APP_CARD;
  const templates = toPerson || way === WAYS.robot;
  if (templates && card.buttons.length > 0) {
    const rendered = renderCard(card, { sizes, taskId });
    if (rendered !== undefined)
      return { kind: 'content', msgtype: 'template_card', content: rendered.card, notes: rendered.notes };
  }
  if (way !== WAYS.appchat) {
    const notice = renderNotice(card, sizes);
    if (notice !== undefined)
      return { kind: 'content', msgtype: 'template_card', content: notice, notes: [] };
  }
  return cardInWords(card, MARKDOWN_BYTES[way] ?? TEXT_BYTES);
}

/** A card as markdown, with the words that do what its buttons would. */
export function cardInWords(card: SealedCard, mostBytes: number): Encoded {
  const t = text[localeOfWords(card.title + card.body)];
  const words = card.buttons.flatMap(({ word }) => word ?? []);
  const notes = [
    ...(card.buttons.length > 0 ? ['the card is shown as text, and its buttons as words to type'] : []),
    ...card.buttons
      .filter(({ word }) => word === undefined)
      .map(({ label }) => `the button “${label}” has no word and is not shown`),
    ...(card.inputs ?? []).map(({ label }) => `“${label}” cannot be filled in here`),
  ];
  const { progress, facts = [], inputs = [] } = card;
  const lines = [
    `**${harmlessMarkdown(card.title)}**`,
    harmlessMarkdown(card.body.trim()),
    facts.map(({ label, value }) => harmlessMarkdown(`${label}：${value}`)).join('\n'),
    progress === undefined ? '' : harmlessMarkdown(`${bar(progress.value)} ${progress.label}`),
    inputs.map(({ label }) => harmlessMarkdown(t.cannotFill(label))).join('\n'),
    card.footer === undefined ? '' : `> ${harmlessMarkdown(card.footer)}`,
    words.length === 0 ? '' : t.typeWords(words.map(harmlessMarkdown)),
  ];
  const markdown = lines.filter((line) => line !== '').join('\n\n');
  return Buffer.byteLength(markdown) > mostBytes
    ? refused('card-too-large')
    : content('markdown', markdown, notes);
}
