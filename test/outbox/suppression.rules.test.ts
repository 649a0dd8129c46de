import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDay, Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import type { Priority } from '#src/outbox/priority.ts';
import { firstOpenMoment, nextDigest, type PersonRules, verdictOn } from '#src/outbox/suppression.rules.ts';

const calendar = workdayCalendar();
const time = (text: string) => Temporal.PlainTime.from(text);
const at = (text: string) => Temporal.Instant.from(text);
const night = { from: time('20:30'), to: time('08:00') };
const lunch = { from: time('12:00'), to: time('13:30') };
const budget = { perDay: 3, perWeek: 10, digestAt: time('17:30') };

const rules = (more: Partial<PersonRules> = {}): PersonRules => ({
  zone: 'Asia/Shanghai',
  quiet: [night, lunch],
  worksOn: calendar.isWorkday,
  mute: undefined,
  preferredTime: undefined,
  excluded: undefined,
  departments: [],
  ...more,
});
const verdict = (
  now: string,
  more: Partial<PersonRules> = {},
  priority: Priority = 'campaign',
  used = { today: 0, week: 0 },
) => verdictOn({ priority, afterBudget: false }, rules(more), used, budget, at(now));

describe('a message that we start', () => {
  it.each([
    // 2026-11-24 is a Tuesday.
    ['goes out in the morning', '2026-11-24T01:10:00Z', { kind: 'send', counts: true }],
    [
      'waits for the end of lunch',
      '2026-11-24T04:00:00Z',
      { kind: 'hold', reason: 'quiet-hours', until: at('2026-11-24T05:30:00Z') },
    ],
    [
      'waits for the next morning at night',
      '2026-11-24T12:30:00Z',
      { kind: 'hold', reason: 'quiet-hours', until: at('2026-11-25T00:00:00Z') },
    ],
    [
      'waits over the weekend',
      '2026-11-27T13:00:00Z',
      { kind: 'hold', reason: 'quiet-hours', until: at('2026-11-30T00:00:00Z') },
    ],
    [
      'waits on a day off',
      '2026-11-28T02:00:00Z',
      { kind: 'hold', reason: 'day-off', until: at('2026-11-30T00:00:00Z') },
    ],
    ['goes out on a Sunday that is worked in lieu', '2026-09-20T02:00:00Z', { kind: 'send', counts: true }],
    [
      'waits for the end of National Day',
      '2026-10-01T02:00:00Z',
      { kind: 'hold', reason: 'day-off', until: at('2026-10-08T00:00:00Z') },
    ],
  ])('%s', (_name, now, expected) => {
    expect(verdict(now)).toEqual(expected);
  });

  it('waits for the hour that the person chose, and goes at any time after it', () => {
    const wish = { preferredTime: time('10:30') };
    expect(verdict('2026-11-24T01:10:00Z', wish)).toEqual({
      kind: 'hold',
      reason: 'preferred-hour',
      until: at('2026-11-24T02:30:00Z'),
    });
    expect(verdict('2026-11-24T02:30:00Z', wish)).toMatchObject({ kind: 'send' });
  });

  it('does not reach whoever is muted, on leave or gone', () => {
    expect(verdict('2026-11-24T01:10:00Z', { mute: { until: undefined } })).toEqual({
      kind: 'exclude',
      reason: 'muted',
    });
    expect(verdict('2026-11-24T01:10:00Z', { mute: { until: at('2026-11-24T01:00:00Z') } })).toMatchObject({
      kind: 'send',
    });
    expect(verdict('2026-11-24T01:10:00Z', { excluded: 'leave' })).toEqual({
      kind: 'exclude',
      reason: 'leave',
    });
  });

  it('is put into the digest of the day when the budget is used up, of the week on the next workday', () => {
    const full = { today: 3, week: 3 };
    expect(verdict('2026-11-24T02:00:00Z', {}, 'campaign', full)).toEqual({
      kind: 'hold',
      reason: 'budget',
      until: at('2026-11-24T09:30:00Z'),
    });
    expect(verdict('2026-11-27T10:00:00Z', {}, 'campaign', full)).toEqual({
      kind: 'hold',
      reason: 'budget',
      until: at('2026-11-30T09:30:00Z'),
    });
    expect(verdict('2026-11-24T02:00:00Z', {}, 'campaign', { today: 0, week: 10 })).toMatchObject({
      reason: 'budget',
    });
  });
});

