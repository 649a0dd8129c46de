import type { ChannelAdapter } from '../chat/adapter.ts';
import type { SealedMessage } from '../chat/message.ts';
import type { BusyMinutes, Way } from '../chat/quota.ts';
import { Temporal } from '../kernel/time.ts';

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

/** How many recipients of this message fit into one call of this way. */
export function perCall(way: Way, personal: boolean): number {
  return personal && way.ownContents !== true ? 1 : way.batchSize;
}

/**
 * The way that needs the fewest calls among those that take the message; of equals the first in the adapter's order.
 * What can be touched afterwards goes before what cannot, when the message asks for it (a card with buttons).
 */
export function wayFor(
  ways: readonly Way[],
  message: SealedMessage,
  to: { kind: 'person' | 'group' },
  personal: boolean,
): Way | undefined {
  const address =
    to.kind === 'person'
      ? ({ kind: 'person', platformId: '' } as const)
      : ({ kind: 'group', chatId: '' } as const);
  const taking = ways.filter((way) => way.takes(message, address));
  const touchable = taking.filter(({ serves }) => serves === 'single');
  const fitting = hasButtons(message) && touchable.length > 0 ? touchable : taking;
  return fitting.reduce<Way | undefined>(
    (best, way) => (best === undefined || perCall(way, personal) > perCall(best, personal) ? way : best),
    undefined,
  );
}

function hasButtons(message: SealedMessage): boolean {
  return message.kind === 'card' && message.card.buttons.length > 0;
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
