import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { WorkdayCalendar } from '../../kernel/workdays.ts';
import { employees } from '../directory/directory.tables.ts';
import type { ResultRow } from '../performance/index.ts';
import { ruleOn } from '../performance/index.ts';
import type { AppealOf } from './appeals.service.ts';
import type { AppealView, DraftView, PeriodView, RunView } from './periods.api.ts';
import { calendarDoubts } from './periods.calendar.ts';
import { runsOf } from './periods.runs.ts';
import { campaignOf, isOverEverywhere, isSame, openAppeals } from './periods.service.ts';
import {
  type PerformancePeriod,
  type PerformanceRun,
  performanceResults,
  type RuleDraft,
} from './periods.tables.ts';

export async function periodViews(
  tx: Db,
  periods: readonly PerformancePeriod[],
  { at, by, calendar }: { at: Temporal.Instant; by: string; calendar: WorkdayCalendar },
): Promise<PeriodView[]> {
  const runs = await runsOf(
    tx,
    periods.map(({ id }) => id),
  );
  const views: PeriodView[] = [];
  for (const period of periods) {
    const { id, key, name } = await campaignOf(tx, period);
    const own = runs.filter(({ periodId }) => periodId === period.id);
    const closing = own.findLast(({ revision, state }) => revision !== null && state === 'done');
    views.push({
      id: period.id,
      campaign: { id, key, name },
      name: period.name,
      from: period.fromDay.toString(),
      to: period.toDay.toString(),
      state: period.state,
      over: isOverEverywhere(period, at),
      objectionsUntil: period.objectionsUntil?.toString() ?? null,
      preparedBy: period.preparedBy,
      preparedByYou: period.preparedBy !== null && isSame(period.preparedBy, by),
      preparedAt: period.preparedAt?.toString() ?? null,
      closedAt: period.closedAt?.toString() ?? null,
      ruleVersion:
        closing?.ruleVersion ?? (await ruleOn(tx, period.campaignId, period.fromDay))?.version ?? null,
      openAppeals: await openAppeals(tx, period),
      calendar: await calendarDoubts(tx, calendar, period),
      runs: own.map(runView),
    });
  }
  return views;
}

/** Everybody whom the last run evaluated. */
export async function peopleInLastRun(tx: Db, periodId: string): Promise<string[]> {
  const last = (await runsOf(tx, [periodId])).findLast(({ state }) => state === 'done');
  if (last === undefined) return [];
  const rows = await tx
    .select({ id: performanceResults.employeeId })
    .from(performanceResults)
    .where(eq(performanceResults.runId, last.id))
    .orderBy(asc(performanceResults.place));
  return rows.map(({ id }) => id);
}

export function runView(run: PerformanceRun): RunView {
  const { id, kind, revision, state, reason, preparedBy, confirmedBy, ruleVersion, people } = run;
  const { receipt, corrects, packageBytes, packageSha256 } = run;
  return {
    id,
    kind,
    revision,
    state,
    reason,
    preparedBy,
    confirmedBy,
    ruleVersion,
    people,
    receipt,
    corrects,
    packageBytes,
    packageSha256,
    requestedAt: run.requestedAt.toString(),
    asOf: run.asOf?.toString() ?? null,
  };
}

export function draftView(draft: RuleDraft): DraftView {
  const { id, campaignId, rule, state, createdBy, against, counts, publishedVersion } = draft;
  return {
    id,
    campaignId,
    rule,
    state,
    createdBy,
    against,
    counts,
    publishedVersion,
    fromDay: draft.fromDay.toString(),
    createdAt: draft.createdAt.toString(),
  };
}

/** Rows of a run, after a place. Without a run the last one that is done. */
export async function resultsAfter(
  tx: Db,
  period: PerformancePeriod,
  query: { run?: string | undefined; after: number; limit: number },
): Promise<{ place: number; row: ResultRow }[]> {
  const runs = (await runsOf(tx, [period.id])).filter(({ state }) => state === 'done');
  const run = query.run === undefined ? runs.at(-1) : runs.find(({ id }) => id === query.run);
  if (run === undefined) throw new AppError('period.no-run', 'there is no result yet: ask for a preview');
  const found = await tx.execute<{ place: number; row: ResultRow }>(sql`
    select place, row from performance_results
    where run_id = ${run.id} and place > ${query.after} order by place limit ${query.limit}`);
  return found.rows;
}

export async function appealViews(tx: Db, found: readonly AppealOf[]): Promise<AppealView[]> {
  const ids = [...new Set(found.map(({ appeal }) => appeal.employeeId))];
  const people =
    ids.length === 0
      ? []
      : await tx
          .select({ id: employees.id, number: employees.number, name: employees.name })
          .from(employees)
          .where(inArray(employees.id, ids));
  const named = new Map(people.map(({ id, ...person }) => [id, person]));
  return found.map(({ appeal, decision }) => ({
    id: appeal.id,
    no: appeal.no,
    campaignId: appeal.campaignId,
    employee: named.get(appeal.employeeId) ?? { number: '', name: '' },
    day: appeal.day.toString(),
    reason: appeal.reason,
    trail: appeal.trail,
    answerBy: appeal.answerBy.toString(),
    at: appeal.at.toString(),
    decision:
      decision === null
        ? null
        : {
            outcome: decision.outcome,
            reason: decision.reason,
            byName: decision.byName,
            at: decision.at.toString(),
          },
  }));
}
