import type { Shortcoming } from '../../chat/adapter.ts';
import type { SealedCard, SealedMessage } from '../../chat/message.ts';
import { pictureIsLinked, renderCard, renderNotice, renderTextCard } from './card.ts';
import { bar } from './card-parts.ts';
import { APP_CARD, ROBOT_CARD } from './card-sizes.ts';
import type { LinkedPicture } from './images.ts';
import { ROBOT_BYTES, TEXT_BYTES, WAYS, WEBHOOK_BYTES } from './limits.ts';
import { localeOfWords, text } from './wecom.text.ts';
import { cutBytes, harmlessMarkdown, harmlessText } from './words.ts';

/** What goes under the name of the type in a call, or why nothing does. */
export type Encoded =
  | {
      kind: 'content';
      msgtype: string;
      content: Record<string, unknown>;
      shortcomings: Shortcoming[];
    }
  | { kind: 'file' }
  | { kind: 'image' }
  | { kind: 'refused'; reason: string };

const refused = (reason: string): Encoded => ({ kind: 'refused', reason });
const content = (msgtype: string, words: string, shortcomings: Shortcoming[] = []): Encoded => ({
  kind: 'content',
  msgtype,
  content: { content: words },
  shortcomings,
});

const MARKDOWN_BYTES: Record<string, number> = {
  [WAYS.webhook]: WEBHOOK_BYTES,
  [WAYS.robot]: ROBOT_BYTES,
};

/** One message for one way. `taskId` is unique for each card that calls back; `picture` is that of the card. */
export function encode(
  message: SealedMessage,
  way: string,
  taskId: string,
  picture?: LinkedPicture,
): Encoded {
  switch (message.kind) {
    case 'file':
      return { kind: 'file' };
    case 'image':
      return { kind: 'image' };
    case 'text':
      return encodeText(message.text, way);
    case 'card':
      return encodeCard(message.card, way, taskId, picture);
  }
}

/** WeCom would cut a long text in silence, perhaps inside a character: we cut it and say so. */
function encodeText(words: string, way: string): Encoded {
  if (words.trim() === '') return refused('text-empty');
  const t = text[localeOfWords(words)];
  const lost = (most: number): Shortcoming[] =>
    Buffer.byteLength(words) > most ? [{ kind: 'cut', what: String(most) }] : [];
  // The robot starts a conversation with markdown only.
  if (way === WAYS.robot)
    return content('markdown', cutBytes(harmlessMarkdown(words), ROBOT_BYTES, t.cut), lost(ROBOT_BYTES));
  return content('text', cutBytes(harmlessText(words), TEXT_BYTES, t.cut), lost(TEXT_BYTES));
}

function encodeCard(card: SealedCard, way: string, taskId: string, picture?: LinkedPicture): Encoded {
  const toPerson = way === WAYS.many || way === WAYS.one;
  const sizes = way === WAYS.robot ? ROBOT_CARD : APP_CARD;
  const templates = toPerson || way === WAYS.robot;
  if (templates && card.buttons.length > 0) {
    const rendered = renderCard(card, { sizes, taskId, picture });
    if (rendered !== undefined)
      return {
        kind: 'content',
        msgtype: 'template_card',
        content: rendered.card,
        shortcomings: rendered.shortcomings,
      };
  }
  if (way !== WAYS.appchat) {
    const notice = renderNotice(card, sizes, picture);
    if (notice !== undefined)
      return { kind: 'content', msgtype: 'template_card', content: notice, shortcomings: [] };
  }
  const linked = toPerson && picture === undefined ? renderTextCard(card) : undefined;
  if (linked !== undefined)
    return { kind: 'content', msgtype: 'textcard', content: linked, shortcomings: [] };
  return cardInWords(card, MARKDOWN_BYTES[way] ?? TEXT_BYTES, picture);
}

/** Words between the brackets of a link. */
const labelOf = (words: string): string => words.replace(/[[\]<\n]/g, ' ').trim();

/** A card as markdown, with the words that do what its buttons would. */
export function cardInWords(card: SealedCard, mostBytes: number, picture?: LinkedPicture): Encoded {
  const t = text[localeOfWords(card.title + card.body)];
  const words = card.buttons.flatMap(({ word }) => word ?? []);
  const shortcomings: Shortcoming[] = [
    ...(picture === undefined ? [] : [pictureIsLinked(card)]),
    ...(words.length > 0 ? [{ kind: 'in-words' as const, what: '' }] : []),
    ...card.buttons
      .filter(({ word }) => word === undefined)
      .map(({ label }) => ({ kind: 'button-lost' as const, what: label })),
    ...(card.inputs ?? []).map(({ label }) => ({ kind: 'input-lost' as const, what: label })),
  ];
  const { progress, facts = [], inputs = [] } = card;
  const lines = [
    `**${harmlessMarkdown(card.title)}**`,
    harmlessMarkdown(card.body.trim()),
    picture === undefined ? '' : `[${t.picture(labelOf(card.image?.alt ?? ''))}](${picture.url})`,
    facts.map(({ label, value }) => harmlessMarkdown(`${label}：${value}`)).join('\n'),
    progress === undefined ? '' : harmlessMarkdown(`${bar(progress.value)} ${progress.label}`),
    inputs.map(({ label }) => harmlessMarkdown(t.cannotFill(label))).join('\n'),
    card.footer === undefined ? '' : `> ${harmlessMarkdown(card.footer)}`,
    words.length === 0 ? '' : t.typeWords(words.map(harmlessMarkdown)),
  ];
  const markdown = lines.filter((line) => line !== '').join('\n\n');
  return Buffer.byteLength(markdown) > mostBytes
    ? refused('card-too-large')
    : content('markdown', markdown, shortcomings);
}
