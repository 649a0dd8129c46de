import { z } from 'zod';

/** A button's meaning before it is sealed for one person: a command's action and its data. */
export const actionSchema = z.object({
  name: z.string().max(64),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /**
   * The button says nothing that depends on who presses it, so everybody's card may be one and the same and travel in
   * one call. Never for what counts as evidence of one person.
   */
  anybody: z.boolean().optional(),
});
export type Action = z.infer<typeof actionSchema>;

const buttonSchema = z.object({
  label: z.string().max(32),
  tone: z.enum(['primary', 'plain', 'quiet', 'danger']).default('plain'),
  /** What pressing it does; the sender seals it for the person who receives the card. */
  action: actionSchema,
  /** The word that does the same when typed, for places where buttons do not work. */
  word: z.string().max(32).optional(),
});

const inputSchema = z.object({
  name: z.string().max(32),
  label: z.string().max(64),
  kind: z.enum(['text', 'choice']),
  placeholder: z.string().max(64).optional(),
  maxLength: z.number().int().positive().max(1000).optional(),
  options: z
    .array(z.object({ value: z.string().max(32), label: z.string().max(120) }))
    .max(10)
    .optional(),
});

/**
 * A picture of ours: a PNG or JPEG of at most 2 MB under the folder that senders read from (`chat/pictures.ts`). Each
 * adapter gives it to its platform once; see `chat/picture-keys.ts`.
 */
const pictureSchema = z.object({
  path: z.string().min(1).max(500),
  /** What it shows, for whoever cannot see it. */
  alt: z.string().max(200),
});
export type Picture = z.infer<typeof pictureSchema>;

/** A card in neutral words; each channel has a renderer for it. */
export const cardSchema = z.object({
  title: z.string().max(120),
  tone: z.enum(['plain', 'good', 'notice', 'warm']).default('plain'),
  /** Markdown: bold, italics, lists, links, code. No HTML. */
  body: z.string().max(4000),
  facts: z
    .array(z.object({ label: z.string().max(40), value: z.string().max(200) }))
    .max(20)
    .optional(),
  /** Stands below the body. */
  image: pictureSchema.optional(),
  /** A share between 0 and 1, with the words that stand beside the bar. */
  progress: z.object({ value: z.number().min(0).max(1), label: z.string().max(80) }).optional(),
  inputs: z.array(inputSchema).max(5).optional(),
  buttons: z.array(buttonSchema).max(6).optional(),
  footer: z.string().max(200).optional(),
});
/** What features write; defaults may be left out. */
export type Card = z.input<typeof cardSchema>;

export const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().max(4000) }),
  z.object({ kind: z.literal('card'), card: cardSchema }),
  /** A picture alone. */
  pictureSchema.extend({ kind: z.literal('image') }),
  z.object({
    kind: z.literal('file'),
    name: z.string().max(200),
    mime: z.string().max(120),
    /** A file under the data directory that the sender reads when it sends. */
    path: z.string().max(500),
    bytes: z.number().int().nonnegative(),
  }),
]);
export type Message = z.input<typeof messageSchema>;

export const text = (words: string): Message => ({ kind: 'text', text: words });
export const card = (content: Card): Message => ({ kind: 'card', card: content });

/** A card whose buttons carry ids that only we can read, bound to one person: what a channel renders. */
export type SealedCard = Omit<z.output<typeof cardSchema>, 'buttons'> & {
  buttons: {
    label: string;
    tone: 'primary' | 'plain' | 'quiet' | 'danger';
    actionId: string;
    word?: string | undefined;
  }[];
};

export type SealedMessage =
  | { kind: 'text'; text: string }
  | { kind: 'card'; card: SealedCard }
  | ({ kind: 'image' } & Picture)
  | { kind: 'file'; name: string; mime: string; path: string; bytes: number };

/** Where a message goes: a person's private chat or a group. */
export type Address = { kind: 'person'; platformId: string } | { kind: 'group'; chatId: string };
