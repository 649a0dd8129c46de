import { describe, expect, it } from '@jest/globals';
import { dayAndRest, judge, periodFrom } from '#src/features/makeups/makeups.rules.ts';
import { calendarFrom, day } from '../../support/calendar.ts';

describe('the day that somebody names', () => {
  it.each([
    ['11-12 开会', '2026-11-24', '2026-11-12', '开会'],
    ['11/12，去客户那里', '2026-11-24', '2026-11-12', '去客户那里'],
    ['11月12日 网络坏了', '2026-11-24', '2026-11-12', '网络坏了'],
    ['2026-11-12', '2026-11-24', '2026-11-12', ''],
    ['12号 忘了', '2026-11-24', '2026-11-12', '忘了'],
    ['30日 忘了', '2026-11-24', '2026-10-30', '忘了'],
    ['昨天 出差', '2026-11-24', '2026-11-23', '出差'],
    ['yesterday was travelling', '2026-11-24', '2026-11-23', 'was travelling'],
    ['12-30 放假前忘了', '2027-01-04', '2026-12-30', '放假前忘了'],
    ['11-27 提前补', '2026-11-24', '2026-11-27', '提前补'],
    ['2-29', '2028-03-01', '2028-02-29', ''],
  ])('%s', (said, today, on, rest) => {
    const found = dayAndRest(said, day(today));
    expect({ day: found.day?.toString(), rest: found.rest }).toEqual({ day: on, rest });
  });

  it.each(['3 个会连着开', '那天忘了', '', '13-45 什么', '2-30'])('is none in “%s”', (said) => {
    expect(dayAndRest(said, day('2026-11-24'))).toEqual({ day: undefined, rest: said });
  });
});

describe('whether a day may be made up', () => {
  const calendar = calendarFrom('2026-11-02', 30);
  const rule = { perPeriod: 2, withinWorkdays: 5, approver: 'hr' as const };
  const asked = (changes: Partial<Parameters<typeof judge>[0]> = {}) => ({
    day: day('2026-11-12'),
    today: day('2026-11-16'),
    calendar,
    member: true,
    counted: false,
    excused: false,
    pending: false,
    used: 0,
    ...changes,
  });
  it.each([
    ['ok', {}],
    ['ok', { today: day('2026-11-19') }],
    ['too-late', { today: day('2026-11-20') }],
    ['not-over', { today: day('2026-11-12') }],
    ['not-over', { day: day('2026-11-17') }],
    ['day-off', { day: day('2026-11-14') }],
    ['not-member', { member: false }],
    ['counted', { counted: true }],
    ['excused', { excused: true }],
    ['pending', { pending: true }],
    ['used-up', { used: 2 }],
  ])('%s %#', (judgement, changes) => {
    expect(judge(asked(changes), rule)).toBe(judgement);
  });

  it('is never, where the rule gives none', () => {
    expect(judge(asked(), { ...rule, perPeriod: 0 })).toBe('not-allowed');
  });

  it('counts against the month, or what the campaign has of it', () => {
    expect(periodFrom(day('2026-11-12'), { startsOn: day('2026-11-09') }).toString()).toBe('2026-11-09');
    expect(periodFrom(day('2026-12-31'), { startsOn: day('2026-11-09') }).toString()).toBe('2026-12-01');
  });
});
