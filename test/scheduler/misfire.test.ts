import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { type Decision, planSlots, type Timing } from '#src/scheduler/misfire.ts';
import type { Misfire } from '#src/scheduler/scheduler.tables.ts';

const calendar = workdayCalendar();
const at = (text: string) => Temporal.Instant.from(text);

function timing(change: Partial<Timing> & { nextAt: Temporal.Instant }): Timing {
  return {
    cron: '10 9 * * *',
    zone: 'Asia/Shanghai',
    calendar: 'every-day',
    misfire: { policy: 'once' },
    until: null,
    attempts: 0,
    ...change,
  };
}

/** `2026-11-23 fire` or `2026-11-23 too-late`, by the day in Shanghai. */
function told(decisions: Decision[]): string[] {
  return decisions.map((decision) => {
    const day = decision.slot.toZonedDateTimeISO('Asia/Shanghai').toPlainDate().toString();
    return `${day} ${decision.kind === 'fire' ? 'fire' : decision.reason}`;
  });
}

const LATE: Misfire = { policy: 'late-until', minutes: 120 };

describe('planSlots', () => {
  it.each<[string, Misfire, string, string[]]>([
    ['late-until fires in time', LATE, '2026-11-23T01:10:00Z', ['2026-11-23 fire']],
    ['late-until fires at its last moment', LATE, '2026-11-23T03:10:00Z', ['2026-11-23 fire']],
    ['late-until skips a moment later', LATE, '2026-11-23T03:10:00.001Z', ['2026-11-23 too-late']],
    ['skip fires within the minute', { policy: 'skip' }, '2026-11-23T01:11:00Z', ['2026-11-23 fire']],
    ['skip skips after the minute', { policy: 'skip' }, '2026-11-23T01:11:00.001Z', ['2026-11-23 too-late']],
    [
      'late-until decides each missed slot by itself',
      LATE,
      '2026-11-25T02:00:00Z',
      ['2026-11-23 too-late', '2026-11-24 too-late', '2026-11-25 fire'],
    ],
    [
      'once fires the newest of the missed slots',
      { policy: 'once' },
      '2026-11-25T20:00:00Z',
      ['2026-11-23 superseded', '2026-11-24 superseded', '2026-11-25 fire'],
    ],
  ])('%s', (_name, misfire, now, expected) => {
    const plan = planSlots(timing({ misfire, nextAt: at('2026-11-23T01:10:00Z') }), at(now), calendar, 100);
    expect(told(plan.decisions)).toEqual(expected);
  });

  it('decides nothing before the slot', () => {
    const nextAt = at('2026-11-23T01:10:00Z');
    expect(planSlots(timing({ nextAt }), at('2026-11-23T01:09:59.999Z'), calendar, 100)).toEqual({
      decisions: [],
      nextAt,
    });
  });

  it('skips days off by the day in the zone, and works on 调休 Saturdays and Sundays', () => {
    // 2026: New Year is off from Thursday 1 to Saturday 3 January; Sunday 4 January is worked.
    const plan = planSlots(
      timing({
        calendar: 'workdays',
        misfire: { policy: 'late-until', minutes: 100_000 },
        nextAt: at('2025-12-31T01:10:00Z'),
      }),
      at('2026-01-05T02:00:00Z'),
      calendar,
      100,
    );
    expect(told(plan.decisions)).toEqual([
      '2025-12-31 fire',
      '2026-01-01 day-off',
      '2026-01-02 day-off',
      '2026-01-03 day-off',
      '2026-01-04 fire',
      '2026-01-05 fire',
    ]);
  });

  it('takes the day of the zone, not of UTC: 23:30 UTC on Friday is Saturday in Shanghai', () => {
    const plan = planSlots(
      timing({ cron: '30 7 * * *', calendar: 'workdays', nextAt: at('2026-11-20T23:30:00Z') }),
      at('2026-11-20T23:30:01Z'),
      calendar,
      100,
    );
    expect(told(plan.decisions)).toEqual(['2026-11-21 day-off']);
  });

  it('with once, fires the newest slot that was worked when the newest of all is a day off', () => {
    const plan = planSlots(
      timing({ calendar: 'workdays', nextAt: at('2026-11-19T01:10:00Z') }),
      at('2026-11-22T02:00:00Z'),
      calendar,
      100,
    );
    expect(told(plan.decisions)).toEqual([
      '2026-11-19 superseded',
      '2026-11-20 fire',
      '2026-11-21 day-off',
      '2026-11-22 day-off',
    ]);
  });

  it('ends with until, which is still a slot', () => {
    const plan = planSlots(
      timing({
        misfire: { policy: 'late-until', minutes: 10_000 },
        nextAt: at('2026-11-23T01:10:00Z'),
        until: at('2026-11-24T01:10:00Z'),
      }),
      at('2026-11-27T00:00:00Z'),
      calendar,
      100,
    );
    expect(told(plan.decisions)).toEqual(['2026-11-23 fire', '2026-11-24 fire']);
    expect(plan.nextAt).toBeNull();
  });

  it('has one slot without a cron', () => {
    const plan = planSlots(
      timing({ cron: null, zone: 'UTC', nextAt: at('2026-11-23T01:10:00Z') }),
      at('2026-11-23T01:10:00Z'),
      calendar,
      100,
    );
    expect(told(plan.decisions)).toEqual(['2026-11-23 fire']);
    expect(plan.nextAt).toBeNull();
  });

  it('calls a slot failed, not late, when it was tried before its time ran out', () => {
    const plan = planSlots(
      timing({ misfire: LATE, attempts: 1, nextAt: at('2026-11-23T01:10:00Z') }),
      at('2026-11-24T02:00:00Z'),
      calendar,
      100,
    );
    expect(told(plan.decisions)).toEqual(['2026-11-23 failed', '2026-11-24 fire']);
  });

  const anyTiming = fc.record({
    cron: fc.constantFrom('10 9 * * *', '0 */3 * * *', '*/40 * * * *', '0 12 * * 1'),
    zone: fc.constantFrom('Asia/Shanghai', 'America/New_York'),
    calendar: fc.constantFrom<'every-day' | 'workdays'>('every-day', 'workdays'),
    misfire: fc.oneof(
      fc.constant<Misfire>({ policy: 'skip' }),
      fc.constant<Misfire>({ policy: 'once' }),
      fc.integer({ min: 0, max: 5_000 }).map((minutes): Misfire => ({ policy: 'late-until', minutes })),
    ),
    start: fc.constantFrom(
      '2026-09-30T00:00:00Z',
      '2026-03-06T00:00:00Z',
      '2026-10-30T00:00:00Z',
      '2028-02-27T00:00:00Z',
    ),
    lateMinutes: fc.integer({ min: 0, max: 7 * 24 * 60 }),
  });

  it('decides every slot up to now once, whatever the size of the pieces', () => {
    fc.assert(
      fc.property(anyTiming, fc.integer({ min: 1, max: 9 }), ({ start, lateMinutes, ...rest }, limit) => {
        const whole = timing({ ...rest, nextAt: at(start) });
        const now = at(start).add({ minutes: lateMinutes });
        const expected = planSlots(whole, now, calendar, 1_000_000);
        const pieces: Decision[] = [];
        let nextAt: Temporal.Instant | null = whole.nextAt;
        while (nextAt !== null && Temporal.Instant.compare(nextAt, now) <= 0) {
          const plan = planSlots({ ...whole, nextAt }, now, calendar, limit);
          expect(plan.decisions.length).toBeLessThanOrEqual(limit);
          pieces.push(...plan.decisions);
          nextAt = plan.nextAt;
        }
        expect(told(pieces)).toEqual(told(expected.decisions));
        expect(nextAt).toEqual(expected.nextAt);
        expect(new Set(pieces.map(({ slot }) => slot.toString())).size).toBe(pieces.length);
        if (rest.misfire.policy === 'once') {
          expect(pieces.filter(({ kind }) => kind === 'fire').length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});
