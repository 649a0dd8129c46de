import type { Address, SealedMessage } from './message.ts';

/**
 * One endpoint of a platform that sends. The adapter lists its ways as data; the planner packs recipients into the
 * fewest calls by it.
 */
export interface Way {
  /** The platform's own name of the endpoint: `message/send`, `im/v1/messages`. */
  name: string;
  /** How many recipients one call takes; all of them get the same message unless `ownContents` says otherwise. */
  batchSize: number;
  /** One call may carry a different message for each recipient. No platform can; the sandbox does. */
  ownContents?: true;
  /** Whether a repeat with the same keys reaches each person only once: within a day, or `repeatsForMs` where given. */
  repeatsSafely: boolean;
  /** How long the platform knows a key, where that is less than a day. */
  repeatsForMs?: number;
  /**
   * Buttons bound to a person become words that anybody may say: such a card reads the same for everybody and goes to
   * many in one call, as long as each of its buttons has a word.
   */
  saysWords?: true;
  /**
   * `single`: what it sent can be replaced or read-tracked for each person. `bulk`: it is cheap, and the message
   * cannot be touched afterwards, or only as a whole.
   */
  serves: 'single' | 'bulk';
  /** Also calls the person's attention, as 加急 does: only for messages that ask for it, and those go no other way. */
  rings?: true;
  /** Whether this message to such an address can go this way. A card with buttons may need another way than a text. */
  takes(message: SealedMessage, to: Address): boolean;
}

/** A span in which a platform counts. A calendar span begins anew at midnight, or on the first, in `zone`. */
export type QuotaWindow = { seconds: number } | { calendar: 'day' | 'month'; zone: string };

/** One documented limit of a platform. */
export interface Quota {
  /** Names it in forecasts, metrics and refusals: `message/send a minute`. Unique within the channel. */
  name: string;
  /** The ways that use it up. */
  ways: readonly string[];
  /**
   * What it counts: calls; recipients of calls; or how often the same content goes to one person (with
   * `per: 'person'`, such as DingTalk's once a day for work notices).
   */
  counts: 'calls' | 'recipients' | 'same-content';
  /** Whose limit it is: the app's, or that of each person or group who receives. */
  per: 'account' | 'person' | 'group';
  most: number;
  window: QuotaWindow;
  /** What the platform does beyond it. `dropped` is the dangerous one: it answers success and delivers nothing. */
  beyond: 'refused' | 'dropped';
  /** Page and day on which the number was read. */
  source: string;
}

/** Moments that a platform asks to avoid for what we start ourselves: minutes of the hour, such as 0 and 30. */
export interface BusyMinutes {
  minutes: readonly number[];
  /** How many seconds after such a minute has begun the rush lasts. */
  seconds: number;
  source: string;
}
