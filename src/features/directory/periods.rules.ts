import { Temporal } from '../../kernel/time.ts';

/** A stretch of days during which something held: a membership or a role. */
export interface Period {
  id: string;
  /** What held: periods of one key say the same. */
  key: string;
  from: Temporal.PlainDate;
  /** The last day; null while it lasts. */
  to: Temporal.PlainDate | null;
}

export interface PeriodChange {
  /** New last days, or null where an announced end was taken back. */
  end: { id: string; to: Temporal.PlainDate | null }[];
  /** Periods that never held for a whole day of the past. */
  drop: string[];
  open: { key: string; from: Temporal.PlainDate; to: Temporal.PlainDate | null }[];
}

/**
 * What must happen so that from day `from` on (until `until`, when that is announced) exactly `wanted` holds. Nothing
 * before `from` changes. `outdated` when something that has begun by `today` started later than `from`: then the news
 * is older than what we know. Applying the plan and planning again gives an empty plan.
 */
export function planPeriods(
  held: readonly Period[],
  wanted: ReadonlySet<string>,
  when: { from: Temporal.PlainDate; until: Temporal.PlainDate | null; today: Temporal.PlainDate },
): ({ kind: 'planned' } & PeriodChange) | { kind: 'outdated'; since: Temporal.PlainDate } {
  const { from, until, today } = when;
  const holds = until === null || !isBefore(until, from) ? wanted : new Set<string>();
  const missing = new Set(holds);
  const change: PeriodChange = { end: [], drop: [], open: [] };
  const eve = from.subtract({ days: 1 });
  for (const period of held) {
    if (period.to !== null && isBefore(period.to, from)) continue;
    if (isBefore(from, period.from)) {
      if (!isBefore(today, period.from)) return { kind: 'outdated', since: period.from };
      change.drop.push(period.id);
    } else if (missing.delete(period.key)) {
      if (!isSame(period.to, until)) change.end.push({ id: period.id, to: until });
    } else if (period.from.equals(from)) {
      change.drop.push(period.id);
    } else {
      change.end.push({ id: period.id, to: eve });
    }
  }
  for (const key of missing) change.open.push({ key, from, to: until });
  return { kind: 'planned', ...change };
}

/** Which keys hold on `day`. */
export function heldOn(held: readonly Period[], day: Temporal.PlainDate): string[] {
  return held
    .filter(({ from, to }) => !isBefore(day, from) && (to === null || !isBefore(to, day)))
    .map(({ key }) => key);
}

export function isBefore(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) < 0;
}

export function isSame(a: Temporal.PlainDate | null, b: Temporal.PlainDate | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}
