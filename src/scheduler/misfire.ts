import { localDay, Temporal } from '../kernel/time.ts';
import type { WorkdayCalendar } from '../kernel/workdays.ts';
import type { Misfire } from './scheduler.tables.ts';
import { nextSlot } from './slots.ts';

/** What of a schedule row decides about its slots. */
export interface Timing {
  /** Null for a single instant. */
  cron: string | null;
  zone: string;
  calendar: 'every-day' | 'workdays';
  misfire: Misfire;
  nextAt: Temporal.Instant;
  until: Temporal.Instant | null;
  /** How often the job threw at `nextAt`. */
  attempts: number;
}

export type Decision =
  | { slot: Temporal.Instant; kind: 'fire' }
  | { slot: Temporal.Instant; kind: 'skip'; reason: 'day-off' | 'too-late' | 'superseded' | 'failed' };

export interface Plan {
  /** In slot order, from `nextAt` on, none left out. */
  decisions: Decision[];
  /** The first slot that is not decided; it lies in the past when the limit cut the plan short. */
  nextAt: Temporal.Instant | null;
}

/** Lateness that nobody calls late: a wake takes its time. */
const PUNCTUAL_MS = 60_000;

/**
 * Decides every slot between `nextAt` and `now`, at most `limit` of them. How the work is cut by `limit` does not
 * change what is decided.
 */
export function planSlots(
  timing: Timing,
  now: Temporal.Instant,
  calendar: WorkdayCalendar,
  limit: number,
): Plan {
  const slots: Temporal.Instant[] = [];
  let next: Temporal.Instant | null = timing.nextAt;
  while (next !== null && isDue(next, now) && slots.length < limit) {
    slots.push(next);
    next = slotAfter(timing, next);
  }
  const keeper =
    timing.misfire.policy === 'once' ? newestWorked(timing, slots, next, now, calendar) : undefined;
  const decisions = slots.map((slot): Decision => {
    const reason = reasonToSkip(timing, slot, now, calendar, keeper);
    if (reason === undefined) return { slot, kind: 'fire' };
    const tried = timing.attempts > 0 && slot.equals(timing.nextAt);
    return { slot, kind: 'skip', reason: tried ? 'failed' : reason };
  });
  return { decisions, nextAt: next };
}

/** The slot that follows, or null when the schedule ends. */
export function slotAfter(
  timing: Pick<Timing, 'cron' | 'zone' | 'until'>,
  slot: Temporal.Instant,
): Temporal.Instant | null {
  if (timing.cron === null) return null;
  const next = nextSlot({ cron: timing.cron, zone: timing.zone }, slot);
  if (next === undefined) return null;
  return timing.until !== null && Temporal.Instant.compare(next, timing.until) > 0 ? null : next;
}

/** Until when a slot may still be fired; undefined when it never gets too late. */
export function lastMoment(misfire: Misfire, slot: Temporal.Instant): Temporal.Instant | undefined {
  switch (misfire.policy) {
    case 'late-until':
      return slot.add({ minutes: misfire.minutes });
    case 'skip':
      return slot.add({ milliseconds: PUNCTUAL_MS });
    case 'once':
      return undefined;
  }
}

function reasonToSkip(
  timing: Timing,
  slot: Temporal.Instant,
  now: Temporal.Instant,
  calendar: WorkdayCalendar,
  keeper: Temporal.Instant | undefined,
): 'day-off' | 'too-late' | 'superseded' | undefined {
  if (isDayOff(timing, slot, calendar)) return 'day-off';
  if (timing.misfire.policy === 'once') return keeper?.equals(slot) ? undefined : 'superseded';
  const last = lastMoment(timing.misfire, slot);
  return last !== undefined && Temporal.Instant.compare(now, last) > 0 ? 'too-late' : undefined;
}

/**
 * The newest due slot on a worked day. Looks beyond the slots of this plan, because a slot is superseded by any
 * later one that is due, also by one which the next plan will decide; undefined when such a one exists.
 */
function newestWorked(
  timing: Timing,
  slots: readonly Temporal.Instant[],
  beyond: Temporal.Instant | null,
  now: Temporal.Instant,
  calendar: WorkdayCalendar,
): Temporal.Instant | undefined {
  for (let slot = beyond; slot !== null && isDue(slot, now); slot = slotAfter(timing, slot)) {
    if (!isDayOff(timing, slot, calendar)) return undefined;
  }
  return slots.findLast((slot) => !isDayOff(timing, slot, calendar));
}

function isDayOff(timing: Timing, slot: Temporal.Instant, calendar: WorkdayCalendar): boolean {
  return timing.calendar === 'workdays' && !calendar.isWorkday(localDay(slot, timing.zone));
}

function isDue(slot: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(slot, now) <= 0;
}
