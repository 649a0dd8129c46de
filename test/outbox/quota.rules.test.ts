import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Quota } from '#src/chat/quota.ts';
import { manualClock } from '#src/kernel/time.ts';
import { momentFor, roomAt, spanOf, spanUse } from '#src/outbox/quota.rules.ts';
import { exactCounter } from '#src/simulators/loopback/index.ts';

const clock = manualClock('2026-11-24T01:00:00Z');

const sliding = (most: number, seconds: number, counts: Quota['counts'] = 'calls'): Quota => ({
  name: `${most} in ${seconds} s`,
  ways: ['send'],
  counts,
  per: 'account',
  most,
  window: { seconds },
  beyond: 'refused',
  source: 'test',
});

/**
 * Sends as fast as the rules allow through several quotas. The platform sees each call at some moment between its
 * sending and its answer, the latest of which is all that we know; `luck` gives both delays in milliseconds.
 */
function play(quotas: readonly Quota[], calls: number, luck: () => { onTheWay: number; answer: number }) {
  const counter = exactCounter(quotas);
  const used = new Map(quotas.map((quota) => [quota, new Map<string, number>()]));
  const arrivals: number[] = [];
  const pending: { arrivesAt: number }[] = [];
  let now = 1_000_000;
  let broken = 0;
  for (let sent = 0; sent < calls; ) {
    const moments = quotas.map((quota) =>
      momentFor(
        1,
        quota.most,
        [...(used.get(quota) ?? [])].map(([span, amount]) => spanUse(quota, span, amount)),
        now,
      ),
    );
    const next = Math.max(...moments.map((moment) => moment ?? Number.POSITIVE_INFINITY));
    if (next > now) {
      now = next;
      continue;
    }
    const { onTheWay, answer } = luck();
    pending.push({ arrivesAt: now + onTheWay });
    for (const quota of quotas) {
      const span = spanOf(quota, now + onTheWay + answer, clock);
      const spans = used.get(quota) as Map<string, number>;
      spans.set(span, (spans.get(span) ?? 0) + 1);
    }
    sent += 1;
  }
  for (const { arrivesAt } of pending.sort((a, b) => a.arrivesAt - b.arrivesAt)) {
    arrivals.push(arrivesAt);
    if (counter.take('send', ['p'], '', arrivesAt) !== undefined) broken += 1;
  }
  return { broken, seconds: ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1000 };
}

describe('a quota with a sliding window', () => {
  const quotas = fc
    .array(fc.record({ most: fc.integer({ min: 1, max: 60 }), seconds: fc.constantFrom(1, 3, 10, 60) }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((all) => [
      ...new Map(all.map(({ most, seconds }) => [`${most} ${seconds}`, sliding(most, seconds)])).values(),
    ]);

  it('is never broken in any window, however long calls are on their way', () => {
    fc.assert(
      fc.property(
        quotas,
        fc.integer({ min: 1, max: 150 }),
        fc.infiniteStream(
          fc.record({ onTheWay: fc.integer({ min: 0, max: 900 }), answer: fc.integer({ min: 0, max: 900 }) }),
        ),
        (all, calls, delays) => {
          expect(play(all, calls, () => delays.next().value).broken).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is used to 95 % and more when answers come quickly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 60 }), fc.constantFrom(1, 3, 10, 60), (most, seconds) => {
        const windows = 8;
        const { seconds: took } = play([sliding(most, seconds)], most * windows + 1, () => ({
          onTheWay: 2,
          answer: 2,
        }));
        expect(took).toBeLessThanOrEqual((windows * seconds) / 0.95);
      }),
    );
  });

  it('says when there is room, and not a span too early', () => {
    const quota = sliding(2, 1);
    const uses = [spanUse(quota, spanOf(quota, 10_000, clock), 2)];
    const moment = momentFor(1, 2, uses, 10_100) ?? 0;
    expect(moment).toBeGreaterThanOrEqual(11_000);
    expect(roomAt(2, uses, moment)).toBe(2);
    expect(roomAt(2, uses, moment - 1)).toBe(0);
  });

  it('never has room for a call that is larger than itself', () => {
    expect(momentFor(11, 10, [], 0)).toBeUndefined();
  });
});

describe('a quota of a calendar span', () => {
  const month: Quota = { ...sliding(5_000, 1), window: { calendar: 'month', zone: 'Asia/Shanghai' } };

  it('begins anew at midnight of its own zone', () => {
    expect(spanOf(month, 0, manualClock('2026-11-30T15:59:59Z'))).toBe('2026-11');
    expect(spanOf(month, 0, manualClock('2026-11-30T16:00:00Z'))).toBe('2026-12');
  });

  it('has no moment before its end once it is used up', () => {
    expect(momentFor(1, 5_000, [spanUse(month, '2026-11', 5_000)], 0)).toBeUndefined();
    expect(momentFor(1, 5_000, [spanUse(month, '2026-11', 4_999)], 0)).toBe(0);
  });
});
