import { Temporal } from '../../kernel/time.ts';
import type { Targets, TaskRule, TaskType } from '../campaigns/campaigns.schema.ts';

/** What streaks need to know of a campaign's calendar. */
export interface WorkdayOrder {
  isWorkday(day: Temporal.PlainDate): boolean;
  /** Workdays from the campaign's start up to and including `day`: consecutive workdays differ by one. */
  ordinal(day: Temporal.PlainDate): number;
}

export interface Streak {
  /** Length in workdays of the run that ends on `lastDay`. */
  current: number;
  best: number;
  /** All counted days. */
  counted: number;
  lastDay: Temporal.PlainDate;
}

/**
 * The streak after a counted `day`, which must be a workday later than `before.lastDay`. Days off neither break nor
 * lengthen a run, nor do excused workdays: `excused` says how many lie between. One missed workday ends it.
 */
export function advance(
  before: Streak | undefined,
  day: Temporal.PlainDate,
  calendar: WorkdayOrder,
  excused = 0,
): Streak {
  if (before === undefined) return { current: 1, best: 1, counted: 1, lastDay: day };
  const follows = calendar.ordinal(day) - calendar.ordinal(before.lastDay) - excused === 1;
  const current = follows ? before.current + 1 : 1;
  return { current, best: Math.max(before.best, current), counted: before.counted + 1, lastDay: day };
}

/**
 * The streak from the record alone: the days that count and the excused ones, in any order; what stands twice counts
 * once. Days off count for nothing, and an excusal holds only on a day that does not count.
 */
export function recompute(
  days: readonly Temporal.PlainDate[],
  calendar: WorkdayOrder,
  excused: readonly Temporal.PlainDate[] = [],
): Streak | undefined {
  const inOrder = (some: readonly Temporal.PlainDate[]) => {
    const once = new Map(some.map((one) => [one.toString(), one]));
    return [...once.values()].filter((one) => calendar.isWorkday(one)).sort(Temporal.PlainDate.compare);
  };
  const away = inOrder(excused);
  let streak: Streak | undefined;
  let next = 0;
  for (const day of inOrder(days)) {
    const first = next;
    while (next < away.length && Temporal.PlainDate.compare(away[next] as Temporal.PlainDate, day) < 0)
      next += 1;
    streak = advance(streak, day, calendar, next - first);
    if (away[next]?.equals(day) === true) next += 1;
  }
  return streak;
}

/** What a campaign's day is for somebody: nothing yet, one that counts, or one that is excused unless it counts. */
export const DAY = { open: 0, counted: 1, excused: 2 } as const;

/**
 * `recompute` for very many people: days are places in an array from the campaign's first day on, `workdays` the places of
 * its workdays in order. `last` is the place of the last counted workday; undefined when there is none.
 */
export function streakOnDays(
  days: Uint8Array,
  workdays: readonly number[],
): { current: number; best: number; counted: number; last: number } | undefined {
  let [run, current, best, counted, last] = [0, 0, 0, 0, -1];
  for (const place of workdays) {
    if (days[place] === DAY.counted) {
      run += 1;
      counted += 1;
      current = run;
      last = place;
      if (run > best) best = run;
    } else if (days[place] === DAY.open) run = 0;
  }
  return counted === 0 ? undefined : { current, best, counted, last };
}

/**
 * How long the run is as seen on `today`: the same until today is over, nought once a workday in between went by
 * without a check-in and without an excuse; `excused` says how many of those in between have one.
 */
export function currentOn(
  streak: Streak | undefined,
  today: Temporal.PlainDate,
  calendar: WorkdayOrder,
  excused = 0,
): number {
  if (streak === undefined) return 0;
  const missed =
    calendar.ordinal(today) -
    calendar.ordinal(streak.lastDay) -
    excused -
    (calendar.isWorkday(today) ? 1 : 0);
  return missed > 0 ? 0 : streak.current;
}

/** What is still missing before a day counts; empty when it counts. */
export function missingTasks(rule: TaskRule, targets: Targets, completed: ReadonlySet<TaskType>): TaskType[] {
  const open = rule.of.filter((task) => !completed.has(task));
  if (rule.mode === 'all') return open;
  const done = rule.of.length - open.length;
  return done >= Math.min(targets.daily, rule.of.length) ? [] : open;
}

/** How many of the missing tasks a day really needs: all of them, or as many as the daily target lacks. */
export function tasksToGo(rule: TaskRule, targets: Targets, missing: readonly TaskType[]): number {
  if (rule.mode === 'all') return missing.length;
  const done = rule.of.length - missing.length;
  return Math.min(targets.daily, rule.of.length) - done;
}

/**
 * The lengths with a bonus that a check-in reached: the one of the run that it ends, and those which a late check-in
 * jumped over by joining two runs.
 */
export function lengthsReached(
  before: Pick<Streak, 'best'> | undefined,
  after: Pick<Streak, 'best' | 'current'>,
  bonuses: readonly { days: number }[],
): number[] {
  const best = before?.best ?? 0;
  const lengths = new Set(bonuses.map(({ days }) => days));
  return [...lengths].filter((days) => days === after.current || (days > best && days <= after.best));
}

/** The campaign's bonuses for exactly this length. */
export function bonusAt(length: number, bonuses: readonly { days: number; points: number }[]): number {
  return bonuses.filter(({ days }) => days === length).reduce((sum, { points }) => sum + points, 0);
}

/** A platform may redeliver for eight hours; what is older is not taken as evidence any more. */
export const OLDEST_REDELIVERY_HOURS = 8;
