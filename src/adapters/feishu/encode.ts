import { createHash } from 'node:crypto';
import type { SealedMessage } from '../../chat/message.ts';
import { type CardPlace, cardOf } from './card.ts';
import { CARD_BYTES, limits, TEXT_REQUEST_BYTES } from './limits.ts';
import { feishuMarkdown, hasStyle, plainText } from './markdown.ts';

/** A message as `im/v1/messages` takes it, its content not yet made a string. */
export interface Encoded {
  msg_type: 'text' | 'post' | 'interactive' | 'file' | 'image';
  content: object;
}

/** Why a message cannot be sent, in a few words; it would be refused by the platform as well. */
export type TooLarge = { refused: 'text-too-long' | 'card-too-large' };

/** A text, a card or a picture for one or for many. `imageKey` is that of the picture which the message carries. */
export function encode(
  message: Exclude<SealedMessage, { kind: 'file' }>,
  place: CardPlace = 'private',
  imageKey?: string,
): Encoded | TooLarge {
  if (message.kind === 'image') return { msg_type: 'image', content: { image_key: imageKey } };
  if (message.kind === 'card') {
    const content = cardOf(message.card, place, imageKey);
    return bytesOf(content) > CARD_BYTES
      ? { refused: 'card-too-large' }
      : { msg_type: 'interactive', content };
  }
  if (Buffer.byteLength(message.text) > limits.maxTextBytes) return { refused: 'text-too-long' };
  const encoded = textOf(message.text);
  const most = encoded.msg_type === 'post' ? CARD_BYTES : TEXT_REQUEST_BYTES;
  return Buffer.byteLength(JSON.stringify(JSON.stringify(encoded.content))) > most
    ? { refused: 'text-too-long' }
    : encoded;
}

/** Words with bold or links go as a post, because texts show the marks themselves. */
function textOf(text: string): Encoded {
  if (!hasStyle(text)) return { msg_type: 'text', content: { text: plainText(text) } };
  const paragraph = [{ tag: 'md', text: feishuMarkdown(text) }];
  return { msg_type: 'post', content: { zh_cn: { title: '', content: [paragraph] } } };
}

const bytesOf = (content: object): number => Buffer.byteLength(JSON.stringify(content));

/** Our key as a `uuid` of at most 50 characters. */
export const uuidOf = (key: string): string => createHash('sha256').update(key).digest('base64url');

const FILE_TYPES: Readonly<Record<string, string>> = {
  xlsx: 'xls',
  xls: 'xls',
  csv: 'xls',
  docx: 'doc',
  doc: 'doc',
  pptx: 'ppt',
  ppt: 'ppt',
  pdf: 'pdf',
};

/** What the platform calls the type of such a file; whatever it has no word for is a `stream`. */
export const fileTypeOf = (name: string): string =>
  FILE_TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'stream';
