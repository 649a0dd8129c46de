import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Way } from '#src/chat/quota.ts';
import { Temporal } from '#src/kernel/time.ts';
import { perCall, rushEnds, shareOut, type Want, wayFor } from '#src/outbox/release.rules.ts';

const wants = fc
  .array(fc.record({ importance: fc.integer({ min: 1, max: 3 }), calls: fc.integer({ min: 0, max: 400 }) }), {
    maxLength: 12,
  })
  .map((all): Want[] => all.map((want, n) => ({ ...want, messageId: `m${n}` })));
const capacities = fc.integer({ min: 0, max: 600 });

describe('the calls of a round', () => {
  it('are all handed out, and to nobody more than is wanted', () => {
    fc.assert(
      fc.property(capacities, wants, (capacity, all) => {
        const grants = shareOut(capacity, all);
        const granted = [...grants.values()].reduce((sum, calls) => sum + calls, 0);
        const wanted = all.reduce((sum, { calls }) => sum + calls, 0);
        expect(granted).toBe(Math.min(capacity, wanted));
        for (const { messageId, calls } of all) expect(grants.get(messageId) ?? 0).toBeLessThanOrEqual(calls);
      }),
    );
  });

  it('are shared evenly among equals: who got less wanted no more', () => {
    fc.assert(
      fc.property(capacities, wants, (capacity, all) => {
        const grants = shareOut(capacity, all);
        for (const a of all) {
          for (const b of all) {
            const [had, has] = [grants.get(a.messageId) ?? 0, grants.get(b.messageId) ?? 0];
            if (a.importance !== b.importance || had === a.calls) continue;
            expect(has).toBeLessThanOrEqual(had + 1);
          }
        }
      }),
    );
  });

  it('go to the more important first', () => {
    fc.assert(
      fc.property(capacities, wants, (capacity, all) => {
        const grants = shareOut(capacity, all);
        for (const a of all) {
          const satisfied = (grants.get(a.messageId) ?? 0) === a.calls;
          const lower = all.filter(({ importance }) => importance < a.importance);
          if (!satisfied)
            expect(lower.every(({ messageId }) => (grants.get(messageId) ?? 0) === 0)).toBe(true);
        }
      }),
    );
  });

  it('are the same for the same question', () => {
    fc.assert(
      fc.property(capacities, wants, (capacity, all) => {
        expect([...shareOut(capacity, all)]).toEqual([...shareOut(capacity, all)]);
      }),
    );
  });

  it('let a notice to twenty pass one to a hundred thousand', () => {
    const grants = shareOut(50, [
      { messageId: 'large', importance: 5, calls: 100_000 },
      { messageId: 'small', importance: 5, calls: 20 },
    ]);
    expect([grants.get('large'), grants.get('small')]).toEqual([30, 20]);
  });
});

describe('the way of a message', () => {
  const way = (name: string, batchSize: number, more: Partial<Way> = {}): Way => ({
    name,
    batchSize,
    repeatsSafely: true,
    serves: 'bulk',
    takes: () => true,
    ...more,
  });
  const single = way('single', 1, { serves: 'single' });
  const bulk = way('bulk', 200);
  const words = { kind: 'text' as const, text: '你好' };
  const card = (buttons: number) => ({
    kind: 'card' as const,
    card: {
      title: 't',
      tone: 'plain' as const,
      body: 'b',
      buttons: Array.from({ length: buttons }, () => ({
        label: '打卡',
        tone: 'plain' as const,
        actionId: 'x',
      })),
    },
  });

  it('is the one that needs the fewest calls', () => {
    expect(wayFor([single, bulk], words, { kind: 'person' }, false)?.name).toBe('bulk');
  });

  it('is one whose cards can be changed afterwards, when there are buttons', () => {
    expect(wayFor([bulk, single], card(1), { kind: 'person' }, true)?.name).toBe('single');
    expect(wayFor([single, bulk], card(0), { kind: 'person' }, false)?.name).toBe('bulk');
  });

  it('is none when the channel takes no such message', () => {
    expect(
      wayFor([way('text', 10, { takes: ({ kind }) => kind === 'text' })], card(1), { kind: 'person' }, true),
    ).toBeUndefined();
  });

  it('carries one person a call when buttons are bound to people, unless calls carry different contents', () => {
    expect([
      perCall(bulk, true),
      perCall(bulk, false),
      perCall({ ...bulk, ownContents: true }, true),
    ]).toEqual([1, 200, 200]);
  });
});

describe('a rush hour of the platform', () => {
  const avoid = { minutes: [0, 30], seconds: 60, source: 'test' };
  const at = (time: string) => Temporal.Instant.from(`2026-11-24T${time}Z`);

  it('is waited out, each message a little differently', () => {
    const ends = rushEnds(avoid, '00000000-0000-0000-0000-000000000007', at('01:30:20'));
    expect(ends?.toString()).toBe('2026-11-24T01:31:07Z');
    expect(rushEnds(avoid, '00000000-0000-0000-0000-000000000009', at('01:30:20'))?.toString()).toBe(
      '2026-11-24T01:31:09Z',
    );
  });

  it('is over after that', () => {
    expect(rushEnds(avoid, '00000000-0000-0000-0000-000000000007', at('01:31:07'))).toBeUndefined();
    expect(rushEnds(avoid, '00000000-0000-0000-0000-000000000007', at('01:29:59'))).toBeUndefined();
    expect(rushEnds(undefined, '0', at('01:30:00'))).toBeUndefined();
  });
});
