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
 * The streak after a check-in on `day`, which must be a workday later than `before.lastDay`. Days off neither break
 * nor lengthen a run; one missed workday ends it.
 */
export function advance(before: Streak | undefined, day: Temporal.PlainDate, calendar: WorkdayOrder): Streak {
  if (before === undefined) return { current: 1, best: 1, counted: 1, lastDay: day };
  const follows = calendar.ordinal(day) - calendar.ordinal(before.lastDay) === 1;
  const current = follows ? before.current + 1 : 1;
  return { current, best: Math.max(before.best, current), counted: before.counted + 1, lastDay: day };
}

/** The streak from the evidence alone: the check-in days, in any order, each at most once. */
export function recompute(days: readonly Temporal.PlainDate[], calendar: WorkdayOrder): Streak | undefined {
  let streak: Streak | undefined;
  for (const day of [...days].sort(Temporal.PlainDate.compare)) streak = advance(streak, day, calendar);
  return streak;
}

/**
 * How long the run is as seen on `today`: the same until today is over, nought once a workday in between went by
 * without a check-in.
 */
export function currentOn(
  streak: Streak | undefined,
  today: Temporal.PlainDate,
  calendar: WorkdayOrder,
): number {
  if (streak === undefined) return 0;
  const missed =
    calendar.ordinal(today) - calendar.ordinal(streak.lastDay) - (calendar.isWorkday(today) ? 1 : 0);
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
  before: Streak | undefined,
  after: Streak,
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
