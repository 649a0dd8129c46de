import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { campaignCalendar } from '#src/features/campaigns/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { calendarFrom, checkinDays, day } from '../../support/calendar.ts';

describe('the calendar of a campaign', () => {
  const calendar = calendarFrom('2026-09-18', 30);

  it('knows its ends', () => {
    expect([calendar.first.toString(), calendar.last.toString()]).toEqual(['2026-09-18', '2026-10-17']);
  });

  it.each([
    ['the day before the campaign', '2026-09-17', false, 0, ''],
    ['the first day', '2026-09-18', true, 1, ''],
    ['the Saturday off', '2026-09-19', false, 1, '周末'],
    ['the worked Sunday', '2026-09-20', true, 2, '调休上班'],
    ['the Monday after it', '2026-09-21', true, 3, ''],
    ['National Day', '2026-10-01', false, 9, '国庆节'],
    ['the first workday after the week off', '2026-10-08', true, 10, ''],
    ['the worked Saturday', '2026-10-10', true, 12, '调休上班'],
    ['the last day, a Saturday', '2026-10-17', false, 17, '周末'],
    ['the day after the campaign', '2026-10-18', false, 17, ''],
    ['a year later', '2027-10-18', false, 17, ''],
  ])('on %s', (_name, iso, workday, ordinal, name) => {
    expect([calendar.isWorkday(day(iso)), calendar.ordinal(day(iso)), calendar.nameOf(day(iso))]).toEqual([
      workday,
      ordinal,
      name,
    ]);
  });

  it.each([
    ['2026-09-01', '2026-09-18'],
    ['2026-09-17', '2026-09-18'],
    ['2026-09-18', '2026-09-20'],
    ['2026-09-30', '2026-10-08'],
    ['2026-10-15', '2026-10-16'],
    ['2026-10-16', undefined],
    ['2026-12-01', undefined],
  ])('after %s the next workday is %s', (from, next) => {
    expect(calendar.nextWorkday(day(from))?.toString()).toBe(next);
  });

  it('counts one more from each workday to the next, and nothing on days off', () => {
    fc.assert(
      fc.property(checkinDays, ({ calendar: any }) => {
        for (let one = any.first; Temporal.PlainDate.compare(one, any.last) < 0; one = one.add({ days: 1 })) {
          const next = one.add({ days: 1 });
          expect(any.ordinal(next) - any.ordinal(one)).toBe(any.isWorkday(next) ? 1 : 0);
          const following = any.nextWorkday(one);
          if (following !== undefined) expect(any.ordinal(following) - any.ordinal(one)).toBe(1);
        }
      }),
    );
  });

  it('refuses a campaign without days', () => {
    expect(() => campaignCalendar([])).toThrow(RangeError);
  });
});
