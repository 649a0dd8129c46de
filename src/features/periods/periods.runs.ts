import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { and, asc, desc, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Clock, Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { type Campaign, daysOfCampaign } from '../campaigns/index.ts';
import {
  type PackageDay,
  type PackageHead,
  packageFormat,
  type RuleVersion,
  ruleVersion,
} from '../performance/index.ts';
import { readWhole } from '../reports/index.ts';
import { type EvaluatedPerson, evaluate, readingStill } from './periods.evaluate.ts';
import type { Signer } from './periods.keys.ts';
import { openPackage, type PackageWriter } from './periods.package.ts';
import {
  actorCalled,
  campaignOf,
  change,
  isSame,
  lockedPeriod,
  mustBe,
  mustBeClosable,
  mustBeIdle,
  periodById,
  ruleOfPeriod,
} from './periods.service.ts';
import { type PerformancePeriod, type PerformanceRun, performanceRuns } from './periods.tables.ts';

export interface RunDeps {
  db: Db;
  clock: Clock;
  /** The folder that packages are kept below. */
  fileRoot: string;
  signer: Signer;
}

const FOLDER = 'performance';
/** A run that ended its process so often is not tried again. */
const MOST_ATTEMPTS = 5;
const ROWS_A_STATEMENT = 2_000;

export interface Deed {
  by: string;
  at: Temporal.Instant;
}

/** Has everybody evaluated as of now; the result of the preview before goes. */
export async function requestPreview(tx: Db, periodId: string, deed: Deed): Promise<PerformanceRun> {
  const period = await lockedPeriod(tx, periodId);
  mustBe(period, ['open', 'preview', 'objections']);
  return request(tx, period, {
    kind: 'preview',
    revision: null,
    reason: '',
    preparedBy: deed.by,
    confirmedBy: null,
    at: deed.at,
  });
}

/** The second pair of eyes: closes what somebody else prepared. */
export async function requestClosing(tx: Db, periodId: string, deed: Deed): Promise<PerformanceRun> {
  const period = await lockedPeriod(tx, periodId);
  await mustBeClosable(tx, period, deed);
  return request(tx, period, {
    kind: 'closing',
    revision: 0,
    reason: '',
    preparedBy: period.preparedBy as string,
    confirmedBy: deed.by,
    at: deed.at,
  });
}

/** The first pair of eyes for a closed period that was corrected since. */
export async function prepareSupplement(tx: Db, periodId: string, deed: Deed): Promise<PerformancePeriod> {
  const period = await lockedPeriod(tx, periodId);
  mustBe(period, ['closed']);
  await mustBeIdle(tx, period);
  return change(tx, periodId, { preparedBy: deed.by, preparedAt: deed.at });
}

export async function requestSupplement(
  tx: Db,
  periodId: string,
  { reason, ...deed }: Deed & { reason: string },
): Promise<PerformanceRun> {
  const period = await lockedPeriod(tx, periodId);
  mustBe(period, ['closed']);
  if (period.preparedBy === null)
    throw new AppError(
      'period.not-prepared',
      'somebody asks for the supplement first, somebody else confirms it',
    );
  if (isSame(period.preparedBy, deed.by))
    throw new AppError('period.same-person', 'whoever asked for the supplement cannot confirm it');
  const last = await lastKept(tx, periodId);
  return request(tx, period, {
    kind: 'supplement',
    revision: (last?.revision ?? 0) + 1,
    reason,
    preparedBy: period.preparedBy,
    confirmedBy: deed.by,
    at: deed.at,
  });
}

async function request(
  tx: Db,
  period: PerformancePeriod,
  {
    at,
    ...given
  }: Pick<PerformanceRun, 'kind' | 'revision' | 'reason' | 'preparedBy' | 'confirmedBy'> & {
    at: Temporal.Instant;
  },
): Promise<PerformanceRun> {
  await mustBeIdle(tx, period);
  const [requested] = await tx
    .insert(performanceRuns)
    .values({ id: newId(), periodId: period.id, state: 'requested', requestedAt: at, ...given })
    .returning();
  return requested as PerformanceRun;
}

/** The closing or the last supplement. */
export async function lastKept(tx: Db, periodId: string): Promise<PerformanceRun | undefined> {
  const [found] = await tx
    .select()
    .from(performanceRuns)
    .where(
      and(
        eq(performanceRuns.periodId, periodId),
        eq(performanceRuns.state, 'done'),
        isNotNull(performanceRuns.revision),
      ),
    )
    .orderBy(desc(performanceRuns.revision))
    .limit(1);
  return found;
}

export async function runsOf(tx: Db, periodIds: readonly string[]): Promise<PerformanceRun[]> {
  if (periodIds.length === 0) return [];
  return tx
    .select()
    .from(performanceRuns)
    .where(inArray(performanceRuns.periodId, [...periodIds]))
    .orderBy(asc(performanceRuns.id));
}

export async function openRuns(tx: Db): Promise<string[]> {
  const rows = await tx
    .select({ id: performanceRuns.id })
    .from(performanceRuns)
    .where(eq(performanceRuns.state, 'requested'))
    .orderBy(asc(performanceRuns.id));
  return rows.map(({ id }) => id);
}

/**
 * Evaluates everybody as the run asks: results, package, state and audit in one transaction. Run again, or twice at
 * once, it happens once. After five runs that did not finish it ends as `failed`.
 */
export async function performRun(deps: RunDeps, id: string): Promise<void> {
  const run = await begin(deps, id);
  if (run === undefined) return forgetLeftovers(deps, id);
  const asOf = deps.clock.now();
  const period = await periodById(deps.db, run.periodId);
  const campaign = await campaignOf(deps.db, period);
  const rule = await ruleOfRun(deps.db, run, period);
  const corrects = (await lastKept(deps.db, period.id))?.receipt ?? null;
  const context: Context = { run, period, campaign, rule, asOf, corrects, workdays: [], calendar: [] };
  await mkdir(join(deps.fileRoot, FOLDER), { recursive: true });
  const draft = join(deps.fileRoot, FOLDER, `${id}.${newId()}.part`);
  try {
    const evaluated = await evaluateInto(deps, context, draft);
    await deps.db.transaction((tx) => keep(tx, deps, context, evaluated, draft));
  } finally {
    await rm(draft, { force: true });
  }
  await forgetLeftovers(deps, id);
}

/** What attempts that were killed wrote: personal data of which nobody knows. */
async function forgetLeftovers({ db, fileRoot }: RunDeps, id: string): Promise<void> {
  const [run] = await db
    .select({ path: performanceRuns.packagePath })
    .from(performanceRuns)
    .where(and(eq(performanceRuns.id, id), ne(performanceRuns.state, 'requested')));
  if (run === undefined) return;
  for (const name of await readdir(join(fileRoot, FOLDER)).catch(() => []))
    if (name.startsWith(`${id}.`) && `${FOLDER}/${name}` !== run.path)
      await rm(join(fileRoot, FOLDER, name), { force: true });
}

interface Context {
  run: PerformanceRun;
  period: PerformancePeriod;
  campaign: Campaign;
  rule: RuleVersion;
  asOf: Temporal.Instant;
  /** The receipt of the run before this one. */
  corrects: string | null;
  workdays: string[];
  calendar: PackageDay[];
}

interface Evaluated {
  people: EvaluatedPerson[];
  /** One for each person; empty for a preview, which nobody signs. */
  receipts: string[];
  file: { bytes: number; sha256: string; receipt: string } | undefined;
}

/** What is closed stays under the rule of its closing, whatever was published since. */
async function ruleOfRun(tx: Db, run: PerformanceRun, period: PerformancePeriod): Promise<RuleVersion> {
  const closing = run.kind === 'supplement' ? await lastKept(tx, period.id) : undefined;
  const kept =
    closing?.ruleVersion == null ? undefined : await ruleVersion(tx, period.campaignId, closing.ruleVersion);
  return kept ?? (await ruleOfPeriod(tx, period));
}

async function evaluateInto(deps: RunDeps, context: Context, draft: string): Promise<Evaluated> {
  const { run, period, campaign, rule, asOf } = context;
  return deps.db.transaction(async (tx) => {
    await readWhole(tx);
    context.calendar = await calendarDays(tx, campaign.id, period);
    context.workdays = context.calendar.filter(({ workday }) => workday).map(({ day }) => day);
    const writer =
      run.kind === 'preview'
        ? undefined
        : await openPackage(draft, {
            head: headOf(context),
            rule: rule.rule,
            calendar: context.calendar,
            signer: deps.signer,
          });
    try {
      const people = await evaluate(tx, {
        campaign,
        rule: rule.rule,
        from: period.fromDay.toString(),
        to: period.toDay.toString(),
        workdays: context.workdays,
        asOf: run.kind === 'preview' ? asOf : undefined,
        ...(writer === undefined ? {} : { onPerson: writer.person }),
      });
      return writer === undefined
        ? { people, receipts: [], file: undefined }
        : { people, ...(await finish(writer, people)) };
    } catch (error) {
      writer?.destroy();
      throw error;
    }
  }, readingStill);
}

async function finish(writer: PackageWriter, people: readonly EvaluatedPerson[]) {
  const receipts: string[] = [];
  for (const { row } of people) receipts.push(await writer.result(row));
  return { receipts, file: await writer.finish() };
}

/** The calendar of the period as it is frozen in the campaign. */
export async function calendarDays(
  tx: Db,
  campaignId: string,
  { fromDay, toDay }: Pick<PerformancePeriod, 'fromDay' | 'toDay'>,
): Promise<PackageDay[]> {
  const [from, to] = [fromDay.toString(), toDay.toString()];
  return (await daysOfCampaign(tx, campaignId))
    .map(({ day, workday, name }) => ({ day: day.toString(), workday, name }))
    .filter(({ day }) => from <= day && day <= to);
}

function headOf({ run, period, campaign, rule, asOf, corrects }: Context): PackageHead {
  return {
    format: packageFormat,
    campaign: { key: campaign.key, name: campaign.name },
    from: period.fromDay.toString(),
    to: period.toDay.toString(),
    ruleVersion: rule.version,
    calendar: campaign.calendarId,
    kind: run.kind as 'closing' | 'supplement',
    revision: run.revision ?? 0,
    corrects,
    reason: run.reason,
    asOf: asOf.toString(),
    preparedBy: run.preparedBy,
    confirmedBy: run.confirmedBy ?? '',
  };
}

async function keep(
  tx: Db,
  deps: RunDeps,
  { run, period, campaign, rule, asOf, corrects }: Context,
  { people, receipts, file }: Evaluated,
  draft: string,
): Promise<void> {
  // Named by what is in it: whoever comes late with a package of another moment replaces none that was signed before.
  const path = file === undefined ? null : `${FOLDER}/${run.id}.${file.sha256.slice(0, 16)}.jsonl`;
  const [done] = await tx
    .update(performanceRuns)
    .set({
      state: 'done',
      asOf,
      ruleVersion: rule.version,
      calendarId: campaign.calendarId,
      campaignName: campaign.name,
      people: people.length,
      receipt: file?.receipt ?? null,
      corrects: run.kind === 'supplement' ? corrects : null,
      packagePath: path,
      packageBytes: file?.bytes ?? null,
      packageSha256: file?.sha256 ?? null,
    })
    .where(and(eq(performanceRuns.id, run.id), eq(performanceRuns.state, 'requested')))
    .returning();
  if (done === undefined) return;
  await insertResults(tx, run.id, people, receipts);
  if (run.kind === 'preview') await forgetPreviews(tx, period.id, run.id);
  await change(tx, period.id, nextState(run, await lockedPeriod(tx, period.id), asOf));
  if (path !== null) await rename(draft, join(deps.fileRoot, path));
  await recordAudit(tx, {
    at: asOf,
    actor: await actorCalled(tx, run.confirmedBy ?? run.preparedBy),
    action: `period.${run.kind}`,
    subject: `period:${period.id}`,
    detail: {
      period: period.name,
      campaign: campaign.key,
      people: people.length,
      rule: rule.version,
      preparedBy: run.preparedBy,
      ...(run.confirmedBy === null ? {} : { confirmedBy: run.confirmedBy }),
      ...(run.reason === '' ? {} : { reason: run.reason }),
      ...(file === undefined ? {} : { receipt: file.receipt, package: file.sha256 }),
    },
  });
}

function nextState(
  run: PerformanceRun,
  period: PerformancePeriod,
  at: Temporal.Instant,
): Partial<PerformancePeriod> {
  switch (run.kind) {
    case 'preview':
      return { state: period.state === 'open' ? 'preview' : period.state };
    case 'closing':
      return { state: 'closed', closedAt: at, preparedBy: null, preparedAt: null };
    case 'supplement':
      return { preparedBy: null, preparedAt: null };
  }
}

async function insertResults(
  tx: Db,
  runId: string,
  people: readonly EvaluatedPerson[],
  receipts: readonly string[],
): Promise<void> {
  for (let from = 0; from < people.length; from += ROWS_A_STATEMENT) {
    const rows = people.slice(from, from + ROWS_A_STATEMENT).map(({ employeeId, row }, index) => ({
      p: from + index + 1,
      e: employeeId,
      row,
      r: receipts[from + index] ?? '',
    }));
    await tx.execute(sql`
      insert into performance_results (run_id, place, employee_id, row, receipt)
      select ${runId}::uuid, p, e, row, r from json_to_recordset(${JSON.stringify(rows)}::json)
        as s(p int, e uuid, row jsonb, r text)`);
  }
}

/** Nobody signed them: the newest one says what is to be said. */
async function forgetPreviews(tx: Db, periodId: string, but: string): Promise<void> {
  const older = sql`
    select id from performance_runs where period_id = ${periodId} and kind = 'preview' and state = 'done' and id <> ${but}`;
  await tx.execute(sql`delete from performance_results where run_id in (${older})`);
  await tx.execute(sql`delete from performance_runs where id in (${older})`);
}

/** Counts the attempt before it can do harm. A run that gives up leaves its revision to the one that is asked for next. */
async function begin(deps: RunDeps, id: string): Promise<PerformanceRun | undefined> {
  const isLast = sql`${performanceRuns.attempts} >= ${MOST_ATTEMPTS}`;
  const [wanted] = await deps.db
    .update(performanceRuns)
    .set({
      attempts: sql`${performanceRuns.attempts} + 1`,
      state: sql`case when ${isLast} then 'failed' else ${performanceRuns.state} end`,
      revision: sql`case when ${isLast} then null else ${performanceRuns.revision} end`,
    })
    .where(and(eq(performanceRuns.id, id), eq(performanceRuns.state, 'requested')))
    .returning();
  return wanted?.state === 'requested' ? wanted : undefined;
}
