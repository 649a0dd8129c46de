import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fits,
  isLate,
  lastStep,
  minutesIn,
  movingUp,
  overlaps,
  type Reminding,
  reminderAt,
  reminderEnds,
  type Seated,
  seriesStarts,
  stepMinutes,
  takesAttendance,
  whyNotRemind,
} from '#src/features/trainings/trainings.rules.ts';
import { Temporal } from '#src/kernel/time.ts';
import { instant } from '../../support/calendar.ts';

const wall = (at: Temporal.Instant, zone: string) =>
  at.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' });

describe('when a reminder is due', () => {
  it.each([
    ['a day before, in Shanghai', '1d', '2026-09-22T06:00:00Z', 'Asia/Shanghai', '2026-09-21T14:00'],
    ['a week before', '7d', '2026-09-22T06:00:00Z', 'Asia/Shanghai', '2026-09-15T14:00'],
    [
      'over the end of summer time in New York',
      '1d',
      '2026-11-01T15:00:00Z',
      'America/New_York',
      '2026-10-31T10:00',
    ],
    ['over its beginning', '1d', '2026-03-08T14:00:00Z', 'America/New_York', '2026-03-07T10:00'],
    ['three days over the change', '3d', '2026-11-03T15:00:00Z', 'America/New_York', '2026-10-31T10:00'],
    [
      'an hour before, in the night of the change',
      '1h',
      '2026-11-01T06:30:00Z',
      'America/New_York',
      '2026-11-01T01:30',
    ],
    ['a day before just after midnight', '1d', '2026-09-21T16:10:00Z', 'Asia/Shanghai', '2026-09-21T00:10'],
    ['over a leap day', '1d', '2028-03-01T01:00:00Z', 'Asia/Shanghai', '2028-02-29T09:00'],
  ])('%s', (_name, step, startsAt, zone, due) => {
    expect(wall(reminderAt(step, instant(startsAt), zone), zone)).toBe(due);
  });

  it('shows the same time on the wall as the class, whatever the clocks do, unless that hour was skipped', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) }),
        fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe'),
        fc.constantFrom('1d', '3d', '7d', '14d'),
        (ms, zone, step) => {
          const startsAt = Temporal.Instant.fromEpochMilliseconds(ms - (ms % 60_000));
          const due = reminderAt(step, startsAt, zone);
          const [a, b] = [due, startsAt].map((at) => at.toZonedDateTimeISO(zone)) as [
            Temporal.ZonedDateTime,
            Temporal.ZonedDateTime,
          ];
          const skipped = !b
            .toPlainDateTime()
            .subtract({ days: Number.parseInt(step, 10) })
            .equals(a.toPlainDateTime());
          if (skipped)
            expect(a.toPlainTime().since(b.toPlainTime()).total('minutes')).toBeLessThanOrEqual(60);
          else expect(a.toPlainTime().equals(b.toPlainTime())).toBe(true);
          expect(Temporal.Instant.compare(due, startsAt)).toBe(-1);
        },
      ),
    );
  });

  it('is last when it is nearest to the class', () => {
    expect(lastStep(['7d', '3d', '1d', '1h'])).toBe('1h');
    expect(lastStep(['3d', '30m', '2h'])).toBe('30m');
    expect(lastStep([])).toBeUndefined();
    expect(stepMinutes('2h')).toBe(120);
  });
});

describe('why a reminder is not sent', () => {
  const training: Reminding = {
    state: 'open',
    startsAt: instant('2026-09-22T06:00:00Z'),
    reminders: ['7d', '3d', '1d', '1h'],
    openedAt: instant('2026-09-01T00:00:00Z'),
    changedAt: null,
  };
  const due = (step: string, late = 0) => {
    const slot = reminderAt(step, training.startsAt, 'Asia/Shanghai');
    return { step, zone: 'Asia/Shanghai', slot, now: slot.add({ minutes: late }) };
  };
  it.each<[string, Partial<Reminding>, ReturnType<typeof due>, string | undefined]>([
    ['in time', {}, due('1d'), undefined],
    ['some hours late', {}, due('3d', 300), undefined],
    ['late, and the next is due too', {}, due('3d', 2 * 24 * 60), 'superseded'],
    ['the class begins at this moment', {}, due('1h', 60), 'begun'],
    ['the class has begun', {}, due('1h', 61), 'begun'],
    ['cancelled', { state: 'cancelled' }, due('1d'), 'cancelled'],
    ['not asked for any more', { reminders: ['1h'] }, due('1d'), 'not-wanted'],
    ['the class was moved meanwhile', { startsAt: instant('2026-09-23T06:00:00Z') }, due('1d'), 'moved'],
    ['opened only afterwards', { openedAt: instant('2026-09-21T07:00:00Z') }, due('1d', 120), 'opened-later'],
    [
      'the new time was told an hour ago',
      { changedAt: instant('2026-09-21T05:00:00Z') },
      due('1d'),
      'just-moved',
    ],
    [
      'the new time was told two days ago',
      { changedAt: instant('2026-09-19T05:00:00Z') },
      due('1d'),
      undefined,
    ],
  ])('%s', (_name, differs, when, reason) => {
    expect(whyNotRemind({ ...training, ...differs }, when)).toBe(reason);
  });

  it('makes sense until the next one, the last until the class begins', () => {
    expect(reminderEnds(training, '3d', 'Asia/Shanghai').toString()).toBe('2026-09-21T06:00:00Z');
    expect(reminderEnds(training, '1h', 'Asia/Shanghai').toString()).toBe('2026-09-22T06:00:00Z');
  });
});

