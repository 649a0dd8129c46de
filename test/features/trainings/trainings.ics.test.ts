import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CalendarEntry, calendarFile } from '#src/features/trainings/trainings.ics.ts';
import { instant } from '../../support/calendar.ts';

const entry: CalendarEntry = {
  uid: 'abc@cuhuo',
  sequence: 2,
  title: '表格入门; 公式, 图表',
  about: '带上电脑\n讲师：王老师',
  where: '3 楼培训室',
  startsAt: instant('2026-09-22T06:00:00Z'),
  endsAt: instant('2026-09-22T07:30:00Z'),
  at: instant('2026-09-01T00:00:00.123Z'),
  cancelled: false,
  alarmMinutes: 60,
};

/** What a calendar reads: lines put together again, then names with their values. */
function read(file: string): Map<string, string> {
  const lines = file.replace(/\r\n[ \t]/g, '').split('\r\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

describe('the calendar file', () => {
  it('has what a calendar needs, in UTC', () => {
    const file = calendarFile(entry);
    expect(file.startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\n')).toBe(true);
    expect(file.endsWith('END:VEVENT\r\nEND:VCALENDAR\r\n')).toBe(true);
    const fields = read(file);
    expect(fields.get('DTSTART')).toBe('20260922T060000Z');
    expect(fields.get('DTEND')).toBe('20260922T073000Z');
    expect(fields.get('DTSTAMP')).toBe('20260901T000000Z');
    expect(fields.get('SEQUENCE')).toBe('2');
    expect(fields.get('STATUS')).toBe('CONFIRMED');
    expect(fields.get('TRIGGER')).toBe('-PT60M');
    expect(fields.get('SUMMARY')).toBe('表格入门\\; 公式\\, 图表');
  });

  it('takes the entry away when the class is cancelled', () => {
    const fields = read(calendarFile({ ...entry, cancelled: true }));
    expect(fields.get('METHOD')).toBe('CANCEL');
    expect(fields.get('STATUS')).toBe('CANCELLED');
    expect(fields.get('TRIGGER')).toBeUndefined();
  });

  it('folds lines at 75 octets without cutting a character, and gives every text back', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ unit: 'binary', maxLength: 80 }),
        (title, about) => {
          const file = calendarFile({ ...entry, title, about });
          for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          const back = (read(file).get('SUMMARY') ?? '').replace(/\\([\\;,n])/g, (_all, sign: string) =>
            sign === 'n' ? '\n' : sign,
          );
          const plain = title.replace(/\r\n|\r|\n/g, '\n').replace(/(?!\n)\p{Cc}/gu, ' ');
          expect(back).toBe(plain);
        },
      ),
    );
  });

  it('lets no text begin a line of its own', () => {
    const file = calendarFile({ ...entry, title: 'x\r\nATTENDEE:mailto:boss', about: 'y\nEND:VCALENDAR' });
    expect(file.split('\r\n').filter((line) => /^(ATTENDEE|END:VCALENDAR)/.test(line))).toEqual([
      'END:VCALENDAR',
    ]);
  });
});