describe('what may always come', () => {
  const midnight = '2026-11-28T18:00:00Z';
  it.each<[Priority, Partial<PersonRules>]>([
    ['urgent', { mute: { until: undefined }, excluded: 'leave' }],
    ['official', { mute: { until: undefined }, excluded: 'trip' }],
    ['answer', { excluded: 'left' }],
  ])('%s passes night, day off, mute and budget', (priority, more) => {
    expect(verdict(midnight, more, priority, { today: 99, week: 99 })).toEqual({
      kind: 'send',
      counts: false,
    });
  });

  it('does not follow people who have left the company', () => {
    expect(verdict(midnight, { excluded: 'left' }, 'official')).toEqual({ kind: 'exclude', reason: 'left' });
  });
});

describe('the first open moment', () => {
  const clock = fc
    .integer({ min: 0, max: 23 * 60 + 59 })
    .map((m) => time(`${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`));
  const anybody = fc.record({
    zone: fc.constantFrom(
      'Asia/Shanghai',
      'America/New_York',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ),
    quiet: fc.array(fc.record({ from: clock, to: clock }), { maxLength: 3 }),
    preferredTime: fc.option(clock, { nil: undefined }),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  });
  const moments = fc
    .integer({ min: 0, max: 366 * 24 * 60 })
    .map((m) => at('2026-01-01T00:00:00Z').add({ minutes: m }));

  it('lies on a day that is worked, outside of quiet spans, and is never earlier than asked', () => {
    fc.assert(
      fc.property(anybody, moments, ({ weekdays, ...person }, from) => {
        const all = rules({ ...person, worksOn: (day) => weekdays.includes(day.dayOfWeek) });
        // Spans that leave no minute of the day cannot be kept; they do not end in silence for ever.
        fc.pre(hasOpenMinute(all));
        const { at: found } = firstOpenMoment(all, from);
        expect(Temporal.Instant.compare(found, from)).toBeGreaterThanOrEqual(0);
        const local = found.toZonedDateTimeISO(all.zone);
        expect(weekdays).toContain(local.dayOfWeek);
        expect(isQuiet(all, local.toPlainTime())).toBe(false);
        expect(firstOpenMoment(all, found)).toEqual({ at: found, reason: undefined });
      }),
      { numRuns: 80 },
    );
  });

  it('is found again at once for the digest', () => {
    fc.assert(
      fc.property(moments, (now) => {
        const due = nextDigest(rules(), budget, now);
        expect(Temporal.Instant.compare(due, now)).toBe(1);
        expect(calendar.isWorkday(localDay(due, 'Asia/Shanghai'))).toBe(true);
      }),
    );
  });

  function isQuiet({ quiet }: PersonRules, now: Temporal.PlainTime): boolean {
    return quiet.some(({ from, to }) => {
      const order = Temporal.PlainTime.compare(from, to);
      const [begun, over] = [
        Temporal.PlainTime.compare(now, from) >= 0,
        Temporal.PlainTime.compare(now, to) >= 0,
      ];
      return order !== 0 && (order < 0 ? begun && !over : begun || !over);
    });
  }

  function hasOpenMinute(all: PersonRules): boolean {
    const from = all.preferredTime ?? time('00:00');
    for (let m = from.hour * 60 + from.minute; m < 24 * 60; m += 1)
      if (!isQuiet(all, time('00:00').add({ minutes: m }))) return true;
    return false;
  }
});
