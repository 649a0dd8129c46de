import type { CorrectionCause, EvidenceKind, ExcusalReason, PerformanceRule } from './performance.schema.ts';

/** Weakest first, as in `performance.schema.ts`; written out, so that the verifier needs no zod. */
const byStrength: readonly EvidenceKind[] = ['tap', 'declared', 'read', 'question', 'usage'];

/** A day as ISO text: `2026-11-03`. Texts sort as days do, and a year of 100,000 people is read in seconds. */
export type IsoDay = string;

/** All that decides about one person in one period. Order does not matter, and what stands twice counts once. */
export interface PersonRecord {
  /** The stretches, both ends included, in which the person was employed and in the campaign's audience. */
  stretches: readonly { from: IsoDay; to: IsoDay }[];
  evidence: readonly { day: IsoDay; kind: EvidenceKind }[];
  /** In the order in which they were made: the last one of a day holds. */
  corrections: readonly { day: IsoDay; effect: 'counts' | 'does-not-count'; cause: CorrectionCause }[];
  excusals: readonly { day: IsoDay; reason: ExcusalReason }[];
}

/** The period as the rule sees it: its workdays by the campaign's frozen calendar, up to the last one that is over. */
export interface PeriodDays {
  workdays: readonly IsoDay[];
}

export type DayStanding =
  | { day: IsoDay; kind: 'counted'; by: 'evidence' | Exclude<CorrectionCause, 'revoked'> }
  | { day: IsoDay; kind: 'excused'; reason: ExcusalReason }
  /** Missed, but a freeze keeps the run. */
  | { day: IsoDay; kind: 'frozen' }
  | { day: IsoDay; kind: 'missed' | 'revoked' };

export interface PersonResult {
  /** One for each workday on which the person took part, in order. */
  days: DayStanding[];
  /** Workdays without the excused ones. */
  due: number;
  counted: number;
  excused: number;
  madeUp: number;
  earnedBack: number;
  appealed: number;
  frozen: number;
  /** Days that count by evidence, each under the strongest kind that it shows. */
  grades: Record<EvidenceKind, number>;
  /** Runs inside the period, in workdays: the one that reaches its end, and the longest. */
  current: number;
  best: number;
  /** Days that the target asks of this person: 0 when no day was due. */
  needed: number;
  /** 0 to 100: how much of the target is reached. Nobody of whom nothing was due falls short. */
  reached: number;
}

/** Whether what a day shows is what the rule asks of a day. */
export function dayCounts(rule: Pick<PerformanceRule, 'day'>, shown: ReadonlySet<EvidenceKind>): boolean {
  return rule.day.every((group) => group.some((kind) => shown.has(kind)));
}

/**
 * The result of one person: a pure function of the rule, the calendar and the record.
 *
 * - Evidence counts on a workday that the person took part in, and only when the rule's demand on a day is met.
 * - The last correction of a day is stronger than the evidence of it.
 * - An excusal holds only where the day does not count: whoever checks in on leave has a counted day.
 * - Excused days neither break nor lengthen a run and are not due. A freeze is spent on the first missed days.
 */
export function resultOf(
  rule: PerformanceRule,
  { workdays }: PeriodDays,
  record: PersonRecord,
): PersonResult {
  const due = workdays.filter((day) => record.stretches.some(({ from, to }) => from <= day && day <= to));
  const shown = shownOn(record);
  const days = frozenInto(rule, record, standings(rule, due, record, shown));
  const tally = (holds: (one: DayStanding) => boolean): number => days.filter(holds).length;
  const by = (cause: string): number => tally((one) => one.kind === 'counted' && one.by === cause);
  const excused = tally(({ kind }) => kind === 'excused');
  const counted = tally(({ kind }) => kind === 'counted');
  const { current, best } = runsOf(days);
  const needed = neededOf(rule, days.length - excused);
  const have = rule.target.kind === 'consecutive' ? best : counted;
  return {
    days,
    due: days.length - excused,
    counted,
    excused,
    madeUp: by('make-up'),
    earnedBack: by('earn-back'),
    appealed: by('appeal'),
    frozen: tally(({ kind }) => kind === 'frozen'),
    grades: gradesOf(days, shown),
    current,
    best,
    needed,
    reached: needed === 0 ? 100 : Math.min(100, (100 * have) / needed),
  };
}

type Shown = ReadonlyMap<IsoDay, ReadonlySet<EvidenceKind>>;

function shownOn({ evidence }: PersonRecord): Shown {
  const shown = new Map<IsoDay, Set<EvidenceKind>>();
  for (const { day, kind } of evidence) {
    const kinds = shown.get(day);
    if (kinds === undefined) shown.set(day, new Set([kind]));
    else kinds.add(kind);
  }
  return shown;
}

