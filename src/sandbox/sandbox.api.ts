import { z } from 'zod';
import type { SealedCard } from '../chat/message.ts';

/** The shapes of `/sandbox/api`, for the server that answers them and the page that asks. */

/** A platform id: anything short without control characters. */
const platformId = z.string().regex(/^[^\p{C}\s]{1,64}$/u);
/** `private:<platform id>` or the id of a group. */
const chatId = z.string().regex(/^[^\p{C}\s]{1,80}$/u);
/** A message id or an event key. */
const id = z.uuid();

/** What people write; PostgreSQL's JSON takes neither NUL nor half a character, so those become the usual stand-in. */
const words = z.string().transform((text) => text.replace(/[\0\p{Cs}]/gu, '\ufffd'));

export const asQuery = z.object({ as: platformId });
export const peopleQuery = z.object({ search: z.string().max(64).default('') });
export const chatParams = z.object({ chatId });
export const messageParams = z.object({ messageId: id });

/** `name` is for the browser, which must not show an old picture when a card shows a new one. */
export const pictureQuery = asQuery.extend({ name: z.string().max(500).optional() });

/** `before` turns one page back; without it the newest page answers. */
export const messagesQuery = asQuery.extend({ before: id.optional() });

export const personSchema = z.object({
  platformId: z.string(),
  name: z.string(),
  position: z.string(),
  department: z.string(),
  roles: z.array(z.string()),
});
export type Person = z.infer<typeof personSchema>;

export const peopleAnswer = z.object({ items: z.array(personSchema), total: z.number() });
export type PeopleAnswer = z.infer<typeof peopleAnswer>;

/** What a message shows. A recalled one has no content; a file's place on the server stays there. */
const contentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('card'), card: z.custom<SealedCard>((value) => typeof value === 'object') }),
  z.object({ kind: z.literal('file'), name: z.string(), mime: z.string(), bytes: z.number() }),
  /** `name` tells one picture from another; its bytes are at `pictures/<message id>`. */
  z.object({ kind: z.literal('image'), name: z.string(), alt: z.string() }),
  z.object({ kind: z.literal('recalled') }),
]);
export type Content = z.infer<typeof contentSchema>;

export const messageSchema = z.object({
  id: z.string(),
  /** `bot`, or a person's platform id. */
  sender: z.string(),
  senderName: z.string(),
  content: contentSchema,
  sentAt: z.string(),
  /** Whether the asking person has seen it; true for their own. */
  read: z.boolean(),
  /** The key of the deed that wrote it, on the asking person's own messages. */
  key: z.string().optional(),
});
export type ShownMessage = z.infer<typeof messageSchema>;

export const messagesAnswer = z.object({
  /** Oldest first. */
  items: z.array(messageSchema),
  /** Give it as `before` for the page before this one; null at the beginning of the chat. */
  before: z.string().nullable(),
});
export type MessagesAnswer = z.infer<typeof messagesAnswer>;

export const chatSchema = z.object({
  id: z.string(),
  kind: z.enum(['private', 'group']),
  name: z.string(),
  members: z.number(),
  last: messageSchema.nullable(),
  unread: z.number(),
});
export type Chat = z.infer<typeof chatSchema>;

export const chatsAnswer = z.object({ me: personSchema, chats: z.array(chatSchema) });
export type ChatsAnswer = z.infer<typeof chatsAnswer>;

/** `zone` is given when the server wants times shown in it; otherwise the browser's own counts. */
export const clockAnswer = z.object({ now: z.string(), manual: z.boolean(), zone: z.string().optional() });
export type ClockAnswer = z.infer<typeof clockAnswer>;

/** Something a person does in the sandbox. A repeat with the same `key` is the same event. */
export const deedSchema = z.object({
  as: platformId,
  chatId,
  key: id,
  payload: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('text'),
      text: z.string().regex(/\S/).pipe(words),
      /** In a group: whether the bot is addressed. `@促活` in the text says it as well. */
      mention: z.boolean().optional(),
    }),
    z.object({
      kind: z.literal('action'),
      actionId: z.string().min(1).max(1024),
      inputs: z.record(z.string().regex(/^\P{C}{1,32}$/u), z.string().max(1000).pipe(words)).default({}),
      messageId: id,
    }),
    z.object({
      kind: z.literal('file'),
      name: z.string().min(1).max(200).pipe(words),
      mime: z.string().max(120).default(''),
      base64: z.base64(),
    }),
    z.object({ kind: z.literal('entered') }),
    z.object({ kind: z.literal('read'), messageId: id }),
  ]),
});
export type Deed = z.output<typeof deedSchema>;
/** What the page posts. */
export type DeedRequest = z.input<typeof deedSchema>;

export const deedAnswer = z.object({
  toast: z.string().optional(),
  /** Stands now where the pressed card stood. */
  card: z.custom<SealedCard>((value) => typeof value === 'object').optional(),
});
export type DeedAnswer = z.infer<typeof deedAnswer>;

/** RFC 9457. `detail` is a sentence in the language that the page asked for. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
}