const person = fc.record({
  employeeId: fc.uuid(),
  quotas: fc.subarray(['sales', 'research']),
});
const crowd = fc.uniqueArray(person, { maxLength: 14, selector: ({ employeeId }) => employeeId });
const room = fc.record({
  seats: fc.option(fc.integer({ min: 0, max: 10 })),
  quotas: fc
    .dictionary(fc.constantFrom('sales', 'research'), fc.integer({ min: 0, max: 6 }))
    .map((shares) => new Map(Object.entries(shares))),
});

describe('the waiting list', () => {
  /** Whoever is seated before the test fits, as sign-ups make sure. */
  const seatedIn = (space: Parameters<typeof fits>[0], people: readonly Seated[]): Seated[] =>
    movingUp(space, [], people);

  it('never fills more seats than there are, in the room and in each share', () => {
    fc.assert(
      fc.property(room, crowd, crowd, (space, first, waiting) => {
        const seated = seatedIn(space, first);
        const after = [...seated, ...movingUp(space, seated, waiting)];
        expect(after.length).toBeLessThanOrEqual(space.seats ?? Infinity);
        for (const [quota, seats] of space.quotas)
          expect(after.filter(({ quotas }) => quotas.includes(quota)).length).toBeLessThanOrEqual(seats);
      }),
    );
  });

  it('leaves nobody waiting for whom there is a seat', () => {
    fc.assert(
      fc.property(room, crowd, crowd, (space, first, waiting) => {
        const seated = seatedIn(space, first);
        const up = movingUp(space, seated, waiting);
        const left = waiting.filter((one) => !up.includes(one));
        for (const one of left) expect(fits(space, [...seated, ...up], one)).toBe(false);
      }),
    );
  });

  it('keeps the order among people of the same shares', () => {
    fc.assert(
      fc.property(room, crowd, (space, waiting) => {
        const up = movingUp(space, [], waiting);
        for (const [place, one] of waiting.entries()) {
          if (!up.includes(one)) continue;
          const before = waiting.slice(0, place).filter(({ quotas }) => quotas.join() === one.quotas.join());
          for (const other of before) expect(up).toContain(other);
        }
      }),
    );
  });
});

describe('two classes', () => {
  const span = (from: string, to: string) => ({ startsAt: instant(from), endsAt: instant(to) });
  const noon = span('2026-09-22T04:00:00Z', '2026-09-22T05:00:00Z');
  it.each([
    ['one after the other', span('2026-09-22T05:00:00Z', '2026-09-22T06:00:00Z'), false],
    ['a minute in common', span('2026-09-22T04:59:00Z', '2026-09-22T06:00:00Z'), true],
    ['one within the other', span('2026-09-22T00:00:00Z', '2026-09-23T00:00:00Z'), true],
    ['days apart', span('2026-09-24T04:00:00Z', '2026-09-24T05:00:00Z'), false],
  ])('%s', (_name, other, clash) => {
    expect(overlaps(noon, other)).toBe(clash);
    expect(overlaps(other, noon)).toBe(clash);
  });

  it('take attendance from half an hour before to a quarter after, and know who is late', () => {
    expect(takesAttendance(noon, instant('2026-09-22T03:29:59Z'))).toBe(false);
    expect(takesAttendance(noon, instant('2026-09-22T03:30:00Z'))).toBe(true);
    expect(takesAttendance(noon, instant('2026-09-22T05:15:00Z'))).toBe(true);
    expect(takesAttendance(noon, instant('2026-09-22T05:15:01Z'))).toBe(false);
    expect(isLate(noon.startsAt, 10, instant('2026-09-22T04:10:00Z'))).toBe(false);
    expect(isLate(noon.startsAt, 10, instant('2026-09-22T04:10:01Z'))).toBe(true);
  });

  it('of a series keep their hour on the wall over a clock change', () => {
    const starts = seriesStarts(instant('2026-10-20T14:00:00Z'), 'America/New_York', 7, 4);
    expect(starts.map((at) => wall(at, 'America/New_York'))).toEqual([
      '2026-10-20T10:00',
      '2026-10-27T10:00',
      '2026-11-03T10:00',
      '2026-11-10T10:00',
    ]);
    expect(starts.map(String)[2]).toBe('2026-11-03T15:00:00Z');
  });
});

it.each<[unknown, number | undefined]>([
  [85, 85],
  ['85', 85],
  ['８５', 85],
  ['84.6', 84],
  ['1:25', 85],
  ['01:25:30', 85],
  ['1小时25分', 85],
  ['85分钟', 85],
  ['1小时', 60],
  ['85 min', 85],
  ['1h 25m 10s', 85],
  ['40秒', 0],
  ['', undefined],
  ['很久', undefined],
  ['-5', undefined],
  [-5, undefined],
  [99_999, undefined],
  ['=1+1', undefined],
])('%p online is %p minutes', (cell, minutes) => {
  expect(minutesIn(cell)).toBe(minutes);
});
