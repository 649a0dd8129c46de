import { Temporal } from '../kernel/time.ts';
import type { Priority } from './priority.ts';

/** A span of the wall clock. One that ends before it begins goes over midnight. */
export interface WallSpan {
  from: Temporal.PlainTime;
  to: Temporal.PlainTime;
}

/** What holds for one person: their own wishes over their department's rules over the company's. */
export interface PersonRules {
  zone: string;
  /** When nothing that we start may arrive: nights, lunch. */
  quiet: readonly WallSpan[];
  worksOn(day: Temporal.PlainDate): boolean;
  mute: { until: Temporal.Instant | undefined } | undefined;
  /** The hour that the person chose; what we start earlier that day waits for it. */
  preferredTime: Temporal.PlainTime | undefined;
  /** Why the person is left out today: `leave`, `left`. */
  excluded: string | undefined;
  /** The departments that the person belongs to, with those above. */
  departments: readonly string[];
}

export interface Budget {
  perDay: number;
  perWeek: number;
  /** When on a day what was too much is put together. */
  digestAt: Temporal.PlainTime;
}

/** How much of the budget a person has used: on their own today, and since Monday. */
export interface Used {
  today: number;
  week: number;
}

export type Verdict =
  | { kind: 'send'; counts: boolean }
  | { kind: 'hold'; until: Temporal.Instant; reason: 'quiet-hours' | 'day-off' | 'preferred-hour' | 'budget' }
  | { kind: 'exclude'; reason: string };

export interface Candidate {
  priority: Priority;
  /** Held by the budget before and now too few for a digest: it goes out as itself. */
  afterBudget: boolean;
}

/** What to do with a message to one person at this moment. */
export function verdictOn(
  candidate: Candidate,
  rules: PersonRules,
  used: Used,
  budget: Budget,
  now: Temporal.Instant,
): Verdict {
  const { priority } = candidate;
  if (priority === 'answer') return { kind: 'send', counts: false };
  if (rules.excluded === 'left') return { kind: 'exclude', reason: 'left' };
  if (priority === 'urgent' || priority === 'official') return { kind: 'send', counts: false };
  if (rules.excluded !== undefined) return { kind: 'exclude', reason: rules.excluded };
  if (isMuted(rules, now)) return { kind: 'exclude', reason: 'muted' };
  const open = firstOpenMoment(rules, now);
  if (open.reason !== undefined) return { kind: 'hold', until: open.at, reason: open.reason };
  if (priority === 'digest' || candidate.afterBudget) return { kind: 'send', counts: true };
  if (used.today >= budget.perDay || used.week >= budget.perWeek)
    return { kind: 'hold', until: nextDigest(rules, budget, now), reason: 'budget' };
  return { kind: 'send', counts: true };
}

function isMuted({ mute }: PersonRules, now: Temporal.Instant): boolean {
  return mute !== undefined && (mute.until === undefined || Temporal.Instant.compare(now, mute.until) < 0);
}

export interface OpenMoment {
  at: Temporal.Instant;
  /** Which rule made it wait; undefined when the moment is `from` itself. */
  reason: 'quiet-hours' | 'day-off' | 'preferred-hour' | undefined;
}

/** A year of days off in a row is no calendar but a mistake; then it goes out rather than never. */
const MOST_DAYS = 366;

/** The first moment from `from` on at which something that we start may reach this person. */
export function firstOpenMoment(rules: PersonRules, from: Temporal.Instant): OpenMoment {
  let at = from.toZonedDateTimeISO(rules.zone);
  let reason: OpenMoment['reason'];
  for (let days = 0; days < MOST_DAYS; ) {
    if (!rules.worksOn(at.toPlainDate())) {
      reason ??= 'day-off';
      at = at.toPlainDate().add({ days: 1 }).toZonedDateTime(rules.zone);
      days += 1;
      continue;
    }
    const time = at.toPlainTime();
    if (rules.preferredTime !== undefined && Temporal.PlainTime.compare(time, rules.preferredTime) < 0) {
      reason ??= 'preferred-hour';
      at = forward(at, rules.preferredTime);
      continue;
    }
    const span = rules.quiet.find((one) => within(time, one));
    if (span === undefined) break;
    reason ??= 'quiet-hours';
    const day = at.toPlainDate();
    at = forward(at, span.to);
    if (!at.toPlainDate().equals(day)) days += 1;
  }
  return { at: at.toInstant(), reason };
}

/** A span from a time to the same time is empty. */
function within(time: Temporal.PlainTime, { from, to }: WallSpan): boolean {
  const order = Temporal.PlainTime.compare(from, to);
  if (order === 0) return false;
  const begun = Temporal.PlainTime.compare(time, from) >= 0;
  const over = Temporal.PlainTime.compare(time, to) >= 0;
  return order < 0 ? begun && !over : begun || !over;
}

/** The next time that the wall clock shows `time`; always later than `at`, also where a clock change skips it. */
function forward(at: Temporal.ZonedDateTime, time: Temporal.PlainTime): Temporal.ZonedDateTime {
  const today = at.withPlainTime(time);
  if (Temporal.ZonedDateTime.compare(today, at) > 0) return today;
  return at.toPlainDate().add({ days: 1 }).toZonedDateTime({ timeZone: at.timeZoneId, plainTime: time });
}

/** The next digest hour on a day that the person works, moved out of their quiet hours. */
export function nextDigest(rules: PersonRules, budget: Budget, now: Temporal.Instant): Temporal.Instant {
  let day = now.toZonedDateTimeISO(rules.zone).toPlainDate();
  for (let days = 0; days < MOST_DAYS; days += 1) {
    const at = day.toZonedDateTime({ timeZone: rules.zone, plainTime: budget.digestAt }).toInstant();
    if (Temporal.Instant.compare(at, now) > 0 && rules.worksOn(day)) return firstOpenMoment(rules, at).at;
    day = day.add({ days: 1 });
  }
  return now;
}

/** Monday of the week in which `day` lies. */
export function weekStart(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.subtract({ days: day.dayOfWeek - 1 });
}
