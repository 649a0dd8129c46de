import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { campaigns } from '../campaigns/campaigns.tables.ts';
import type { Campaign } from '../campaigns/index.ts';
import {
  type DayStanding,
  freezesOf,
  type IsoDay,
  type PackageDay,
  type PackagePerson,
  type PersonResult,
  type ResultRow,
  type RuleVersion,
  recordOf,
  resultOf,
  ruleOn,
  ruleVersion,
} from '../performance/index.ts';
import { dueDays, recordsOf } from './periods.evaluate.ts';
import { calendarDays, lastKept } from './periods.runs.ts';
import { periodHolding, type Span, spanHolding } from './periods.service.ts';
import { type PerformancePeriod, type PerformanceRun, performanceResults } from './periods.tables.ts';

/** Everything about one person in the days that decide together with one day. */
export interface OwnRecord {
  campaign: Campaign;
  rule: RuleVersion;
  span: Span;
  /** Undefined when nobody has opened one yet. */
  period: PerformancePeriod | undefined;
  person: PackagePerson;
  calendar: PackageDay[];
  /** With all workdays of the span. */
  whole: PersonResult;
  /** With those that are over for them. */
  soFar: PersonResult;
  today: IsoDay;
  /** What the closing says of them, or its last supplement; undefined before, and for whoever is not in it. */
  closed: ResultRow | undefined;
  /** The last day of appeals. */
  appealsUntil: Temporal.PlainDate;
}

/**
 * The record of somebody around a day, in the campaign that started last of those that count for performance and of which
 * they are part. Undefined when there is none.
 */
export async function ownRecord(
  tx: Db,
  employeeId: string,
  day: Temporal.PlainDate,
  at: Temporal.Instant,
): Promise<OwnRecord | undefined> {
  for (const campaign of await campaignsAround(tx, day)) {
    const span = await spanHolding(tx, campaign, day);
    if (span === undefined) continue;
    const found = await recordIn(tx, { campaign, span, employeeId, at });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How many freezes the rule gives somebody in the days around today; undefined where it gives none. */
export async function ownFreezes(
  tx: Db,
  employeeId: string,
  today: Temporal.PlainDate,
  at: Temporal.Instant,
): Promise<{ left: number; used: number } | undefined> {
  const record = await ownRecord(tx, employeeId, today, at);
  if (record === undefined) return undefined;
  const { rule } = record.rule;
  if (rule.freezes + rule.firstDays.freezes === 0) return undefined;
  return freezesOf(rule, recordOf(record.person), record.soFar.days, record.today);
}

/** Campaigns of which a day lies in the same month, the youngest first. */
async function campaignsAround(tx: Db, day: Temporal.PlainDate): Promise<Campaign[]> {
  const month = day.toPlainYearMonth();
  const [first, last] = [month.toPlainDate({ day: 1 }), month.toPlainDate({ day: month.daysInMonth })];
  return tx
    .select()
    .from(campaigns)
    .where(sql`${campaigns.startsOn} <= ${last.toString()} and ${campaigns.endsOn} >= ${first.toString()}`)
    .orderBy(desc(campaigns.startsOn), desc(campaigns.id));
}

async function recordIn(
  tx: Db,
  {
    campaign,
    span,
    employeeId,
    at,
  }: { campaign: Campaign; span: Span; employeeId: string; at: Temporal.Instant },
): Promise<OwnRecord | undefined> {
  const period = await periodHolding(tx, campaign.id, span.from);
  const kept = period?.state === 'closed' ? await lastKept(tx, period.id) : undefined;
  const rule = await ruleFor(tx, campaign.id, span, kept);
  if (rule === undefined) return undefined;
  const days = { from: span.from.toString(), to: span.to.toString() };
  const found = await recordsOf(tx, { campaign, ...days }, employeeId);
  if (found === undefined) return undefined;
  const calendar = await calendarDays(tx, campaign.id, { fromDay: span.from, toDay: span.to });
  const workdays = calendar.filter(({ workday }) => workday).map((one) => one.day);
  const record = recordOf(found.person);
  const due = dueDays({ workdays, asOf: at, rule: rule.rule })(found.zone, found.person);
  const byRule = span.to.add({ days: rule.rule.appealDays });
  const asked = period?.objectionsUntil ?? byRule;
  return {
    campaign,
    rule,
    span,
    period,
    person: found.person,
    calendar,
    whole: resultOf(rule.rule, { workdays }, record),
    soFar: resultOf(rule.rule, { workdays: due }, record),
    today: localDay(at, found.zone).toString(),
    closed: kept === undefined ? undefined : await keptRow(tx, kept.id, employeeId),
    appealsUntil: Temporal.PlainDate.compare(asked, byRule) > 0 ? asked : byRule,
  };
}

/** What was closed stays under its rule. */
async function ruleFor(
  tx: Db,
  campaignId: string,
  span: Span,
  kept: PerformanceRun | undefined,
): Promise<RuleVersion | undefined> {
  if (kept?.ruleVersion == null) return ruleOn(tx, campaignId, span.from);
  return ruleVersion(tx, campaignId, kept.ruleVersion);
}

async function keptRow(tx: Db, runId: string, employeeId: string): Promise<ResultRow | undefined> {
  const [found] = await tx
    .select({ row: performanceResults.row })
    .from(performanceResults)
    .where(and(eq(performanceResults.runId, runId), eq(performanceResults.employeeId, employeeId)));
  return found?.row;
}

/** How a day stands for somebody. */
export type Standing =
  | DayStanding
  | { kind: 'future' | 'outside' | 'open'; day: IsoDay }
  | { kind: 'day-off'; day: IsoDay; name: string };

export function standingOn(record: OwnRecord, day: IsoDay): Standing {
  const known = record.calendar.find((one) => one.day === day);
  const within = record.person.stretches.some(([from, to]) => from <= day && day <= to);
  if (known === undefined || !within) return { kind: day > record.today ? 'future' : 'outside', day };
  if (!known.workday) return { kind: 'day-off', day, name: known.name };
  const found = record.soFar.days.find((one) => one.day === day);
  if (found !== undefined) return found;
  // Excused ahead of time is worth telling.
  const ahead = record.whole.days.find((one) => one.day === day);
  if (ahead?.kind === 'excused') return ahead;
  return { kind: day > record.today ? 'future' : 'open', day };
}
