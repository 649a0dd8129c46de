import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { card, text } from '#src/chat/message.ts';
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
  const words = text('你好');
  const cardWith = (...buttons: { word?: string; anybody?: boolean }[]) =>
    card({
      title: 't',
      body: 'b',
      buttons: buttons.map(({ word, anybody }) => ({
        label: '打卡',
        action: { name: 'x', ...(anybody === undefined ? {} : { anybody }) },
        ...(word === undefined ? {} : { word }),
      })),
    });

  it('is the one that needs the fewest calls', () => {
    expect(wayFor([single, bulk], words, 'person', 1_000)?.name).toBe('bulk');
    expect(wayFor([single, bulk], cardWith({ anybody: true }), 'person', 1_000)?.name).toBe('bulk');
  });

  it('is one whose messages can be touched afterwards, where that costs no call', () => {
    expect(wayFor([bulk, single], cardWith({}), 'person', 1_000)?.name).toBe('single');
    expect(wayFor([bulk, single], words, 'person', 1)?.name).toBe('single');
  });

  it('is none when the channel takes no such message', () => {
    const textOnly = way('text', 10, { takes: ({ kind }) => kind === 'text' });
    expect(wayFor([textOnly], cardWith(), 'person', 5)).toBeUndefined();
  });

  it('goes by a way that rings when it is to ring, and by no such way otherwise', () => {
    const ringing = { ...single, name: 'ringing', rings: true as const };
    expect(wayFor([ringing, bulk, single], words, 'person', 1_000, true)?.name).toBe('ringing');
    expect(wayFor([ringing, bulk, single], words, 'person', 1_000)?.name).toBe('bulk');
    expect(wayFor([ringing, single], words, 'person', 1)?.name).toBe('single');
    // Where nothing rings it still arrives.
    expect(wayFor([bulk, single], words, 'person', 1_000, true)?.name).toBe('bulk');
  });

  it('carries one person a call when buttons are bound to people, unless calls carry different contents', () => {
    expect([perCall(bulk, cardWith({})), perCall(bulk, words)]).toEqual([1, 200]);
    expect(perCall({ ...bulk, ownContents: true }, cardWith({}))).toBe(200);
  });

  it('carries many where every button becomes a word, but not when one has none', () => {
    const links = { ...bulk, saysWords: true as const };
    expect(perCall(links, cardWith({ word: '打卡' }, { anybody: true }))).toBe(200);
    expect(perCall(links, cardWith({ word: '打卡' }, {}))).toBe(1);
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
