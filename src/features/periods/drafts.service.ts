import { and, asc, desc, eq, gt, ne, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type Clock, localDay, type Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import type { Campaign } from '../campaigns/index.ts';
import { addRule, type ResultRow, type RuleVersion, ruleOn, ruleVersions } from '../performance/index.ts';
import type { PerformanceRule } from '../performance/performance.schema.ts';
import { readWhole } from '../reports/index.ts';
import { type EvaluatedPerson, evaluate, readingStill } from './periods.evaluate.ts';
import { calendarDays } from './periods.runs.ts';
import {
  actorCalled,
  campaignOf,
  monthSpan,
  periodHolding,
  periodUnderObjection,
  type Span,
} from './periods.service.ts';
import {
  type DraftCounts,
  type Outcome,
  performancePeriods,
  type RuleDraft,
  ruleDraftRows,
  ruleDrafts,
  type Verdict,
} from './periods.tables.ts';

const MOST_ATTEMPTS = 5;
const ROWS_A_STATEMENT = 2_000;

/** Keeps a rule that is not published and asks for the comparison with the one that holds. */
export async function draftRule(
  tx: Db,
  given: {
    campaign: Campaign;
    rule: PerformanceRule;
    fromDay: Temporal.PlainDate;
    by: string;
    at: Temporal.Instant;
  },
): Promise<RuleDraft> {
  const [draft] = await tx
    .insert(ruleDrafts)
    .values({
      id: newId(),
      campaignId: given.campaign.id,
      rule: given.rule,
      fromDay: given.fromDay,
      state: 'requested',
      createdBy: given.by,
      createdAt: given.at,
    })
    .returning();
  return draft as RuleDraft;
}

export async function draftById(tx: Db, id: string): Promise<RuleDraft> {
  const [found] = await tx.select().from(ruleDrafts).where(eq(ruleDrafts.id, id));
  if (found === undefined) throw new AppError('rule.draft-not-found', `there is no draft ${id}`);
  return found;
}

export async function openDrafts(tx: Db): Promise<string[]> {
  const rows = await tx
    .select({ id: ruleDrafts.id })
    .from(ruleDrafts)
    .where(eq(ruleDrafts.state, 'requested'))
    .orderBy(asc(ruleDrafts.id));
  return rows.map(({ id }) => id);
}

/**
 * Works out what a draft would change for every person of every period that is not closed and that it reaches. Run again
 * or twice at once, it gives the same rows.
 */
export async function compareDraft(deps: { db: Db; clock: Clock }, id: string): Promise<void> {
  const { db } = deps;
  const [draft] = await db
    .update(ruleDrafts)
    .set({ attempts: sql`${ruleDrafts.attempts} + 1` })
    .where(and(eq(ruleDrafts.id, id), eq(ruleDrafts.state, 'requested')))
    .returning();
  if (draft === undefined) return;
  if (draft.attempts > MOST_ATTEMPTS) {
    await db
      .update(ruleDrafts)
      .set({ state: 'failed' })
      .where(and(eq(ruleDrafts.id, id), eq(ruleDrafts.state, 'requested')));
    return;
  }
  const now = deps.clock.now();
  const compared = await db.transaction((tx) => compare(tx, draft, now), readingStill);
  await db.transaction(async (tx) => {
    const [ready] = await tx
      .update(ruleDrafts)
      .set({ state: 'ready', against: compared.against, counts: compared.counts, comparedAt: now })
      .where(and(eq(ruleDrafts.id, id), eq(ruleDrafts.state, 'requested')))
      .returning({ id: ruleDrafts.id });
    if (ready === undefined) return;
    for (let from = 0; from < compared.rows.length; from += ROWS_A_STATEMENT)
      await tx.insert(ruleDraftRows).values(compared.rows.slice(from, from + ROWS_A_STATEMENT));
  });
}

type Row = typeof ruleDraftRows.$inferInsert;

async function compare(
  tx: Db,
  draft: RuleDraft,
  now: Temporal.Instant,
): Promise<{ rows: Row[]; counts: DraftCounts; against: number | null }> {
  await readWhole(tx);
  const campaign = await campaignOf(tx, draft);
  const rows: Row[] = [];
  const counts: DraftCounts = { periods: [], people: 0, better: 0, worse: 0, same: 0, new: 0 };
  const against = (await ruleVersions(tx, campaign.id))[0]?.version ?? null;
  for (const period of await periodsReached(tx, campaign, draft, now)) {
    const old = await ruleOn(tx, campaign.id, period.from);
    const given = await contextOf(tx, campaign, period, now);
    const before = old === undefined ? [] : await evaluate(tx, { ...given, rule: old.rule });
    const after = await evaluate(tx, { ...given, rule: draft.rule });
    counts.periods.push(period.name);
    const known = new Map(before.map((one) => [one.employeeId, one]));
    for (const one of after) {
      const verdict = verdictOf(known.get(one.employeeId)?.row, one.row);
      counts.people += 1;
      counts[verdict] += 1;
      rows.push(rowOf(draft.id, rows.length + 1, period.name, known.get(one.employeeId), one, verdict));
    }
  }
  return { rows, counts, against };
}

/** What is closed never changes; what lies before the rule keeps its own. */
async function periodsReached(
  tx: Db,
  campaign: Campaign,
  draft: RuleDraft,
  now: Temporal.Instant,
): Promise<Span[]> {
  const opened = await tx
    .select()
    .from(performancePeriods)
    .where(
      and(
        eq(performancePeriods.campaignId, draft.campaignId),
        sql`${performancePeriods.fromDay} >= ${draft.fromDay.toString()}`,
        ne(performancePeriods.state, 'closed'),
      ),
    )
    .orderBy(asc(performancePeriods.fromDay));
  const spans = opened.map(({ name, fromDay, toDay }) => ({ name, from: fromDay, to: toDay }));
  const today = localDay(now, campaign.zone);
  const running = monthSpan(campaign, today.toPlainYearMonth());
  const reaches = running !== undefined && running.from.toString() >= draft.fromDay.toString();
  // The running month decides whether or not somebody has opened it.
  if (!reaches || (await periodHolding(tx, campaign.id, running.from)) !== undefined) return spans;
  return [...spans, running];
}

async function contextOf(tx: Db, campaign: Campaign, { from, to }: Span, asOf: Temporal.Instant) {
  const calendar = await calendarDays(tx, campaign.id, { fromDay: from, toDay: to });
  return {
    campaign,
    from: from.toString(),
    to: to.toString(),
    workdays: calendar.filter(({ workday }) => workday).map(({ day }) => day),
    asOf,
  };
}

/** By what reaches the pay, then by how much of the target is reached. */
function verdictOf(before: ResultRow | undefined, after: ResultRow): Verdict {
  if (before === undefined) return 'new';
  const step = after.score - before.score || after.reached - before.reached;
  return step > 0 ? 'better' : step < 0 ? 'worse' : 'same';
}

function rowOf(
  draftId: string,
  place: number,
  period: string,
  before: EvaluatedPerson | undefined,
  after: EvaluatedPerson,
  verdict: Verdict,
): Row {
  const { number, name, department } = after.row;
  return {
    draftId,
    place,
    employeeId: after.employeeId,
    number,
    name,
    department,
    period,
    before: before === undefined ? null : outcomeOf(before.row),
    after: outcomeOf(after.row),
    verdict,
  };
}

function outcomeOf({ counted, needed, reached, band, score }: ResultRow): Outcome {
  return { counted, needed, reached, band, score };
}

/**
 * Publishes what was compared: the next version, with a reason. Rejects when the comparison is missing, when another
 * version was published since, and when a period in which people may object now would change under their hands.
 */
export async function publishDraft(
  tx: Db,
  id: string,
  { reason, by, at }: { reason: string; by: string; at: Temporal.Instant },
): Promise<RuleVersion> {
  const [draft] = await tx.select().from(ruleDrafts).where(eq(ruleDrafts.id, id)).for('update');
  if (draft === undefined) throw new AppError('rule.draft-not-found', `there is no draft ${id}`);
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`performance rule ${draft.campaignId}`}))`);
  if (draft.state !== 'ready')
    throw new AppError(
      'rule.not-compared',
      `the draft is ${draft.state}: what it changes must be known first`,
    );
  const [held] = await ruleVersions(tx, draft.campaignId);
  if ((held?.version ?? null) !== draft.against)
    throw new AppError('rule.outdated', 'another version was published since; compare again');
  const asked = await periodUnderObjection(tx, draft.campaignId, draft.fromDay);
  if (asked !== undefined)
    throw new AppError('rule.under-objection', `people may object to ${asked.name} now; reopen it first`);
  const version = await addRule(tx, {
    campaignId: draft.campaignId,
    rule: draft.rule,
    fromDay: draft.fromDay,
    reason,
    by,
    at,
  });
  await tx
    .update(ruleDrafts)
    .set({ state: 'published', publishedVersion: version.version })
    .where(eq(ruleDrafts.id, id));
  await recordAudit(tx, {
    at,
    actor: await actorCalled(tx, by),
    action: 'performance-rule.publish',
    subject: `campaign:${draft.campaignId}`,
    detail: {
      version: version.version,
      fromDay: draft.fromDay.toString(),
      reason,
      ...(draft.counts === null ? {} : { counts: draft.counts }),
    },
  });
  return version;
}

export async function draftsOf(tx: Db, campaignId: string, limit: number): Promise<RuleDraft[]> {
  return tx
    .select()
    .from(ruleDrafts)
    .where(eq(ruleDrafts.campaignId, campaignId))
    .orderBy(desc(ruleDrafts.id))
    .limit(limit);
}

export async function draftRows(
  tx: Db,
  draftId: string,
  query: { verdict?: Verdict | undefined; after: number; limit: number },
): Promise<(typeof ruleDraftRows.$inferSelect)[]> {
  return tx
    .select()
    .from(ruleDraftRows)
    .where(
      and(
        eq(ruleDraftRows.draftId, draftId),
        gt(ruleDraftRows.place, query.after),
        query.verdict === undefined ? undefined : eq(ruleDraftRows.verdict, query.verdict),
      ),
    )
    .orderBy(asc(ruleDraftRows.place))
    .limit(query.limit);
}
