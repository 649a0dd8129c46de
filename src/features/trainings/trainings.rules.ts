import { Temporal } from '../../kernel/time.ts';

/** Steps are `7d`, `3d`, `1d`: days on the reader's wall clock; or `1h`, `30m`: time that passes. */
const perUnit = { d: 24 * 60, h: 60, m: 1 } as const;

export function stepMinutes(step: string): number {
  return Number.parseInt(step, 10) * perUnit[step.slice(-1) as keyof typeof perUnit];
}

/** Whether everybody gets this reminder at one moment, wherever they live. */
export const isOfDays = (step: string): boolean => step.endsWith('d');

/** When a reminder is due: a day before 14:00 is 14:00 on the wall, also when the clocks changed in between. */
export function reminderAt(step: string, startsAt: Temporal.Instant, zone: string): Temporal.Instant {
  const n = Number.parseInt(step, 10);
  if (isOfDays(step)) return startsAt.toZonedDateTimeISO(zone).subtract({ days: n }).toInstant();
  return startsAt.subtract({ minutes: stepMinutes(step) });
}

/** The last of the steps passes quiet hours: it is the one that must not be missed. */
export function lastStep(steps: readonly string[]): string | undefined {
  return [...steps].sort((a, b) => stepMinutes(a) - stepMinutes(b))[0];
}

export interface Reminding {
  state: 'draft' | 'open' | 'cancelled';
  startsAt: Temporal.Instant;
  reminders: readonly string[];
  openedAt: Temporal.Instant | null;
  /** When people were last told about a change. */
  changedAt: Temporal.Instant | null;
}

const isBefore = (a: Temporal.Instant, b: Temporal.Instant) => Temporal.Instant.compare(a, b) < 0;

/** Why a reminder that is due is not sent; undefined when it is. */
export function whyNotRemind(
  training: Reminding,
  { step, zone, slot, now }: { step: string; zone: string; slot: Temporal.Instant; now: Temporal.Instant },
): string | undefined {
  const { startsAt, reminders, openedAt, changedAt } = training;
  if (training.state !== 'open') return training.state === 'draft' ? 'draft' : 'cancelled';
  if (!reminders.includes(step)) return 'not-wanted';
  if (!reminderAt(step, startsAt, zone).equals(slot)) return 'moved';
  if (!isBefore(now, startsAt)) return 'begun';
  if (openedAt !== null && isBefore(slot, openedAt)) return 'opened-later';
  // Whoever was told about a new time a moment ago knows it.
  const quarter = { seconds: stepMinutes(step) * 15 };
  if (changedAt !== null && isBefore(slot, changedAt.add(quarter))) return 'just-moved';
  const next = reminders.some((other) => {
    const at = reminderAt(other, startsAt, zone);
    return isBefore(slot, at) && !isBefore(now, at);
  });
  return next ? 'superseded' : undefined;
}

/** Until when a reminder makes sense: the next one, or the class itself. */
export function reminderEnds(training: Reminding, step: string, zone: string): Temporal.Instant {
  const mine = reminderAt(step, training.startsAt, zone);
  const later = training.reminders
    .map((other) => reminderAt(other, training.startsAt, zone))
    .filter((at) => isBefore(mine, at))
    .sort(Temporal.Instant.compare);
  return later[0] ?? training.startsAt;
}

/** Somebody who is in or waits, with the quotas that their departments count towards. */
export interface Seated {
  employeeId: string;
  quotas: readonly string[];
}

export interface Room {
  /** Null: as many as come. */
  seats: number | null;
  quotas: ReadonlyMap<string, number>;
}

const countOf = (people: readonly Seated[], quota: string): number =>
  people.filter(({ quotas }) => quotas.includes(quota)).length;

/** Whether one more person fits: into the room, and into the share of each of their departments. */
export function fits(room: Room, seated: readonly Seated[], person: Seated): boolean {
  if (room.seats !== null && seated.length >= room.seats) return false;
  return person.quotas.every((quota) => countOf(seated, quota) < (room.quotas.get(quota) ?? Infinity));
}

/** Who moves up, in the order of the list; whoever does not fit into a share lets the next one pass. */
export function movingUp(room: Room, seated: readonly Seated[], waiting: readonly Seated[]): Seated[] {
  const inside = [...seated];
  const up: Seated[] = [];
  for (const person of waiting) {
    if (!fits(room, inside, person)) continue;
    inside.push(person);
    up.push(person);
  }
  return up;
}

export interface Span {
  startsAt: Temporal.Instant;
  endsAt: Temporal.Instant;
}

/** Whether two classes have a moment in common; one that begins when the other ends has none. */
export function overlaps(a: Span, b: Span): boolean {
  return isBefore(a.startsAt, b.endsAt) && isBefore(b.startsAt, a.endsAt);
}

/** Doors open half an hour before, and close a quarter after the end. */
export function takesAttendance(span: Span, at: Temporal.Instant): boolean {
  return (
    !isBefore(at, span.startsAt.subtract({ minutes: 30 })) && !isBefore(span.endsAt.add({ minutes: 15 }), at)
  );
}

export function isLate(startsAt: Temporal.Instant, lateAfterMinutes: number, at: Temporal.Instant): boolean {
  return isBefore(startsAt.add({ minutes: lateAfterMinutes }), at);
}

/** The starts of a series, on one wall clock: 14:00 stays 14:00 when the clocks change. */
export function seriesStarts(
  first: Temporal.Instant,
  zone: string,
  everyDays: number,
  count: number,
): Temporal.Instant[] {
  const start = first.toZonedDateTimeISO(zone);
  return Array.from({ length: count }, (_, n) => start.add({ days: n * everyDays }).toInstant());
}

const spoken =
  /^(?:(\d{1,4})\s*(?:小时|时|h(?:ours?)?)\s*)?(?:(\d{1,4})\s*(?:分钟|分|m(?:in(?:ute)?s?)?)\s*)?(?:(\d{1,4})\s*(?:秒|s(?:ec(?:ond)?s?)?)\s*)?$/i;
const clocked = /^(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$/;
const MOST_MINUTES = 24 * 60;

/**
 * Minutes in a cell of an online meeting's list: `85`, `1:25` and `1:25:00` (hours first), `1小时25分`, `85 min`. A number
 * is minutes. Undefined for whatever else, and for more than a day.
 */
export function minutesIn(cell: unknown): number | undefined {
  const whole = (minutes: number) =>
    Number.isFinite(minutes) && minutes >= 0 && minutes <= MOST_MINUTES ? Math.floor(minutes) : undefined;
  if (typeof cell === 'number') return whole(cell);
  const said = String(cell).normalize('NFKC').trim();
  if (/^\d+(\.\d+)?$/.test(said)) return whole(Number(said));
  const parts = clocked.exec(said) ?? (said === '' ? null : spoken.exec(said));
  if (parts === null || parts.slice(1).every((part) => part === undefined)) return undefined;
  const [hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return whole((hours ?? 0) * 60 + (minutes ?? 0) + (seconds ?? 0) / 60);
}
