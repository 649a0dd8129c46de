import type { Temporal } from '../kernel/time.ts';

/** The channels that can carry a conversation. */
export const channels = ['sandbox', 'feishu', 'wecom', 'dingtalk'] as const;
export type Channel = (typeof channels)[number];

/** Where something was said. A group message counts only when it mentions the bot. */
export type Place = { kind: 'private' } | { kind: 'group'; chatId: string; mentioned: boolean };

export type EventPayload =
  | { kind: 'text'; text: string }
  /** A button of a card, with the inputs of the form that stood on the card. */
  | { kind: 'action'; actionId: string; inputs: Record<string, string>; cardMessageId?: string }
  | { kind: 'file'; name: string; fileId: string }
  /** Somebody opened the private chat with the bot. */
  | { kind: 'entered' }
  | { kind: 'read'; messageId: string };

/** Something a person did in chat, in words that every platform shares. */
export interface ChatEvent {
  channel: Channel;
  /** The tenant, corporation or app within the channel. */
  account: string;
  /** Identifies the event within channel and account: a redelivery carries the same key. */
  key: string;
  /** The platform's id of the person, as it came. */
  actor: string;
  place: Place;
  /** The platform's id of what the person said, where an answer can be tied to it. */
  messageId?: string;
  payload: EventPayload;
  /** When the person did it, by the platform's clock where it tells, else the time of receipt. */
  occurredAt: Temporal.Instant;
  receivedAt: Temporal.Instant;
}
