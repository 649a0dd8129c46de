import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { day, daysFrom } from '../support/calendar.ts';

const calendar = workdayCalendar();

describe('the workday calendar', () => {
  it.each([
    ['2026-02-14', true, '调休上班'],
    ['2026-02-15', false, '春节'],
    ['2026-02-17', false, '春节'],
    ['2026-02-28', true, '调休上班'],
    ['2026-04-06', false, '清明'],
    ['2026-05-01', false, '劳动节'],
    ['2026-05-09', true, '调休上班'],
    ['2026-06-19', false, '端午'],
    ['2026-09-18', true, ''],
    ['2026-09-19', false, '周末'],
    ['2026-09-20', true, '调休上班'],
    ['2026-09-25', false, '中秋'],
    ['2026-10-01', false, '国庆节'],
    ['2026-10-07', false, '国庆节'],
    ['2026-10-08', true, ''],
    ['2026-10-10', true, '调休上班'],
    ['2025-01-26', true, '调休上班'],
    ['2024-02-29', true, ''],
    ['2020-01-31', false, '春节'],
    ['2018-02-24', true, '调休上班'],
  ])('says of %s whether it is worked (%s) and why (%s)', (iso, worked, name) => {
    expect([calendar.isWorkday(day(iso)), calendar.nameOf(day(iso))]).toEqual([worked, name]);
  });

  it('gives 2026 as many worked days as the State Council does', () => {
    const days = daysFrom('2026-01-01', 365);
    const offOnWeekdays = days.filter((one) => one.dayOfWeek < 6 && !calendar.isWorkday(one));
    const workedWeekends = days.filter((one) => one.dayOfWeek >= 6 && calendar.isWorkday(one));
    expect(workedWeekends.map(String)).toEqual([
      '2026-01-04',
      '2026-02-14',
      '2026-02-28',
      '2026-05-09',
      '2026-09-20',
      '2026-10-10',
    ]);
    expect(offOnWeekdays).toHaveLength(19);
  });

  it('knows the announced years and says so of the first that is not', () => {
    expect([2018, 2020, 2024, 2026].map(calendar.knows)).toEqual([true, true, true, true]);
    expect(calendar.knows(2003)).toBe(false);
    expect(calendar.knows(calendar.lastKnownYear)).toBe(true);
    expect(calendar.knows(calendar.lastKnownYear + 1)).toBe(false);
  });

  it('counts an unannounced year by plain weekends', () => {
    const year = calendar.lastKnownYear + 1;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 364 }), (offset) => {
        const one = day(`${year}-01-01`).add({ days: offset });
        expect(calendar.isWorkday(one)).toBe(one.dayOfWeek < 6);
      }),
    );
  });

  it('gives every day off a reason and no ordinary workday one', () => {
    for (const one of daysFrom('2018-01-01', 3_287)) {
      const name = calendar.nameOf(one);
      if (!calendar.isWorkday(one)) expect([one.toString(), name]).not.toEqual([one.toString(), '']);
      else expect([one.toString(), name]).toEqual([one.toString(), one.dayOfWeek >= 6 ? '调休上班' : '']);
    }
  });
});

describe('the company’s own days', () => {
  const own = workdayCalendar({
    workdays: ['2026-09-19'],
    daysOff: ['2026-12-31', '2026-09-20'],
    years: [2031],
  });

  it('go before the announced ones', () => {
    expect(own.isWorkday(day('2026-09-19'))).toBe(true);
    expect(own.nameOf(day('2026-09-19'))).toBe('调休上班');
    expect(own.isWorkday(day('2026-12-31'))).toBe(false);
    expect(own.nameOf(day('2026-12-31'))).toBe('公司休息日');
    expect(own.isWorkday(day('2026-09-20'))).toBe(false);
    expect(own.isWorkday(day('2026-10-01'))).toBe(false);
  });

  it('can make a year known', () => {
    expect([own.knows(2031), own.knows(2030), own.lastKnownYear]).toEqual([true, false, 2031]);
  });
});
