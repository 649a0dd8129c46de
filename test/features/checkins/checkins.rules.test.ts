import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskType } from '#src/features/campaigns/campaigns.schema.ts';
import {
  advance,
  bonusAt,
  currentOn,
  DAY,
  missingTasks,
  recompute,
  type Streak,
  streakOnDays,
} from '#src/features/checkins/checkins.rules.ts';
import { localDay, startOfDay, Temporal } from '#src/kernel/time.ts';
import { calendarFrom, checkinDays, day, walked } from '../../support/calendar.ts';

const told = (streak: Streak | undefined) =>
  streak === undefined ? undefined : { ...streak, lastDay: streak.lastDay.toString() };

const streakOf = (from: string, length: number, ...days: string[]) =>
  told(recompute(days.map(day), calendarFrom(from, length)));

describe('a streak', () => {
  it.each([
    ['begins with the first check-in', '2026-03-02', ['2026-03-02'], 1, 1],
    ['grows by one each workday', '2026-03-02', ['2026-03-02', '2026-03-03', '2026-03-04'], 3, 3],
    ['ends with one missed workday', '2026-03-02', ['2026-03-02', '2026-03-04'], 1, 1],
    ['keeps its best when it ends', '2026-03-02', ['2026-03-02', '2026-03-03', '2026-03-05'], 1, 2],
    ['passes over an ordinary weekend', '2026-03-02', ['2026-03-06', '2026-03-09'], 2, 2],
    ['passes over a month end', '2026-04-27', ['2026-04-29', '2026-04-30', '2026-05-06'], 3, 3],
    ['passes over a leap day that is worked', '2024-02-26', ['2024-02-28', '2024-02-29', '2024-03-01'], 3, 3],
    ['ends when the leap day is missed', '2024-02-26', ['2024-02-28', '2024-03-01'], 1, 1],
    ['passes over the year end', '2025-12-29', ['2025-12-31', '2026-01-04'], 2, 2],
    ['ends when the worked Sunday 2026-01-04 is missed', '2025-12-29', ['2025-12-31', '2026-01-05'], 1, 1],
    ['counts the worked Sunday 2026-09-20', '2026-09-14', ['2026-09-18', '2026-09-20', '2026-09-21'], 3, 3],
    ['ends when the worked Sunday 2026-09-20 is missed', '2026-09-14', ['2026-09-18', '2026-09-21'], 1, 1],
    ['passes over Mid-Autumn of 2026', '2026-09-14', ['2026-09-24', '2026-09-28'], 2, 2],
    ['passes over the National Day week', '2026-09-28', ['2026-09-30', '2026-10-08', '2026-10-09'], 3, 3],
    ['counts the worked Saturday 2026-10-10', '2026-09-28', ['2026-10-09', '2026-10-10', '2026-10-12'], 3, 3],
    ['ends when the worked Saturday 2026-10-10 is missed', '2026-09-28', ['2026-10-09', '2026-10-12'], 1, 1],
    ['passes over Spring Festival 2026', '2026-02-09', ['2026-02-14', '2026-02-24'], 2, 2],
    ['counts the worked Saturday 2026-02-28', '2026-02-24', ['2026-02-27', '2026-02-28', '2026-03-02'], 3, 3],
  ])('%s', (_name, from, days, current, best) => {
    expect(streakOf(from, 60, ...days)).toEqual({
      current,
      best,
      counted: days.length,
      lastDay: days.at(-1),
    });
  });

  it('is nothing without a check-in', () => {
    expect(recompute([], calendarFrom('2026-03-02', 30))).toBeUndefined();
  });

  it('is the same kept day by day, recomputed at once, and counted with a pen', () => {
    fc.assert(
      fc.property(checkinDays, ({ calendar, days }) => {
        const inOrder = [...days].sort(Temporal.PlainDate.compare);
        const kept = inOrder.reduce<Streak | undefined>(
          (streak, one) => advance(streak, one, calendar),
          undefined,
        );
        expect(told(recompute(days, calendar))).toEqual(walked(calendar, days));
        expect(told(kept)).toEqual(walked(calendar, days));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same for places in an array, as very many people are verified, with excused days among them', () => {
    const withExcused = checkinDays.chain(({ calendar, days }) =>
      fc.record({
        calendar: fc.constant(calendar),
        days: fc.constant(days),
        away: fc.uniqueArray(fc.nat(59), { maxLength: 20 }),
      }),
    );
    fc.assert(
      fc.property(withExcused, ({ calendar, days, away }) => {
        const { first, last } = calendar;
        const places = Array.from({ length: first.until(last).days + 1 }, (_, place) => place);
        const dayAt = (place: number) => first.add({ days: place });
        const marks = new Uint8Array(places.length);
        for (const place of away) marks[place] = DAY.excused;
        for (const one of days) marks[first.until(one).days] = DAY.counted;
        const found = streakOnDays(
          marks,
          places.filter((place) => calendar.isWorkday(dayAt(place))),
        );
        const { last: place, ...figures } = found ?? { last: 0 };
        const streak = found === undefined ? undefined : { ...figures, lastDay: dayAt(place).toString() };
        expect(streak).toEqual(told(recompute(days, calendar, away.map(dayAt))));
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order in which the days arrive', () => {
    const shuffled = checkinDays.chain(({ calendar, days }) =>
      fc.record({
        calendar: fc.constant(calendar),
        days: fc.constant(days),
        order: fc.shuffledSubarray(days, { minLength: days.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ calendar, days, order }) => {
        expect(told(recompute(order, calendar))).toEqual(told(recompute(days, calendar)));
      }),
    );
  });

  it('is never longer than its best, and its best never longer than the days that count', () => {
    fc.assert(
      fc.property(checkinDays, ({ calendar, days }) => {
        const streak = recompute(days, calendar);
        if (streak === undefined) return days.length === 0;
        return streak.current >= 1 && streak.current <= streak.best && streak.best <= streak.counted;
      }),
    );
  });

  it('gets no shorter by one more check-in', () => {
    fc.assert(
      fc.property(checkinDays, ({ calendar, days }) => {
        const [one, ...others] = days;
        if (one === undefined) return;
        const before = recompute(others, calendar);
        const after = recompute(days, calendar);
        expect(after?.best).toBeGreaterThanOrEqual(before?.best ?? 0);
        expect(after?.counted).toBe((before?.counted ?? 0) + 1);
      }),
    );
  });
});

describe('taps all over the world', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  // Each season holds clock changes of both hemispheres, and zones that skip midnight or a part of it.
  const seasons = [
    '2018-10-29',
    '2019-09-02',
    '2020-03-23',
    '2021-10-25',
    '2023-04-24',
    '2024-03-25',
    '2026-03-02',
    '2026-10-26',
  ];
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  /** Some second of that day on the wall of the zone; a day may have 23, 24, 25 hours or 23 and a half. */
  function tapOn(one: Temporal.PlainDate, zone: string, part: number): Temporal.Instant {
    const from = startOfDay(one, zone);
    const seconds = from.until(startOfDay(one.add({ days: 1 }), zone)).total('seconds');
    return from.add({ seconds: Math.floor(seconds * part) });
  }

  it.each(seasons)(
    'one on each workday from %s on is a whole streak in every zone, whatever the second',
    (season) => {
      const calendar = calendarFrom(season, 14);
      const workdays = Array.from({ length: 14 }, (_, days) => calendar.first.add({ days })).filter(
        calendar.isWorkday,
      );
      for (const zone of zones) {
        const [parts = []] = fc.sample(
          fc.array(share, { minLength: workdays.length, maxLength: workdays.length }),
          1,
        );
        const days = workdays.map((one, index) => localDay(tapOn(one, zone, parts[index] ?? 0), zone));
        expect([zone, recompute(days, calendar)?.current]).toEqual([zone, workdays.length]);
      }
    },
  );

  it('a day without one breaks it in every zone', () => {
    const calendar = calendarFrom('2026-10-26', 14);
    for (const zone of zones) {
      const days = ['2026-10-30', '2026-11-03'].map((iso) => localDay(tapOn(day(iso), zone, 0.999_99), zone));
      expect([zone, recompute(days, calendar)?.current]).toEqual([zone, 1]);
    }
  });
});

describe('the streak as somebody sees it today', () => {
  const calendar = calendarFrom('2026-09-14', 60);
  const three = { current: 3, best: 5, counted: 9, lastDay: day('2026-09-18') };
  it.each([
    ['on the day itself', '2026-09-18', 3],
    ['on the Saturday off', '2026-09-19', 3],
    ['on the worked Sunday, as long as it lasts', '2026-09-20', 3],
    ['on the Monday after the missed worked Sunday', '2026-09-21', 0],
    ['weeks later', '2026-10-20', 0],
    ['after the end of the campaign', '2026-12-31', 0],
  ])('%s', (_name, today, days) => {
    expect(currentOn(three, day(today), calendar)).toBe(days);
  });

  it.each([
    ['in the holiday week', '2026-10-05', 3],
    ['on the first workday after it', '2026-10-08', 3],
    ['on the second', '2026-10-09', 0],
  ])('that ended on 30 September, %s', (_name, today, days) => {
    expect(currentOn({ ...three, lastDay: day('2026-09-30') }, day(today), calendar)).toBe(days);
  });

  it('is nought before the first check-in', () => {
    expect(currentOn(undefined, day('2026-09-18'), calendar)).toBe(0);
  });

  it('goes on with the next check-in exactly when it is not nought', () => {
    fc.assert(
      fc.property(checkinDays, fc.nat({ max: 89 }), ({ calendar, days }, offset) => {
        const streak = recompute(days, calendar);
        const today = calendar.first.add({ days: offset });
        if (streak === undefined || !calendar.isWorkday(today)) return;
        if (Temporal.PlainDate.compare(today, streak.lastDay) <= 0) return;
        expect(advance(streak, today, calendar).current).toBe(currentOn(streak, today, calendar) + 1);
      }),
    );
  });
});

describe('what a day still asks for', () => {
  const all: TaskType[] = ['learn-tip', 'answer'];
  const three: TaskType[] = ['learn-tip', 'use-software', 'answer'];
  it.each<[string, 'all' | 'any', TaskType[], number, TaskType[], TaskType[]]>([
    ['everything at first', 'all', all, 1, [], all],
    ['the rest', 'all', all, 1, ['learn-tip'], ['answer']],
    ['nothing when all is done', 'all', all, 1, ['answer', 'learn-tip'], []],
    ['nothing more than the rule names', 'all', all, 4, ['answer', 'learn-tip'], []],
    ['no task that the rule does not name', 'all', ['learn-tip'], 1, ['answer', 'micro-task'], ['learn-tip']],
    ['nothing after any one', 'any', three, 1, ['answer'], []],
    ['the others after one of two', 'any', three, 2, ['answer'], ['learn-tip', 'use-software']],
    ['nothing after two of two', 'any', three, 2, ['answer', 'use-software'], []],
    ['never more than there are tasks', 'any', ['learn-tip'], 3, ['learn-tip'], []],
    ['no credit for a task outside the rule', 'any', ['learn-tip'], 1, ['answer'], ['learn-tip']],
  ])('%s', (_name, mode, of, daily, done, missing) => {
    expect(missingTasks({ mode, of }, { daily, weekly: 5 }, new Set(done))).toEqual(missing);
  });
});

describe('the bonus for a length', () => {
  const bonuses = [
    { days: 5, points: 10 },
    { days: 10, points: 30 },
    { days: 10, points: 3 },
  ];
  it.each([
    [4, 0],
    [5, 10],
    [6, 0],
    [10, 33],
    [11, 0],
  ])('of %i days is %i points', (length, points) => {
    expect(bonusAt(length, bonuses)).toBe(points);
  });
});
