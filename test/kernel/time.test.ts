import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isZone,
  localDay,
  manualClock,
  monthDays,
  startOfDay,
  Temporal,
  wallTime,
} from '#src/kernel/time.ts';
import { instant } from '../support/calendar.ts';

const zones = Intl.supportedValuesOf('timeZone');
const moments = fc
  .integer({
    min: Temporal.Instant.from('2018-01-01T00:00:00Z').epochMilliseconds,
    max: Temporal.Instant.from('2026-12-31T23:59:59Z').epochMilliseconds,
  })
  .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));

/** The calendar day as the platform's own formatter tells it: another implementation of the same zone data. */
function dayByIntl(at: Temporal.Instant, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return parts.format(new Date(at.epochMilliseconds));
}

describe('the day of a tap', () => {
  it.each([
    ['23:30 UTC is already tomorrow in Shanghai', '2026-03-01T23:30:00Z', 'Asia/Shanghai', '2026-03-02'],
    ['the last second of a Shanghai day', '2026-02-28T15:59:59Z', 'Asia/Shanghai', '2026-02-28'],
    ['the first second of a Shanghai day', '2026-02-28T16:00:00Z', 'Asia/Shanghai', '2026-03-01'],
    ['a leap day', '2024-02-28T16:00:00Z', 'Asia/Shanghai', '2024-02-29'],
    ['the evening before in New York', '2026-03-02T03:00:00Z', 'America/New_York', '2026-03-01'],
    ['before New York springs forward', '2026-03-08T06:59:59Z', 'America/New_York', '2026-03-08'],
    ['after New York springs forward', '2026-03-09T03:59:59Z', 'America/New_York', '2026-03-08'],
    ['the first midnight after it', '2026-03-09T04:00:00Z', 'America/New_York', '2026-03-09'],
    ['the hour that New York has twice', '2026-11-01T06:30:00Z', 'America/New_York', '2026-11-01'],
    ['the last second of the 25-hour day', '2026-11-02T04:59:59Z', 'America/New_York', '2026-11-01'],
    ['Berlin in summer', '2026-07-01T22:00:00Z', 'Europe/Berlin', '2026-07-02'],
    ['Berlin in winter', '2026-12-01T22:00:00Z', 'Europe/Berlin', '2026-12-01'],
    ['Lord Howe moves by half an hour', '2026-04-04T13:15:00Z', 'Australia/Lord_Howe', '2026-04-05'],
    ['Apia before it gave up its clock change', '2021-04-03T10:30:00Z', 'Pacific/Apia', '2021-04-04'],
    ['Apia jumped over 2011-12-30', '2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31'],
    ['Kiritimati is a day ahead of Honolulu', '2026-03-01T11:00:00Z', 'Pacific/Kiritimati', '2026-03-02'],
    ['Honolulu', '2026-03-01T11:00:00Z', 'Pacific/Honolulu', '2026-03-01'],
  ])('%s', (_name, at, zone, day) => {
    expect(localDay(instant(at), zone).toString()).toBe(day);
  });

  it('is the day on the wall in every zone that Node knows', () => {
    for (const zone of zones) {
      fc.assert(
        fc.property(moments, (at) => localDay(at, zone).toString() === dayByIntl(at, zone)),
        { numRuns: 8 },
      );
    }
  });

  it('is the same for every second of the day, in every zone', () => {
    const second = fc.record({
      at: moments,
      zone: fc.constantFrom(...zones),
      share: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    fc.assert(
      fc.property(second, ({ at, zone, share }) => {
        const day = localDay(at, zone);
        const from = startOfDay(day, zone);
        const length = from.until(startOfDay(day.add({ days: 1 }), zone)).total('seconds');
        const other = from.add({ seconds: Math.floor(length * share) });
        expect(localDay(other, zone).toString()).toBe(day.toString());
      }),
      { numRuns: 400 },
    );
  });
});

describe('the start of a day', () => {
  it.each([
    ['Africa/Cairo', '2023-04-28', '2023-04-27T22:00:00Z', '01:00'],
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z', '01:00'],
    ['Asia/Beirut', '2022-03-27', '2022-03-26T22:00:00Z', '01:00'],
    ['Asia/Shanghai', '2026-03-01', '2026-02-28T16:00:00Z', '00:00'],
    ['America/Havana', '2026-03-08', '2026-03-08T05:00:00Z', '01:00'],
  ])('in %s on %s is the first instant that there is', (zone, iso, start, wall) => {
    const at = startOfDay(Temporal.PlainDate.from(iso), zone);
    expect(at.toString()).toBe(start);
    expect(wallTime(at, zone)).toBe(wall);
    expect(localDay(at, zone).toString()).toBe(iso);
    expect(localDay(at.subtract({ nanoseconds: 1 }), zone).toString()).not.toBe(iso);
  });

  it('belongs to the day and the instant before it does not, in every zone', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...zones), (at, zone) => {
        const day = localDay(at, zone);
        const start = startOfDay(day, zone);
        expect(localDay(start, zone).toString()).toBe(day.toString());
        expect(Temporal.PlainDate.compare(localDay(start.subtract({ nanoseconds: 1 }), zone), day)).toBe(-1);
      }),
      { numRuns: 400 },
    );
  });
});

describe('small things about time', () => {
  it('tells the time on the wall', () => {
    expect(wallTime(instant('2026-07-01T07:05:59Z'), 'Europe/Berlin')).toBe('09:05');
  });

  it('knows which names are zones', () => {
    expect(zones.filter((zone) => !isZone(zone))).toEqual([]);
    expect(['Mars/Base', '', '北京'].filter(isZone)).toEqual([]);
  });

  it('gives a month by its first and last day', () => {
    const { from, to } = monthDays(Temporal.PlainYearMonth.from('2024-02'));
    expect([from.toString(), to.toString()]).toEqual(['2024-02-01', '2024-02-29']);
  });

  it('lets the manual clock move forward only', () => {
    const clock = manualClock('2026-03-01T00:00:00Z');
    clock.set(instant('2026-03-01T00:00:01Z'));
    expect(() => clock.set(instant('2026-03-01T00:00:00Z'))).toThrow(RangeError);
    expect(clock.now().toString()).toBe('2026-03-01T00:00:01Z');
  });
});
