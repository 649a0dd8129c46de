import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from '#src/kernel/time.ts';
import { checkCron, nextSlot } from '#src/scheduler/slots.ts';

const NEW_YORK = 'America/New_York';
const SHANGHAI = 'Asia/Shanghai';

/** The next `count` slots after `after`, as instants in UTC. */
function slots(cron: string, zone: string, after: string, count: number): string[] {
  const found: string[] = [];
  let last = Temporal.Instant.from(after);
  for (let i = 0; i < count; i += 1) {
    const next = nextSlot({ cron, zone }, last);
    if (next === undefined) break;
    found.push(next.toString());
    last = next;
  }
  return found;
}

describe('nextSlot', () => {
  it.each([
    [
      'is later than its start, never equal',
      '10 9 * * *',
      SHANGHAI,
      '2026-11-23T01:10:00Z',
      ['2026-11-24T01:10:00Z'],
    ],
    [
      'follows a start of a fraction less',
      '10 9 * * *',
      SHANGHAI,
      '2026-11-23T01:09:59.999999Z',
      ['2026-11-23T01:10:00Z'],
    ],
    [
      'is tomorrow in Shanghai at 23:30 UTC',
      '0 8 * * *',
      SHANGHAI,
      '2026-11-23T23:30:00Z',
      ['2026-11-24T00:00:00Z'],
    ],
    ['crosses a month end', '0 8 * * *', SHANGHAI, '2026-04-30T00:00:00Z', ['2026-05-01T00:00:00Z']],
    [
      'skips months without a 31st',
      '0 12 31 * *',
      'UTC',
      '2026-01-31T12:00:00Z',
      ['2026-03-31T12:00:00Z', '2026-05-31T12:00:00Z'],
    ],
    [
      'finds the last day of each month',
      '0 12 L * *',
      'UTC',
      '2028-01-31T12:00:00Z',
      ['2028-02-29T12:00:00Z', '2028-03-31T12:00:00Z'],
    ],
    [
      'waits for a leap day',
      '0 12 29 2 *',
      'UTC',
      '2026-03-01T00:00:00Z',
      ['2028-02-29T12:00:00Z', '2032-02-29T12:00:00Z'],
    ],
    ['never comes', '0 0 30 2 *', 'UTC', '2026-03-01T00:00:00Z', []],
    [
      'keeps 09:00 when New York springs forward',
      '0 9 * * *',
      NEW_YORK,
      '2026-03-07T00:00:00Z',
      ['2026-03-07T14:00:00Z', '2026-03-08T13:00:00Z', '2026-03-09T13:00:00Z'],
    ],
    [
      'comes an hour later when New York skips 02:30',
      '30 2 * * *',
      NEW_YORK,
      '2026-03-08T00:00:00Z',
      ['2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
    ],
    [
      'is found from between the jump and the moved slot',
      '30 2 * * *',
      NEW_YORK,
      '2026-03-08T07:10:00Z',
      ['2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
    ],
    [
      'is one slot when the moved one meets another',
      '30 2,3 * * *',
      NEW_YORK,
      '2026-03-08T00:00:00Z',
      ['2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
    ],
    [
      'keeps the order of time when the moved one passes another',
      '0,45 2,3 * * *',
      NEW_YORK,
      '2026-03-08T00:00:00Z',
      ['2026-03-08T07:00:00Z', '2026-03-08T07:45:00Z', '2026-03-09T06:00:00Z'],
    ],
    [
      'counts 01:30 once when New York shows it twice',
      '30 1 * * *',
      NEW_YORK,
      '2026-11-01T00:00:00Z',
      ['2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'],
    ],
    [
      'does not come again in the second 01:xx',
      '30 1 * * *',
      NEW_YORK,
      '2026-11-01T06:10:00Z',
      ['2026-11-02T06:30:00Z'],
    ],
    [
      'comes in both repeated hours when the rule is for every hour',
      '0,30 * * * *',
      NEW_YORK,
      '2026-11-01T04:45:00Z',
      [
        '2026-11-01T05:00:00Z',
        '2026-11-01T05:30:00Z',
        '2026-11-01T06:00:00Z',
        '2026-11-01T06:30:00Z',
        '2026-11-01T07:00:00Z',
      ],
    ],
    [
      'does not pause when an hour is skipped and the rule is for every hour',
      '*/30 * * * *',
      NEW_YORK,
      '2026-03-08T06:10:00Z',
      ['2026-03-08T06:30:00Z', '2026-03-08T07:00:00Z', '2026-03-08T07:30:00Z'],
    ],
    [
      'knows half-hour clock changes',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00:00Z',
      ['2026-10-03T15:45:00Z'],
    ],
    [
      'knows a skipped day',
      '0 9 * * *',
      'Pacific/Apia',
      '2011-12-29T18:00:00Z',
      ['2011-12-29T19:00:00Z', '2011-12-30T19:00:00Z'],
    ],
  ])('%s', (_name, cron, zone, after, expected) => {
    expect(slots(cron, zone, after, expected.length || 1)).toEqual(expected);
  });

  it('is every wall time that matches, once, in the order of time, across both clock changes', () => {
    const zones = fc.constantFrom(NEW_YORK, SHANGHAI, 'Europe/London', 'Australia/Lord_Howe', 'UTC');
    const starts = fc.constantFrom(
      '2026-03-07',
      '2026-10-31',
      '2026-03-28',
      '2026-10-24',
      '2026-10-03',
      '2026-04-04',
      '2028-02-27',
    );
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 4 });
    const hours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(zones, starts, minutes, hours, (zone, start, minute, hour) => {
        const from = Temporal.PlainDate.from(start);
        const to = from.add({ days: 4 }).toZonedDateTime({ timeZone: zone }).toInstant();
        const expected = wallTimes(from, 4, hour, minute)
          .map((wall) => wall.toZonedDateTime(zone).toInstant().toString())
          .sort();
        const found: string[] = [];
        let last = from.toZonedDateTime({ timeZone: zone }).toInstant().subtract({ nanoseconds: 1 });
        for (;;) {
          const next = nextSlot({ cron: `${minute.join(',')} ${hour.join(',')} * * *`, zone }, last);
          if (next === undefined || Temporal.Instant.compare(next, to) >= 0) break;
          found.push(next.toString());
          last = next;
        }
        expect(found).toEqual([...new Set(expected)]);
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on where between two slots the search starts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 * 24 * 3_600 }),
        fc.constantFrom('30 1,2 * * *', '0 */2 * * *', '*/20 * * * *'),
        (seconds, cron) => {
          const rule = { cron, zone: NEW_YORK };
          const start = Temporal.Instant.from('2026-03-07T05:00:00Z').add({ seconds });
          const next = nextSlot(rule, start);
          if (next === undefined) throw new Error('there is always a next one');
          expect(Temporal.Instant.compare(next, start)).toBe(1);
          expect(nextSlot(rule, next.subtract({ seconds: 1 }))).toEqual(next);
        },
      ),
    );
  });
});

describe('checkCron', () => {
  it.each([
    ['four fields', '0 9 * *', 'UTC'],
    ['six fields', '0 0 9 * * *', 'UTC'],
    ['a nickname', '@daily', 'UTC'],
    ['a minute that does not exist', '61 * * * *', 'UTC'],
    ['a zone that does not exist', '0 9 * * *', 'Asia/Shangri-La'],
  ])('refuses %s', (_name, cron, zone) => {
    expect(() => checkCron({ cron, zone })).toThrow(expect.objectContaining({ code: 'schedule.invalid' }));
  });

  it('accepts weekdays by name', () => {
    expect(() => checkCron({ cron: '10 9 * * MON-FRI', zone: SHANGHAI })).not.toThrow();
  });
});

function wallTimes(from: Temporal.PlainDate, days: number, hours: number[], minutes: number[]) {
  return Array.from({ length: days }, (_, day) => from.add({ days: day })).flatMap((date) =>
    hours.flatMap((hour) => minutes.map((minute) => date.toPlainDateTime({ hour, minute }))),
  );
}