function gradesOf(days: readonly DayStanding[], shown: Shown): PersonResult['grades'] {
  const grades = { tap: 0, declared: 0, read: 0, question: 0, usage: 0 };
  for (const one of days) {
    if (one.kind !== 'counted' || one.by !== 'evidence') continue;
    const strongest = byStrength.findLast((kind) => shown.get(one.day)?.has(kind));
    if (strongest !== undefined) grades[strongest] += 1;
  }
  return grades;
}

function standings(
  rule: PerformanceRule,
  due: readonly IsoDay[],
  record: PersonRecord,
  shown: Shown,
): DayStanding[] {
  const corrected = new Map(record.corrections.map((one) => [one.day, one]));
  const excused = new Map(record.excusals.map(({ day, reason }) => [day, reason]));
  return due.map((day): DayStanding => {
    const correction = corrected.get(day);
    if (correction?.effect === 'counts' && correction.cause !== 'revoked')
      return { day, kind: 'counted', by: correction.cause };
    const kinds = shown.get(day);
    if (correction === undefined && kinds !== undefined && dayCounts(rule, kinds))
      return { day, kind: 'counted', by: 'evidence' };
    const reason = excused.get(day);
    if (reason !== undefined) return { day, kind: 'excused', reason };
    return { day, kind: correction === undefined ? 'missed' : 'revoked' };
  });
}

/** Freezes are spent in the order of the days, the extra ones of the first days before the common ones. */
function frozenInto(rule: PerformanceRule, record: PersonRecord, days: DayStanding[]): DayStanding[] {
  let common = rule.freezes;
  let early = rule.firstDays.freezes;
  if (common + early === 0) return days;
  const lastEarly = plusDays(firstDayOf(record), rule.firstDays.days - 1);
  return days.map((one) => {
    if (one.kind !== 'missed') return one;
    if (early > 0 && one.day <= lastEarly) early -= 1;
    else if (common > 0) common -= 1;
    else return one;
    return { day: one.day, kind: 'frozen' };
  });
}

/** How many freezes somebody may still use from `today` on, and how many are used; those of the first days end with them. */
export function freezesOf(
  rule: Pick<PerformanceRule, 'freezes' | 'firstDays'>,
  record: PersonRecord,
  days: readonly DayStanding[],
  today: IsoDay,
): { left: number; used: number } {
  const lastEarly = plusDays(firstDayOf(record), rule.firstDays.days - 1);
  const frozen = days.filter(({ kind }) => kind === 'frozen');
  const early = Math.min(rule.firstDays.freezes, frozen.filter(({ day }) => day <= lastEarly).length);
  const common = rule.freezes - (frozen.length - early);
  return { left: common + (today <= lastEarly ? rule.firstDays.freezes - early : 0), used: frozen.length };
}

function firstDayOf({ stretches }: PersonRecord): IsoDay {
  return stretches.reduce((first, { from }) => (from < first ? from : first), '9999-12-31');
}

const DAY_MS = 86_400_000;

function plusDays(day: IsoDay, days: number): IsoDay {
  if (day >= '9999') return day;
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

function runsOf(days: readonly DayStanding[]): { current: number; best: number } {
  let current = 0;
  let best = 0;
  for (const { kind } of days) {
    if (kind === 'counted') current += 1;
    else if (kind === 'missed' || kind === 'revoked') current = 0;
    best = Math.max(best, current);
  }
  return { current, best };
}

/** How many days the target asks of somebody of whom `due` days are due. */
export function neededOf({ target }: Pick<PerformanceRule, 'target'>, due: number): number {
  if (target.kind === 'consecutive') return Math.min(target.days, due);
  if (due >= target.of) return target.days;
  return Math.ceil((target.days * due) / target.of);
}

/** The band of a share, both in percent. */
export function bandOf(
  { bands }: Pick<PerformanceRule, 'bands'>,
  reached: number,
): PerformanceRule['bands'][number] {
  return bands.find(({ from }) => reached >= from) ?? (bands.at(-1) as PerformanceRule['bands'][number]);
}

/** The share of a department: counted days of all its people out of their due days, in percent; 100 without due days. */
export function teamReached(people: readonly Pick<PersonResult, 'counted' | 'due'>[]): number {
  const due = people.reduce((sum, one) => sum + one.due, 0);
  const counted = people.reduce((sum, one) => sum + one.counted, 0);
  return due === 0 ? 100 : (100 * counted) / due;
}

/** Points of the performance sheet, to two places: the bands of both parts, each by its share of the weight. */
export function scoreOf(rule: PerformanceRule, reached: { individual: number; team: number }): number {
  const { individual, team } = rule.parts;
  const credit =
    individual * bandOf(rule, reached.individual).credit + team * bandOf(rule, reached.team).credit;
  return Math.round((rule.weight * credit) / 100) / 100;
}
