import type { Temporal } from '../../kernel/time.ts';

export interface CalendarEntry {
  uid: string;
  /** Counts changes: a calendar replaces what it has by what has a higher one. */
  sequence: number;
  title: string;
  about: string;
  where: string;
  startsAt: Temporal.Instant;
  endsAt: Temporal.Instant;
  /** When this was written. */
  at: Temporal.Instant;
  cancelled: boolean;
  /** Minutes before the start at which the calendar itself rings. */
  alarmMinutes: number;
}

/**
 * One event as RFC 5545 has it. Times are in UTC, which every calendar shows on its owner's wall clock, before and after a
 * clock change alike.
 */
export function calendarFile(entry: CalendarEntry): string {
  const { uid, sequence, title, about, where, cancelled, alarmMinutes } = entry;
  const alarm = [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `TRIGGER:-PT${alarmMinutes}M`,
    `DESCRIPTION:${escaped(title)}`,
    'END:VALARM',
  ];
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Cuhuo//Trainings//ZH',
    'CALSCALE:GREGORIAN',
    `METHOD:${cancelled ? 'CANCEL' : 'PUBLISH'}`,
    'BEGIN:VEVENT',
    `UID:${escaped(uid)}`,
    `SEQUENCE:${sequence}`,
    `DTSTAMP:${stamp(entry.at)}`,
    `DTSTART:${stamp(entry.startsAt)}`,
    `DTEND:${stamp(entry.endsAt)}`,
    `SUMMARY:${escaped(title)}`,
    `DESCRIPTION:${escaped(about)}`,
    `LOCATION:${escaped(where)}`,
    `STATUS:${cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    ...(cancelled ? [] : alarm),
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** `20260922T060000Z`. */
function stamp(at: Temporal.Instant): string {
  return at.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
}

function escaped(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ');
}

const MOST_OCTETS = 75;

/** No line is longer than 75 octets, and no character is cut in two. */
function folded(line: string): string {
  let [out, octets] = ['', 0];
  for (const letter of line) {
    const size = Buffer.byteLength(letter);
    if (octets + size > MOST_OCTETS) {
      out += '\r\n ';
      octets = 1;
    }
    out += letter;
    octets += size;
  }
  return out;
}
