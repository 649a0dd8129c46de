import type { Db } from '../kernel/db.ts';
import type { Permission } from '../kernel/permissions.ts';
import type { Temporal } from '../kernel/time.ts';
import type { OpenedAction } from './action-id.ts';
import type { ArgumentShape } from './argument.ts';
import type { Channel, ChatEvent, Place } from './event.ts';
import type { Locale } from './locale.ts';
import type { Card, Message } from './message.ts';
import type { Role } from './role.ts';

/** The person who acts, as far as a command needs to know them. */
export interface Actor {
  employeeId: string;
  number: string;
  name: string;
  /** The zone that was theirs when the event occurred. */
  zone: string;
  locale: Locale;
  level: 'beginner' | 'intermediate' | 'advanced';
  roles: readonly Role[];
  channel: Channel;
}

/** One event with its person, for a command to answer. */
export interface Turn {
  event: ChatEvent;
  actor: Actor;
  place: Place;
  at: Temporal.Instant;
  /** What followed the command's word: `2026-11` in `导出打卡 2026-11`. */
  argument: string;
  /** The opened action when a button was pressed. */
  action: OpenedAction | undefined;
  inputs: Record<string, string>;
}

/**
 * What to answer. `toast` and `card` go back inside the platform's window when a button was pressed (the card
 * replaces the one that was pressed); `messages` go through the outbox to the place where the person spoke, or,
 * with `inPrivate`, to the person alone.
 */
export interface Reply {
  toast?: string;
  card?: Card;
  messages?: Message[];
  inPrivate?: boolean;
  /** The text does not answer the open question: whoever would have answered without it does. */
  declined?: boolean;
}

/** Several turns of one command at once, answered in order. One database transaction holds them all. */
export type Answerer = (tx: Db, turns: readonly Turn[]) => Promise<Reply[]>;

export interface Command {
  /** `checkins.check-in`; also the name of the action that its buttons carry. */
  name: string;
  /** What people type. Matching is on normalised text, see `chat/words.ts`. */
  words: readonly string[];
  /**
   * Which arguments may follow the words; a text whose argument is none of these is no word of this command. `true`
   * takes anything but a question that merely begins with the same characters.
   */
  takesArgument?: boolean | ArgumentShape;
  /** The row of `kernel/permissions.ts` that says who may use it; `me.use` for everybody. */
  permission: Permission;
  /** One line for 帮助. */
  help: Record<Locale, string> | undefined;
  /** Answers a set of turns; most commands are written with `oneByOne`. */
  answer: Answerer;
}

/** Lifts a function that answers one turn to one that answers a set, one after the other. */
export function oneByOne(answer: (tx: Db, turn: Turn) => Promise<Reply>): Answerer {
  return async (tx, turns) => {
    const replies: Reply[] = [];
    for (const turn of turns) replies.push(await answer(tx, turn));
    return replies;
  };
}
