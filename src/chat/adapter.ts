import type { FastifyInstance } from 'fastify';
import type { Channel, ChatEvent } from './event.ts';
import type { SealedCard, SealedMessage } from './message.ts';

/** Where a message goes: a person's private chat or a group. */
export type Address = { kind: 'person'; platformId: string } | { kind: 'group'; chatId: string };

/** One message to one address. `key` is the same however often we try: platforms that can, send it only once. */
export interface Dispatch {
  key: string;
  to: Address;
  message: SealedMessage;
}

/** What became of one dispatch. `unknown`: the platform may have it, but its answer was lost. */
export type SendResult =
  | { kind: 'delivered'; platformMessageId: string }
  | { kind: 'accepted'; platformMessageId: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'unreachable'; reason: string }
  | { kind: 'unknown' };

/** What the channel answers to the person inside the platform's window. */
export interface InstantAnswer {
  toast?: string;
  card?: SealedCard;
}

/** The platform's law, as data; each number with its source stands in the adapter. */
export interface ChannelLimits {
  /** How many dispatches one `send` may carry. */
  batchSize: number;
  callsPerSecond: number;
  maxTextBytes: number;
  maxCardBytes: number;
}

/** What the inbox offers to an adapter: resolves after the event and its effects are committed. */
export type Receive = (event: ChatEvent) => Promise<InstantAnswer>;

/** One contract for the sandbox and for the three platforms. */
export interface ChannelAdapter {
  channel: Channel;
  account: string;
  limits: ChannelLimits;
  /** Takes events from the platform from now on: registers routes or opens a connection. */
  listen?(routes: FastifyInstance, receive: Receive): Promise<void>;
  /**
   * Sends; answers one result per dispatch, in order. Rejects with PlatformError when the call as a whole failed;
   * `unanswered` on it says that some may have arrived.
   */
  send(dispatches: readonly Dispatch[]): Promise<SendResult[]>;
  /** Whether a repeat with the same key within a day reaches the person only once. */
  repeatsSafely: boolean;
  /** Replaces a card that was sent. */
  update(platformMessageId: string, card: SealedCard): Promise<void>;
  recall(platformMessageId: string): Promise<'recalled' | 'too-late'>;
  /** `undefined` when ready, else the reason in a few words. */
  readiness(): Promise<string | undefined>;
  close(): Promise<void>;
}
