import type { ChatEvent } from '#src/chat/event.ts';
import { Temporal } from '#src/kernel/time.ts';

export const NOW = '2026-09-18T01:10:00Z';
export const PEOPLE = 400;
const EVENTS = 500;

/** Everybody says 打卡 within the same minute, and the first hundred a second time: always the same events. */
export function burst(): ChatEvent[] {
  const at = Temporal.Instant.from(NOW);
  return Array.from({ length: EVENTS }, (_, n) => ({
    channel: 'sandbox',
    account: 'sandbox',
    key: `burst-${n}`,
    actor: `P${(n % PEOPLE) + 1}`,
    place: { kind: 'private' },
    payload: { kind: 'text', text: '打卡' },
    occurredAt: at.add({ seconds: Math.floor(n / 10) }),
    receivedAt: at.add({ seconds: Math.floor(n / 10) }),
  }));
}
