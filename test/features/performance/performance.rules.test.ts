import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bandOf,
  neededOf,
  type PersonRecord,
  resultOf,
  scoreOf,
} from '#src/features/performance/performance.rules.ts';
import { type PerformanceRule, performanceRuleSchema } from '#src/features/performance/performance.schema.ts';

const workdays = ['02', '03', '04', '05', '06', '09', '10', '11', '12', '13'].map((day) => `2026-11-${day}`);
const whole = [{ from: '2026-11-01', to: '2026-11-30' }];

function rule(changes: Partial<PerformanceRule> = {}): PerformanceRule {
  return performanceRuleSchema.parse({
    day: [['tap']],
    target: { kind: 'days', days: 8, of: 10 },
    bands: [
      { name: '达成', from: 100, credit: 100 },
      { name: '部分达成', from: 60, credit: 60 },
      { name: '未达成', from: 0, credit: 0 },
    ],
    weight: 5,
    parts: { individual: 80, team: 20 },
    ...changes,
  });
}

function record(taps: readonly string[], more: Partial<PersonRecord> = {}): PersonRecord {
  const evidence = taps.map((day) => ({ day: `2026-11-${day}`, kind: 'tap' as const }));
  return { stretches: whole, evidence, corrections: [], excusals: [], ...more };
}

describe('what a period says of one person', () => {
  it('counts the days on which the demand was met', () => {
    const result = resultOf(rule(), { workdays }, record(['02', '03', '05', '07']));
    expect(result).toMatchObject({ due: 10, counted: 3, best: 2, current: 0, needed: 8, reached: 37.5 });
  });

  it('asks for each group of the demand, by any kind of the group', () => {
    const demand = rule({ day: [['tap'], ['question', 'usage']] });
    const evidence = [
      { day: '2026-11-02', kind: 'tap' as const },
      { day: '2026-11-03', kind: 'tap' as const },
      { day: '2026-11-03', kind: 'usage' as const },
      { day: '2026-11-04', kind: 'question' as const },
    ];
    expect(resultOf(demand, { workdays }, record([], { evidence })).counted).toBe(1);
  });

  it('takes excused days out of the denominator and leaves the run alone', () => {
    const excusals = ['04', '05'].map((day) => ({ day: `2026-11-${day}`, reason: 'leave' as const }));
    const result = resultOf(rule(), { workdays }, record(['02', '03', '06'], { excusals }));
    expect(result).toMatchObject({ due: 8, excused: 2, best: 3, needed: 7 });
  });

  it('counts a day on which somebody checked in although they were on leave', () => {
    const excusals = [{ day: '2026-11-02', reason: 'trip' as const }];
    expect(resultOf(rule(), { workdays }, record(['02'], { excusals }))).toMatchObject({
      counted: 1,
      excused: 0,
    });
  });

  it('follows the last correction of a day, not the evidence', () => {
    const corrections: PersonRecord['corrections'] = [
      { day: '2026-11-02', effect: 'does-not-count', cause: 'revoked' },
      { day: '2026-11-03', effect: 'counts', cause: 'make-up' },
      { day: '2026-11-04', effect: 'counts', cause: 'appeal' },
      { day: '2026-11-04', effect: 'does-not-count', cause: 'revoked' },
    ];
    const result = resultOf(rule(), { workdays }, record(['02'], { corrections }));
    expect(result).toMatchObject({ counted: 1, madeUp: 1, appealed: 0 });
    expect(result.days.slice(0, 3).map(({ kind }) => kind)).toEqual(['revoked', 'counted', 'revoked']);
  });

  it('spends freezes on the first missed days, which keep the run but do not count', () => {
    const result = resultOf(rule({ freezes: 1 }), { workdays }, record(['02', '04', '06']));
    expect(result).toMatchObject({ counted: 3, frozen: 1, best: 2 });
    expect(result.days[1]).toEqual({ day: '2026-11-03', kind: 'frozen' });
  });

  it('is more lenient in the first days of somebody who joins in the middle', () => {
    const late = { stretches: [{ from: '2026-11-05', to: '2026-11-30' }] };
    const lenient = rule({ firstDays: { days: 7, freezes: 2 } });
    const result = resultOf(lenient, { workdays }, record(['09', '12'], late));
    expect(result.days.map(({ kind }) => kind)).toEqual([
      'frozen',
      'frozen',
      'counted',
      'missed',
      'missed',
      'counted',
      'missed',
    ]);
  });

  it('asks nothing of somebody who took no part', () => {
    expect(resultOf(rule(), { workdays }, record(['02'], { stretches: [] }))).toMatchObject({
      due: 0,
      reached: 100,
    });
  });

  it.each([
    ['all days due', 10, 8],
    ['half of them', 5, 4],
    ['one', 1, 1],
    ['none', 0, 0],
    ['more than the rule speaks of', 12, 8],
  ])('needs the same share of the due days: %s', (_name, due, needed) => {
    expect(neededOf(rule(), due)).toBe(needed);
  });

  it('weighs both parts by their bands', () => {
    expect(scoreOf(rule(), { individual: 100, team: 100 })).toBe(5);
    expect(scoreOf(rule(), { individual: 100, team: 70 })).toBe(4.6);
    expect(scoreOf(rule(), { individual: 10, team: 70 })).toBe(0.6);
    expect(bandOf(rule(), 60).name).toBe('部分达成');
  });
});

const anyDay = fc.constantFrom(...workdays, '2026-11-07', '2026-10-30');
const anyRecord = fc.record({
  stretches: fc.constant(whole),
  evidence: fc.array(fc.record({ day: anyDay, kind: fc.constantFrom('tap' as const, 'question' as const) })),
  corrections: fc.array(
    fc.record({
      day: anyDay,
      effect: fc.constant('counts' as const),
      cause: fc.constantFrom('make-up' as const, 'appeal' as const),
    }),
  ),
  excusals: fc.array(
    fc.record({ day: anyDay, reason: fc.constantFrom('leave' as const, 'outage' as const) }),
  ),
});

describe('the laws of a period', () => {
  it('is the same in whatever order evidence and excusals arrive, also twice', () => {
    fc.assert(
      fc.property(anyRecord, (one) => {
        const excusals = [...new Map(one.excusals.map((each) => [each.day, each])).values()];
        const plain = resultOf(rule({ freezes: 1 }), { workdays }, { ...one, excusals });
        const evidence = [...one.evidence, ...one.evidence].reverse();
        const mixed = { ...one, evidence, excusals: [...excusals, ...excusals].reverse() };
        expect(resultOf(rule({ freezes: 1 }), { workdays }, mixed)).toEqual(plain);
      }),
    );
  });

  it('never gets worse for anybody by an excusal', () => {
    fc.assert(
      fc.property(anyRecord, anyDay, (one, day) => {
        const before = resultOf(rule(), { workdays }, one);
        const after = resultOf(
          rule(),
          { workdays },
          {
            ...one,
            excusals: [...one.excusals, { day, reason: 'outage' as const }],
          },
        );
        expect(after.best).toBeGreaterThanOrEqual(before.best);
        expect(after.counted).toBe(before.counted);
        expect(after.reached).toBeGreaterThanOrEqual(before.reached);
      }),
    );
  });

  it('has a standing for each workday of the person, and nothing else is due', () => {
    fc.assert(
      fc.property(anyRecord, (one) => {
        const result = resultOf(rule(), { workdays }, one);
        expect(result.days.map(({ day }) => day)).toEqual(workdays);
        expect(result.due + result.excused).toBe(workdays.length);
        expect(result.counted).toBeLessThanOrEqual(result.due);
      }),
    );
  });
});
