import { and, asc, desc, eq, gte, isNull, lte, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { isZone, localDay, monthDays, type Temporal } from '../../kernel/time.ts';
import type { AuditActor } from '../audit/index.ts';
import { type Campaign, campaignById, listCampaigns } from '../campaigns/index.ts';
import { employees } from '../directory/directory.tables.ts';
import { zonesInUse } from '../directory/index.ts';
import { type RuleVersion, ruleOn } from '../performance/index.ts';
import {
  appealDecisions,
  appeals,
  type PerformancePeriod,
  performancePeriods,
  performanceRuns,
} from './periods.tables.ts';

/** The zone in which a day ends last. */
const LATEST_ZONE = 'Etc/GMT+12';
/** What a platform delivers later counts for no day any more, see `checkins.rules.ts`. */
const REDELIVERY_HOURS = 8;

/** The days that decide together, whether or not somebody has opened a period for them. */
export interface Span {
  name: string;
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

/** The month that holds `day`, cut by the campaign's own days. */
export function monthSpan(
  campaign: Pick<Campaign, 'startsOn' | 'endsOn'>,
  month: Temporal.PlainYearMonth,
): Span | undefined {
  const { from, to } = monthDays(month);
  const first = later(from, campaign.startsOn);
  const last = earlier(to, campaign.endsOn);
  return isBefore(last, first) ? undefined : { name: month.toString(), from: first, to: last };
}

const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => a.toString() < b.toString();
const later = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (isBefore(a, b) ? b : a);
const earlier = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (isBefore(a, b) ? a : b);

/** The period that holds this day, or undefined. */
export async function periodHolding(
  tx: Db,
  campaignId: string,
  day: Temporal.PlainDate,
): Promise<PerformancePeriod | undefined> {
  const [found] = await tx
    .select()
    .from(performancePeriods)
    .where(
      and(
        eq(performancePeriods.campaignId, campaignId),
        lte(performancePeriods.fromDay, day),
        gte(performancePeriods.toDay, day),
      ),
    );
  return found;
}

/** The days that decide together with `day`: those of its period, else of its month. */
export async function spanHolding(
  tx: Db,
  campaign: Campaign,
  day: Temporal.PlainDate,
): Promise<Span | undefined> {
  const period = await periodHolding(tx, campaign.id, day);
  if (period !== undefined) return { name: period.name, from: period.fromDay, to: period.toDay };
  return monthSpan(campaign, day.toPlainYearMonth());
}

/** Opens a period. Rejects when it lies outside of the campaign, overlaps another one, or has no rule. */
export async function openPeriod(
  tx: Db,
  campaign: Campaign,
  { name, from, to }: Span,
  at: Temporal.Instant,
): Promise<PerformancePeriod> {
  await lockPeriods(tx, campaign.id);
  if (isBefore(to, from) || isBefore(from, campaign.startsOn) || isBefore(campaign.endsOn, to)) {
    throw new AppError(
      'period.outside-campaign',
      `the campaign lasts from ${campaign.startsOn.toString()} to ${campaign.endsOn.toString()}`,
    );
  }
  const [other] = await tx
    .select()
    .from(performancePeriods)
    .where(
      and(
        eq(performancePeriods.campaignId, campaign.id),
        lte(performancePeriods.fromDay, to),
        gte(performancePeriods.toDay, from),
      ),
    );
  if (other !== undefined)
    throw new AppError('period.overlaps', `the period ${other.name} holds some of these days`);
  if ((await ruleOn(tx, campaign.id, from)) === undefined)
    throw new AppError('period.no-rule', 'publish a rule that holds from the first day first');
  const [opened] = await tx
    .insert(performancePeriods)
    .values({
      id: newId(),
      campaignId: campaign.id,
      name,
      fromDay: from,
      toDay: to,
      state: 'open',
      createdAt: at,
    })
    .returning();
  return opened as PerformancePeriod;
}

/**
 * The periods of a month, those included that nobody has opened yet: one for each campaign that has a rule and none for
 * these days. Opening decides nothing.
 */
export async function periodsOfMonth(
  tx: Db,
  month: Temporal.PlainYearMonth,
  at: Temporal.Instant,
): Promise<PerformancePeriod[]> {
  const { from, to } = monthDays(month);
  for (const campaign of await listCampaigns(tx)) {
    const span = monthSpan(campaign, month);
    if (span === undefined || (await ruleOn(tx, campaign.id, span.from)) === undefined) continue;
    await lockPeriods(tx, campaign.id);
    const [known] = await tx
      .select({ id: performancePeriods.id })
      .from(performancePeriods)
      .where(
        and(
          eq(performancePeriods.campaignId, campaign.id),
          lte(performancePeriods.fromDay, span.to),
          gte(performancePeriods.toDay, span.from),
        ),
      )
      .limit(1);
    if (known === undefined) await openPeriod(tx, campaign, span, at);
  }
  return tx
    .select()
    .from(performancePeriods)
    .where(and(lte(performancePeriods.fromDay, to), gte(performancePeriods.toDay, from)))
    .orderBy(asc(performancePeriods.fromDay), asc(performancePeriods.id));
}

async function lockPeriods(tx: Db, campaignId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`periods ${campaignId}`}))`);
}

/** The period, locked until the transaction ends. Rejects with `period.not-found`. */
export async function lockedPeriod(tx: Db, id: string): Promise<PerformancePeriod> {
  const [found] = await tx
    .select()
    .from(performancePeriods)
    .where(eq(performancePeriods.id, id))
    .for('update');
  if (found === undefined) throw notFound(id);
  return found;
}

export async function periodById(tx: Db, id: string): Promise<PerformancePeriod> {
  const [found] = await tx.select().from(performancePeriods).where(eq(performancePeriods.id, id));
  if (found === undefined) throw notFound(id);
  return found;
}

const notFound = (id: string) => new AppError('period.not-found', `there is no period ${id}`);

export async function campaignOf(tx: Db, { campaignId }: { campaignId: string }): Promise<Campaign> {
  const campaign = await campaignById(tx, campaignId);
  if (campaign === undefined) throw new AppError('campaign.not-found', `there is no campaign ${campaignId}`);
  return campaign;
}

/** The rule that a period follows. Every period has one: opening asks for it. */
export async function ruleOfPeriod(
  tx: Db,
  { campaignId, fromDay }: Pick<PerformancePeriod, 'campaignId' | 'fromDay'>,
): Promise<RuleVersion> {
  const rule = await ruleOn(tx, campaignId, fromDay);
  if (rule === undefined) throw new AppError('period.no-rule', 'no rule is published for this period');
  return rule;
}

/** Newest first. */
export async function listPeriods(
  tx: Db,
  query: { campaignId?: string | undefined; before?: string | undefined; limit: number },
): Promise<PerformancePeriod[]> {
  return tx
    .select()
    .from(performancePeriods)
    .where(
      and(
        query.campaignId === undefined ? undefined : eq(performancePeriods.campaignId, query.campaignId),
        query.before === undefined ? undefined : sql`${performancePeriods.id} < ${query.before}`,
      ),
    )
    .orderBy(desc(performancePeriods.id))
    .limit(query.limit);
}

/** Asks people to look: until that day they may object. Only after a preview, and until a closing is asked for. */
export async function askForObjections(
  tx: Db,
  id: string,
  { until, at }: { until: Temporal.PlainDate; at: Temporal.Instant },
): Promise<PerformancePeriod> {
  const period = await lockedPeriod(tx, id);
  mustBe(period, ['preview', 'objections']);
  await mustBeIdle(tx, period);
  if (!isOverEverywhere(period, at))
    throw new AppError('period.not-over', 'objections make sense once the last day is over everywhere');
  const today = localDay(at, (await campaignOf(tx, period)).zone);
  if (isBefore(until, today)) throw new AppError('period.bad-deadline', 'the deadline lies in the past');
  const { rule } = await ruleOfPeriod(tx, period);
  const promised = period.toDay.add({ days: rule.appealDays });
  if (isBefore(until, promised))
    throw new AppError(
      'period.bad-deadline',
      `规则答应大家可以申诉到 ${promised.toString()}，异议期不能更早结束`,
    );
  return change(tx, id, { state: 'objections', objectionsUntil: until, preparedBy: null, preparedAt: null });
}

/** Back to the beginning: the rule may be changed again. */
export async function reopen(tx: Db, id: string): Promise<PerformancePeriod> {
  const period = await lockedPeriod(tx, id);
  mustBe(period, ['preview', 'objections']);
  await mustBeIdle(tx, period);
  return change(tx, id, { state: 'open', objectionsUntil: null, preparedBy: null, preparedAt: null });
}

/** The first pair of eyes. */
export async function prepareClosing(
  tx: Db,
  id: string,
  { by, at }: { by: string; at: Temporal.Instant },
): Promise<PerformancePeriod> {
  const period = await lockedPeriod(tx, id);
  await mustBeReady(tx, period, at);
  return change(tx, id, { preparedBy: by, preparedAt: at });
}

/** Whether the second pair of eyes may close now: somebody else, nothing open, the deadline over. */
export async function mustBeClosable(
  tx: Db,
  period: PerformancePeriod,
  { by, at }: { by: string; at: Temporal.Instant },
): Promise<void> {
  await mustBeReady(tx, period, at);
  if (period.preparedBy === null)
    throw new AppError(
      'period.not-prepared',
      'somebody asks for the closing first, somebody else confirms it',
    );
  if (isSame(period.preparedBy, by))
    throw new AppError('period.same-person', 'whoever asked for the closing cannot confirm it');
}

/** People are written as their number and name: whoever is renamed stays the same. */
export function isSame(a: string, b: string): boolean {
  return a.split(' ')[0] === b.split(' ')[0];
}

/** Who the audit names for somebody who is written as their number and name, or as `token:` and its id. */
export async function actorCalled(tx: Db, by: string): Promise<AuditActor> {
  const [first = by] = by.split(' ');
  const token = /^(?:token|session):(.+)$/.exec(first)?.[1];
  if (token !== undefined) return { kind: 'token', id: token };
  const [person] = await tx.select({ id: employees.id }).from(employees).where(eq(employees.number, first));
  return person === undefined ? { kind: 'token', id: by } : { kind: 'employee', id: person.id };
}

async function mustBeReady(tx: Db, period: PerformancePeriod, at: Temporal.Instant): Promise<void> {
  mustBe(period, ['objections']);
  await mustBeIdle(tx, period);
  const until = period.objectionsUntil;
  // Each person's own day, as for the appeal itself.
  const zones = [(await campaignOf(tx, period)).zone, ...(await zonesInUse(tx)).filter(isZone)];
  if (until === null || zones.some((zone) => !isBefore(until, localDay(at, zone))))
    throw new AppError(
      'period.objections-last',
      `objections are taken until the end of ${until?.toString()} wherever somebody lives`,
    );
  const open = await openAppeals(tx, period);
  if (open > 0)
    throw new AppError('period.appeals-open', `${open} appeals wait for a decision`, { details: { open } });
}

export async function openAppeals(
  tx: Db,
  { campaignId, fromDay, toDay }: Pick<PerformancePeriod, 'campaignId' | 'fromDay' | 'toDay'>,
): Promise<number> {
  const rows = await tx
    .select({ n: sql<number>`count(*)::int` })
    .from(appeals)
    .leftJoin(appealDecisions, eq(appealDecisions.appealId, appeals.id))
    .where(
      and(
        eq(appeals.campaignId, campaignId),
        gte(appeals.day, fromDay),
        lte(appeals.day, toDay),
        isNull(appealDecisions.appealId),
      ),
    );
  return rows[0]?.n ?? 0;
}

export function mustBe(period: PerformancePeriod, states: readonly PerformancePeriod['state'][]): void {
  if (states.includes(period.state)) return;
  throw new AppError('period.wrong-state', `the period is ${period.state}, not ${states.join(' or ')}`, {
    details: { state: period.state },
  });
}

/** While it is evaluated a period stays as it is: what is found must fit the state that it is found for. */
export async function mustBeIdle(tx: Db, { id }: Pick<PerformancePeriod, 'id'>): Promise<void> {
  const [running] = await tx
    .select({ id: performanceRuns.id })
    .from(performanceRuns)
    .where(and(eq(performanceRuns.periodId, id), eq(performanceRuns.state, 'requested')));
  if (running !== undefined) throw new AppError('period.busy', 'an evaluation of this period is under way');
}

/** The last day is over for everybody, and what a platform delivers late has come. */
export function isOverEverywhere({ toDay }: Pick<PerformancePeriod, 'toDay'>, at: Temporal.Instant): boolean {
  return isBefore(toDay, localDay(at.subtract({ hours: REDELIVERY_HOURS }), LATEST_ZONE));
}

export async function change(
  tx: Db,
  id: string,
  values: Partial<PerformancePeriod>,
): Promise<PerformancePeriod> {
  const [changed] = await tx
    .update(performancePeriods)
    .set(values)
    .where(eq(performancePeriods.id, id))
    .returning();
  return changed as PerformancePeriod;
}

/**
 * Whether a new rule that holds from `fromDay` would reach a period that is past changing it; answers the first such one.
 * None begins to be so before the transaction ends.
 */
export async function periodUnderObjection(
  tx: Db,
  campaignId: string,
  fromDay: Temporal.PlainDate,
): Promise<PerformancePeriod | undefined> {
  const rows = await tx
    .select()
    .from(performancePeriods)
    .where(and(eq(performancePeriods.campaignId, campaignId), gte(performancePeriods.fromDay, fromDay)))
    .orderBy(asc(performancePeriods.fromDay))
    .for('update');
  return rows.find(({ state }) => state === 'objections');
}
