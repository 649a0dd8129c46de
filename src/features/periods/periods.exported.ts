import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { ResultRow } from '../performance/index.ts';
import { readByCursor } from '../reports/index.ts';
import { evaluate } from './periods.evaluate.ts';
import { calendarDays, lastKept, runsOf } from './periods.runs.ts';
import { campaignOf, ruleOfPeriod } from './periods.service.ts';
import type { PerformancePeriod, PerformanceRun } from './periods.tables.ts';

/** A period as a file speaks of it: the same words in every format. */
export interface ExportedPeriod {
  name: string;
  campaign: string;
  from: string;
  to: string;
  rule: number;
  calendar: string;
  /** SHA-256 of the results; null while it is not closed. */
  receipt: string | null;
  /** The receipt that a supplement corrects. */
  corrects: string | null;
  supplement: number | null;
  reason: string;
  asOf: string;
  preparedBy: string;
  confirmedBy: string;
  packageSha256: string | null;
}

export interface ExportedRow {
  period: ExportedPeriod;
  row: ResultRow;
  /** The digest of the person's line in the package; empty in a preview. */
  receipt: string;
  /** How it stood before, in a supplement. */
  before?: ResultRow;
}

export interface Exported {
  periods: ExportedPeriod[];
  /** In batches, period by period, each in the order of its package. */
  rows: AsyncIterable<ExportedRow[]>;
}

/** What a file about these periods holds. Reads in the caller's transaction while `rows` is read. */
export async function exported(
  tx: Db,
  periods: readonly PerformancePeriod[],
  { asOf, supplement }: { asOf: Temporal.Instant; supplement?: number },
): Promise<Exported> {
  const sources: Source[] = [];
  for (const period of periods) {
    const source =
      period.state === 'closed'
        ? await keptSource(tx, period, supplement ?? 0)
        : supplement === undefined
          ? await liveSource(tx, period, asOf)
          : undefined;
    if (source !== undefined) sources.push(source);
  }
  if (supplement !== undefined && sources.length === 0)
    throw new AppError('period.no-supplement', `there is no supplement ${supplement} of this month`);
  async function* rows(): AsyncGenerator<ExportedRow[]> {
    for (const source of sources) yield* source.rows;
  }
  return { periods: sources.map(({ period }) => period), rows: rows() };
}

interface Source {
  period: ExportedPeriod;
  rows: AsyncIterable<ExportedRow[]>;
}

async function keptSource(tx: Db, period: PerformancePeriod, revision: number): Promise<Source | undefined> {
  const runs = await runsOf(tx, [period.id]);
  const of = (wanted: number) =>
    runs.find((run) => run.state === 'done' && run.revision !== null && run.revision === wanted);
  const run = of(revision);
  if (run === undefined) return undefined;
  const before = of(revision - 1);
  const described = describe(period, run);
  return { period: described, rows: keptRows(tx, described, run.id, before?.id) };
}

function describe(period: PerformancePeriod, run: PerformanceRun): ExportedPeriod {
  return {
    ...named(period, run.campaignName ?? ''),
    rule: run.ruleVersion ?? 0,
    calendar: run.calendarId ?? '',
    receipt: run.receipt,
    corrects: run.corrects,
    supplement: run.kind === 'supplement' ? run.revision : null,
    reason: run.reason,
    asOf: run.asOf?.toString() ?? '',
    preparedBy: run.preparedBy,
    confirmedBy: run.confirmedBy ?? '',
    packageSha256: run.packageSha256,
  };
}

function named(period: PerformancePeriod, campaign: string) {
  return {
    name: period.name,
    campaign,
    from: period.fromDay.toString(),
    to: period.toDay.toString(),
  };
}

/** Everybody of a closing; of a supplement those whose row is another one than before. */
async function* keptRows(
  tx: Db,
  period: ExportedPeriod,
  runId: string,
  beforeId: string | undefined,
): AsyncGenerator<ExportedRow[]> {
  type Kept = { row: ResultRow; receipt: string; before: ResultRow | null };
  const query =
    period.supplement === null || beforeId === undefined
      ? sql`select row, receipt, null as before from performance_results where run_id = ${runId} order by place`
      : sql`
        select n.row, n.receipt, o.row as before
        from performance_results n
        left join performance_results o on o.run_id = ${beforeId} and o.employee_id = n.employee_id
        where n.run_id = ${runId} and o.row is distinct from n.row order by n.place`;
  for await (const batch of readByCursor<Kept>(tx, 'kept_results', query))
    yield batch.map(({ row, receipt, before }) => ({
      period,
      row,
      receipt,
      ...(before === null ? {} : { before }),
    }));
}

const LIVE_BATCH = 1_000;

/** A period that is not closed, as it stands now. */
async function liveSource(tx: Db, period: PerformancePeriod, asOf: Temporal.Instant): Promise<Source> {
  const rule = await ruleOfPeriod(tx, period);
  const campaign = await campaignOf(tx, period);
  const described: ExportedPeriod = {
    ...named(period, campaign.name),
    rule: rule.version,
    calendar: campaign.calendarId,
    receipt: null,
    corrects: null,
    supplement: null,
    reason: '',
    asOf: asOf.toString(),
    preparedBy: '',
    confirmedBy: '',
    packageSha256: null,
  };
  async function* rows(): AsyncGenerator<ExportedRow[]> {
    const calendar = await calendarDays(tx, campaign.id, period);
    const people = await evaluate(tx, {
      campaign,
      rule: rule.rule,
      from: described.from,
      to: described.to,
      workdays: calendar.filter(({ workday }) => workday).map(({ day }) => day),
      asOf,
    });
    for (let from = 0; from < people.length; from += LIVE_BATCH)
      yield people.slice(from, from + LIVE_BATCH).map(({ row }) => ({ period: described, row, receipt: '' }));
  }
  return { period: described, rows: rows() };
}

/** Whether a month is closed whole, and how many supplements there are. */
export async function standingOfMonth(
  tx: Db,
  periods: readonly PerformancePeriod[],
): Promise<{ closed: boolean; supplements: number }> {
  let supplements = 0;
  for (const { id } of periods) supplements = Math.max(supplements, (await lastKept(tx, id))?.revision ?? 0);
  return { closed: periods.length > 0 && periods.every(({ state }) => state === 'closed'), supplements };
}
