import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseTip, type TipFacts, type Track, trackKey, type Votes } from '#src/features/tips/tips.rules.ts';
import type { Temporal } from '#src/kernel/time.ts';
import { day, daysFrom } from '../../support/calendar.ts';

const tip = (id: string, more: Partial<TipFacts> = {}): TipFacts => ({
  id,
  key: id,
  level: 'beginner',
  area: 'spreadsheets',
  tags: [],
  departments: [],
  validUntil: null,
  position: 0,
  ...more,
});

const levels = fc.constantFrom('beginner' as const, 'intermediate' as const, 'advanced' as const);
const departments = fc.constantFrom('FIN', 'HR', 'RD');
const libraries = fc
  .array(
    fc.record({
      level: levels,
      area: fc.constantFrom('spreadsheets', 'pdf'),
      tags: fc.subarray(['a', 'b']),
      departments: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.subarray(['FIN', 'HR']) },
      ),
      validUntil: fc.oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.nat({ max: 25 }).map((days) => day('2026-01-01').add({ days })) },
      ),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((facts) => facts.map((one, position) => tip(`tip-${position}`, { ...one, position })));
const tracks: fc.Arbitrary<Track> = fc.oneof(
  levels.map((level) => ({ level })),
  fc.record({ level: levels, department: departments }),
);

/** What a track gets day by day, each day knowing the ones before. */
function season(
  library: readonly TipFacts[],
  track: Track,
  options: {
    days: number;
    noRepeatDays: number;
    order?: readonly string[];
    votes?: ReadonlyMap<string, Votes>;
  },
): (TipFacts | undefined)[] {
  const lastShown = new Map<string, Temporal.PlainDate>();
  return daysFrom('2026-01-01', options.days).map((one) => {
    const chosen = chooseTip({
      library,
      order: options.order ?? [],
      day: one,
      track,
      lastShown,
      noRepeatDays: options.noRepeatDays,
      votes: options.votes ?? new Map(),
    });
    if (chosen !== undefined) lastShown.set(chosen.id, one);
    return chosen;
  });
}

const meant = (one: TipFacts, track: Track): boolean =>
  one.departments.length === 0 ||
  (track.department !== undefined && one.departments.includes(track.department));
const holds = (one: TipFacts, on: Temporal.PlainDate): boolean =>
  one.validUntil === null || one.validUntil.toString() >= on.toString();

describe('the tip of the day', () => {
  it('is not repeated within the days that the campaign asks for while there are enough tips', () => {
    fc.assert(
      fc.property(libraries, tracks, fc.integer({ min: 1, max: 12 }), (library, track, noRepeatDays) => {
        const lasting = library.map((one) => ({ ...one, validUntil: null }));
        const enough = lasting.filter((one) => meant(one, track)).length >= noRepeatDays;
        const shown = season(lasting, track, { days: 25, noRepeatDays }).map((one) => one?.id);
        if (!enough) return;
        for (const [index, id] of shown.entries()) {
          expect(shown.slice(Math.max(0, index - noRepeatDays + 1), index)).not.toContain(id);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is the one that was away longest once all are used up', () => {
    const library = ['a', 'b', 'c'].map((id, position) => tip(id, { position }));
    const shown = season(library, { level: 'beginner' }, { days: 7, noRepeatDays: 60 }).map((one) => one?.id);
    expect(shown).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a']);
  });

  it('is there whenever the library has one that holds and is meant for the person', () => {
    fc.assert(
      fc.property(libraries, tracks, (library, track) => {
        const shown = season(library, track, { days: 20, noRepeatDays: 15 });
        for (const [index, chosen] of shown.entries()) {
          const on = day('2026-01-01').add({ days: index });
          const possible = library.some((one) => meant(one, track) && holds(one, on));
          expect([on.toString(), chosen !== undefined]).toEqual([on.toString(), possible]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is never one that has run out or belongs to other departments', () => {
    fc.assert(
      fc.property(libraries, tracks, (library, track) => {
        for (const [index, chosen] of season(library, track, { days: 20, noRepeatDays: 7 }).entries()) {
          if (chosen === undefined) continue;
          expect(meant(chosen, track)).toBe(true);
          expect(holds(chosen, day('2026-01-01').add({ days: index }))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is the same whatever the order in which the library is read', () => {
    fc.assert(
      fc.property(
        libraries.chain((library) =>
          fc.tuple(fc.constant(library), fc.shuffledSubarray(library, { minLength: library.length })),
        ),
        tracks,
        ([library, shuffled], track) => {
          const options = { days: 15, noRepeatDays: 5, order: ['tip-3', 'tip-1'] };
          expect(season(shuffled, track, options).map((one) => one?.id)).toEqual(
            season(library, track, options).map((one) => one?.id),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  const one = (library: readonly TipFacts[], more: Partial<Parameters<typeof chooseTip>[0]> = {}) =>
    chooseTip({
      library,
      order: [],
      day: day('2026-03-02'),
      track: { level: 'beginner' },
      lastShown: new Map(),
      noRepeatDays: 60,
      votes: new Map(),
      ...more,
    })?.id;

  it('follows the order of the campaign, then the order of the library', () => {
    const library = ['a', 'b', 'c'].map((id, position) => tip(id, { position }));
    expect(one(library, { order: ['c', 'b'] })).toBe('c');
    expect(one(library)).toBe('a');
  });

  it('fits the person’s level first and then the nearest', () => {
    const library = [
      tip('hard', { level: 'advanced' }),
      tip('middle', { level: 'intermediate', position: 1 }),
    ];
    expect(one(library)).toBe('middle');
    expect(one(library, { track: { level: 'advanced' } })).toBe('hard');
  });

  it('prefers what is meant for the person’s own department', () => {
    const library = [tip('all'), tip('finance', { departments: ['FIN'], position: 9, level: 'advanced' })];
    expect(one(library, { track: { level: 'beginner', department: 'FIN' } })).toBe('finance');
    expect(one(library, { track: { level: 'beginner', department: 'HR' } })).toBe('all');
  });

  it('holds on its last day and not on the day after', () => {
    const library = [tip('ends', { validUntil: day('2026-03-02') })];
    expect(one(library)).toBe('ends');
    expect(one(library, { day: day('2026-03-03') })).toBeUndefined();
  });

  it('moves kinds of tips back that people knew already, as soon as enough have said so', () => {
    const library = [tip('known', { area: 'pdf' }), tip('fresh', { area: 'presentations', position: 1 })];
    const votes = (unwanted: number) => new Map([['known', { useful: 0, unwanted }]]);
    expect(one(library, { votes: votes(4) })).toBe('known');
    expect(one(library, { votes: votes(5) })).toBe('fresh');
  });

  it('knows nobody’s tip in an empty library', () => {
    expect(one([])).toBeUndefined();
  });
});

describe('the key of a track', () => {
  it('tells levels and departments apart', () => {
    const keys = [
      { level: 'beginner' as const },
      { level: 'advanced' as const },
      { level: 'beginner' as const, department: 'FIN' },
      { level: 'beginner' as const, department: 'HR' },
    ].map(trackKey);
    expect(new Set(keys).size).toBe(4);
  });
});
