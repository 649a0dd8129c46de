import { z } from 'zod';
import type { EventPayload } from '../../chat/event.ts';
import type { messageShape } from './envelope.ts';

type Message = z.infer<typeof messageShape>['message'];

const textShape = z.object({ text: z.string() });
const fileShape = z.object({ file_key: z.string().max(500), file_name: z.string().max(500).default('file') });
const imageShape = z.object({ image_key: z.string().max(500) });
const postShape = z.object({
  title: z.string().optional(),
  content: z.array(
    z.array(z.object({ tag: z.string(), text: z.string().optional(), user_id: z.string().optional() })),
  ),
});

/** What a message says, and whether it names us. Undefined for one that was recalled before it came. */
export function payloadOf(
  message: Message,
  botOpenId: string | undefined,
): { payload: EventPayload; mentioned: boolean } | undefined {
  const content = jsonIn(message.content);
  if (content === undefined) return undefined;
  const mentions = message.mentions ?? [];
  const mentioned = mentions.some(({ id }) => botOpenId !== undefined && id.open_id === botOpenId);
  return { payload: payloadIn(message, content, botOpenId), mentioned };
}

function payloadIn(message: Message, content: unknown, botOpenId: string | undefined): EventPayload {
  const file = fileShape.safeParse(content).data;
  const image = imageShape.safeParse(content).data;
  switch (message.message_type) {
    case 'text':
      return { kind: 'text', text: named(textShape.safeParse(content).data?.text ?? '', message, botOpenId) };
    case 'post':
      return { kind: 'text', text: named(wordsOf(content), message, botOpenId) };
    case 'file':
      return { kind: 'file', name: file?.file_name ?? 'file', fileId: file?.file_key ?? '' };
    case 'image':
      return { kind: 'file', name: 'image', fileId: image?.image_key ?? '' };
    default:
      // A sticker, a voice message: something was said, without words that we could read.
      return { kind: 'text', text: '' };
  }
}

/** In the text stand keys such as `@_user_1`; ours goes, others become names. */
function named(text: string, { mentions }: Message, botOpenId: string | undefined): string {
  return (mentions ?? []).reduce(
    (words, { key, id, name }) =>
      key === '' ? words : words.replaceAll(key, id.open_id === botOpenId ? '' : `@${name}`),
    text,
  );
}

function wordsOf(content: unknown): string {
  const post = postShape.safeParse(content).data;
  const lines = (post?.content ?? []).map((line) =>
    line.map(({ tag, text, user_id }) => (tag === 'at' ? (user_id ?? '') : (text ?? ''))).join(''),
  );
  return [post?.title ?? '', ...lines].filter((line) => line !== '').join('\n');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
