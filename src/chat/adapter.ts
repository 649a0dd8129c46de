import type { FastifyInstance } from 'fastify';
import type { Temporal } from '../kernel/time.ts';
import type { DirectorySource } from './directory-source.ts';
import type { Channel, ChatEvent } from './event.ts';
import type { Address, SealedCard, SealedMessage } from './message.ts';
import type { BusyMinutes, Quota, Way } from './quota.ts';

/** One message to one address. `key` is the same however often we try: platforms that can, send it only once. */
export interface Dispatch {
  key: string;
  to: Address;
  message: SealedMessage;
  /** The platform's id of what it answers, for a group: shown with it where the platform can. */
  replyTo?: string;
}

/** What became of one dispatch. `unknown`: the platform may have it, but its answer was lost. */
export type SendResult =
  /** `note`: it arrived, but something that was asked for beside it was refused, such as `not-rung 230024`, or is in doubt. */
  | { kind: 'delivered'; platformMessageId: string; note?: string }
  | { kind: 'accepted'; platformMessageId: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'unreachable'; reason: string }
  /** Not sent, and may be tried again: this person's own limit was met although we kept ours. */
  | { kind: 'later'; reason: string; waitMs: number }
  | { kind: 'unknown' };

/** What the channel answers to the person inside the platform's window. */
export interface InstantAnswer {
  toast?: string;
  card?: SealedCard;
}

/** Sizes that the platform takes, as data; each number with its source stands in the adapter. */
export interface ChannelLimits {
  maxTextBytes: number;
  maxCardBytes: number;
}

/** What the inbox offers to an adapter: resolves after the event and its effects are committed. */
export type Receive = (event: ChatEvent) => Promise<InstantAnswer>;

/** A delivery that the platform took, as far as it takes to ask what became of it. */
export interface SentDispatch {
  key: string;
  to: Address;
  /** Undefined when the answer to the call was lost. One id may stand for everybody in the call. */
  platformMessageId: string | undefined;
  way: string;
  sentAt: Temporal.Instant;
}

/**
 * What the platform tells afterwards. `pending`: ask again later. `missing`: it answered for the whole call and this
 * person was not among those reached: a silent drop. `untold`: it will never say.
 */
export type Confirmation =
  | { kind: 'delivered' | 'read'; platformMessageId?: string; at?: Temporal.Instant }
  | { kind: 'refused' | 'unreachable'; reason: string }
  | { kind: 'missing'; reason: string }
  | { kind: 'pending' }
  | { kind: 'untold' };

/** The result, read and query APIs of a platform, behind one question. */
export interface Confirming {
  /** When to ask for the first time, after the send, and again while the answer is `pending`. */
  afterMs: number;
  everyMs: number;
  /** After this much the platform does not tell any more; what is still `accepted` then ends as `unconfirmed`. */
  withinMs: number;
  /** How many dispatches one `ask` may name; all of one way. */
  batchSize: number;
  /** Whether `ask` can also find what was sent when the answer was lost: then `unknown` can be resolved by it. */
  findsLost: boolean;
  /** One confirmation per dispatch, in order. Rejects with PlatformError; then it is asked again later. */
  ask(sent: readonly SentDispatch[]): Promise<Confirmation[]>;
}

/** Something of a message that a channel shows otherwise than it was written, for whoever writes it. */
export interface Shortcoming {
  /**
   * `refused`: the platform does not take it. `cut`: only its first bytes are shown. `in-words`: its buttons become
   * words to type. `button-lost`, `input-lost`: this one does not work there. `image-linked`: its picture is a link. `not-rung`: nobody's
   * telephone rings although it was asked for.
   */
  kind: 'refused' | 'cut' | 'in-words' | 'button-lost' | 'input-lost' | 'image-linked' | 'not-rung';
  /** The reason, the number of bytes, or the label; empty for `in-words`. */
  what: string;
}

/** A month of a platform that counts by the month: what of it is used, and who and what is to come. */
export interface MonthSoFar {
  /** Who has an account there. */
  people: number;
  /** The days to come in this month on which a tip goes out. */
  workdays: readonly Temporal.PlainDate[];
  callsUsed: number;
  /** What people have said and pressed. */
  messagesUsed: number;
}

/** One contract for the sandbox and for the three platforms. */
export interface ChannelAdapter {
  channel: Channel;
  account: string;
  limits: ChannelLimits;
  /** The endpoints that send, the cheapest per person first: the planner takes the first that fits. */
  ways: readonly Way[];
  /** What the platform allows. The sender keeps within it; an adapter need not wait or count. */
  quotas: readonly Quota[];
  /** When not to start what nobody waits for. */
  avoid?: BusyMinutes;
  /** Takes events from the platform from now on: registers routes or opens a connection. */
  listen?(routes: FastifyInstance, receive: Receive): Promise<void>;
  /**
   * Sends in one platform call of this way; at most its `batchSize` dispatches, which all carry the same message
   * where the way says so. Answers one result per dispatch, in order. Rejects with PlatformError when the call as a
   * whole failed; `unanswered` on it says that some may have arrived.
   */
  send(dispatches: readonly Dispatch[], way: string): Promise<SendResult[]>;
  /** Absent where the platform tells nothing afterwards: `accepted` then ends as `unconfirmed`. */
  confirming?: Confirming;
  /** The people and departments of the account, where the platform tells them. */
  directory?: DirectorySource;
  /** What a message would not show as it was written. Absent where everything that a message can say is shown. */
  preview?(message: SealedMessage, to: Address): Shortcoming[];
  /**
   * On which day daily tips with check-in will have used up each quota of the month, by its name in `quotas`; undefined
   * when the month holds. Absent where nothing is counted by the month.
   */
  monthAhead?(soFar: MonthSoFar): { quota: string; runsOutOn: Temporal.PlainDate | undefined }[];
  /** Replaces a card that was sent. */
  update(platformMessageId: string, card: SealedCard): Promise<void>;
  recall(platformMessageId: string): Promise<'recalled' | 'too-late'>;
  /** `undefined` when ready, else the reason in a few words. */
  readiness(): Promise<string | undefined>;
  close(): Promise<void>;
}
