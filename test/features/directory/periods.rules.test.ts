import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  heldOn,
  type Period,
  type PeriodChange,
  planPeriods,
} from '#src/features/directory/periods.rules.ts';
import { Temporal } from '#src/kernel/time.ts';

const START = Temporal.PlainDate.from('2026-01-01');
const dayOf = (offset: number): Temporal.PlainDate => START.add({ days: offset });
const LAST = 60;

/** On a day of the story the person is in a department, from then until an announced day, or in none. */
interface Step {
  wait: number;
  department: string | null;
  leavesAfter: number | null;
}

const story = fc.array(
  fc.record<Step>({
    wait: fc.nat(5),
    department: fc.constantFrom('A', 'B', 'C', null),
    leavesAfter: fc.option(fc.integer({ min: -3, max: 6 })),
  }),
  { maxLength: 10 },
);

const planFor = (held: readonly Period[], step: Step, at: number) =>
  planPeriods(held, new Set(step.department === null ? [] : [step.department]), {
    from: dayOf(at),
    until: step.leavesAfter === null ? null : dayOf(at + step.leavesAfter),
    today: dayOf(at),
  });

let ids = 0;
function applied(held: readonly Period[], change: PeriodChange): Period[] {
  const ends = new Map(change.end.map(({ id, to }) => [id, to]));
  return [
    ...held
      .filter(({ id }) => !change.drop.includes(id))
      .map((period) => ({
        ...period,
        to:
          ends.get(period.id) === undefined && !ends.has(period.id)
            ? period.to
            : (ends.get(period.id) ?? null),
      })),
    ...change.open.map((opened) => ({ ...opened, id: String((ids += 1)) })),
  ];
}

/** Plays the story and hands each step, with what was held before and after, to `look`. */
function play(
  steps: readonly Step[],
  look: (before: Period[], after: Period[], at: number, step: Step) => void,
): Period[] {
  let held: Period[] = [];
  let at = 0;
  for (const step of steps) {
    at += step.wait;
    const plan = planFor(held, step, at);
    if (plan.kind === 'outdated') throw new Error('a story goes forward, so nothing is ever outdated');
    const after = applied(held, plan);
    look(held, after, at, step);
    held = after;
  }
  return held;
}

const everyDay = Array.from({ length: LAST + 10 }, (_, offset) => offset);

describe('planPeriods, over any order of moves, leavings and returns', () => {
  it('never has two periods on one day, nor one that ends before it begins', () => {
    fc.assert(
      fc.property(story, (steps) => {
        play(steps, (_before, after) => {
          for (const offset of everyDay) expect(heldOn(after, dayOf(offset)).length).toBeLessThanOrEqual(1);
          for (const { from, to } of after) {
            expect(to === null || Temporal.PlainDate.compare(from, to) <= 0).toBe(true);
          }
        });
      }),
    );
  });

  it('changes nothing before the day from which the news holds', () => {
    fc.assert(
      fc.property(story, (steps) => {
        play(steps, (before, after, at) => {
          for (let offset = 0; offset < at; offset += 1) {
            expect(heldOn(after, dayOf(offset))).toEqual(heldOn(before, dayOf(offset)));
          }
        });
      }),
    );
  });

  it('makes each day what the last news about it said', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const said = new Map<number, string | null>();
        const held = play(steps, (_before, _after, at, step) => {
          for (const offset of everyDay.filter((one) => one >= at)) {
            const employed = step.leavesAfter === null || offset <= at + step.leavesAfter;
            said.set(offset, employed ? step.department : null);
          }
        });
        for (const offset of everyDay) {
          expect(heldOn(held, dayOf(offset))[0] ?? null).toBe(said.get(offset) ?? null);
        }
      }),
    );
  });

  it('plans nothing when the same news comes again, that day or the next', () => {
    fc.assert(
      fc.property(story, (steps) => {
        play(steps, (_before, after, at, step) => {
          expect(planFor(after, step, at)).toEqual({ kind: 'planned', end: [], drop: [], open: [] });
          const tomorrow = { ...step, leavesAfter: step.leavesAfter === null ? null : step.leavesAfter - 1 };
          expect(planFor(after, tomorrow, at + 1)).toEqual({ kind: 'planned', end: [], drop: [], open: [] });
        });
      }),
    );
  });
});

describe('planPeriods', () => {
  const period = (from: number, to: number | null): Period => ({
    id: 'p',
    key: 'A',
    from: dayOf(from),
    to: to === null ? null : dayOf(to),
  });

  it('is outdated by something that has begun since', () => {
    const when = { from: dayOf(5), until: null, today: dayOf(12) };
    expect(planPeriods([period(10, null)], new Set(['B']), when)).toMatchObject({
      kind: 'outdated',
      since: dayOf(10),
    });
  });

  it('replaces what was only announced', () => {
    const when = { from: dayOf(5), until: null, today: dayOf(5) };
    expect(planPeriods([period(10, null)], new Set(['A']), when)).toMatchObject({
      drop: ['p'],
      open: [{ key: 'A', from: dayOf(5), to: null }],
    });
  });

  it('drops a period that began on the very day instead of leaving one of no length', () => {
    const when = { from: dayOf(5), until: null, today: dayOf(5) };
    expect(planPeriods([period(5, null)], new Set(['B']), when)).toMatchObject({ drop: ['p'], end: [] });
  });
});
