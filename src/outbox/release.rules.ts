import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Address, Message } from '../chat/message.ts';
import type { BusyMinutes, Way } from '../chat/quota.ts';
import { Temporal } from '../kernel/time.ts';
import { plainMessage } from './sealing.ts';

/** A message with people who wait for it, in calls. */
export interface Want {
  messageId: string;
  importance: number;
  calls: number;
}

/**
 * Shares out `capacity` calls: the more important first; among equals everybody gets the same, and what one does not
 * need goes to the others, so that a notice to twenty does not stand behind one to a hundred thousand. The same input
 * gives the same answer.
 */
export function shareOut(capacity: number, wants: readonly Want[]): Map<string, number> {
  const grants = new Map<string, number>();
  let rest = capacity;
  for (const importance of [...new Set(wants.map((want) => want.importance))].sort((a, b) => b - a)) {
    let open = wants.filter((want) => want.importance === importance && want.calls > 0);
    while (rest > 0 && open.length > 0) {
      const share = Math.max(1, Math.floor(rest / open.length));
      for (const want of open) {
        const had = grants.get(want.messageId) ?? 0;
        const grant = Math.min(share, want.calls - had, rest);
        grants.set(want.messageId, had + grant);
        rest -= grant;
      }
      open = open.filter((want) => (grants.get(want.messageId) ?? 0) < want.calls);
    }
  }
  return grants;
}

/**
 * How many recipients of this message fit into one call of this way. One, when its buttons are bound to people, unless
 * calls carry different contents, or the way turns buttons into words and each of them has one.
 */
export function perCall(way: Way, content: Message): number {
  if (way.ownContents === true || content.kind !== 'card') return way.batchSize;
  const bound = (content.card.buttons ?? []).filter(({ action }) => action.anybody !== true);
  const alike =
    bound.length === 0 || (way.saysWords === true && bound.every(({ word }) => word !== undefined));
  return alike ? way.batchSize : 1;
}

/**
 * The way that needs the fewest calls among those that take the message. Where that makes no difference, and for
 * whatever goes to one recipient alone, such as an answer, the one whose messages can be touched afterwards; of equals
 * the first in the adapter's order. What rings goes by a way that rings, where the channel has one; nothing else does.
 */
export function wayFor(
  ways: readonly Way[],
  content: Message,
  kind: 'person' | 'group',
  recipients: number,
  rings = false,
): Way | undefined {
  const message = plainMessage(content);
  const address: Address = kind === 'person' ? { kind, platformId: '' } : { kind, chatId: '' };
  const calls = (way: Way) => Math.ceil(recipients / perCall(way, content));
  const taking = ways.filter((way) => way.takes(message, address));
  const ringing = rings ? taking.filter((way) => way.rings === true) : [];
  return (ringing.length > 0 ? ringing : taking.filter((way) => way.rings !== true)).reduce<Way | undefined>(
    (best, way) => {
      if (best === undefined || calls(way) < calls(best)) return way;
      const touchable = way.serves === 'single' && best.serves !== 'single';
      return calls(way) === calls(best) && touchable ? way : best;
    },
    undefined,
  );
}

/** Spreads what waited for a rush to be over: seconds that only the message decides. */
const MOST_JITTER_SECONDS = 45;

/** Until when this message waits for a rush to pass; undefined outside of one. */
export function rushEnds(
  avoid: BusyMinutes | undefined,
  messageId: string,
  now: Temporal.Instant,
): Temporal.Instant | undefined {
  if (avoid === undefined) return undefined;
  const jitter = Number.parseInt(messageId.slice(-6), 16) % MOST_JITTER_SECONDS;
  const hour = now.toZonedDateTimeISO('UTC').round({ smallestUnit: 'hour', roundingMode: 'floor' });
  for (const minute of avoid.minutes) {
    // Minutes of an hour are the same in all zones but those that are off by a quarter, where no platform stands.
    const begins = hour.add({ minutes: minute }).toInstant();
    const ends = begins.add({ seconds: avoid.seconds + jitter });
    if (Temporal.Instant.compare(begins, now) <= 0 && Temporal.Instant.compare(now, ends) < 0) return ends;
  }
  return undefined;
}

export type AdapterOf = (channel: string, account: string) => ChannelAdapter | undefined;
