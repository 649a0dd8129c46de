import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { Temporal } from '../../kernel/time.ts';
import { type AuditActor, recordAudit } from '../audit/index.ts';
import type { CorrectDays } from '../corrections/index.ts';
import { type OwnRecord, type Standing, standingOn } from './periods.person.ts';
import { type Appeal, type AppealDecision, appealDecisions, appeals } from './periods.tables.ts';

/** Why somebody cannot appeal; the words are in `periods.text.ts`. */
export type AppealRefusal =
  | 'future'
  | 'not-over'
  | 'day-off'
  | 'outside'
  | 'counted'
  | 'excused'
  | 'late'
  | 'already'
  | 'decided';

export interface AppealOf {
  appeal: Appeal;
  decision: AppealDecision | null;
}

/** Days within which an answer is owed. */
const ANSWER_DAYS = 5;

/** The appeal of a day, with what was decided. */
export async function appealOn(
  tx: Db,
  { campaignId, employeeId, day }: { campaignId: string; employeeId: string; day: Temporal.PlainDate },
): Promise<AppealOf | undefined> {
  const [found] = await tx
    .select({ appeal: appeals, decision: appealDecisions })
    .from(appeals)
    .leftJoin(appealDecisions, eq(appealDecisions.appealId, appeals.id))
    .where(and(eq(appeals.campaignId, campaignId), eq(appeals.employeeId, employeeId), eq(appeals.day, day)));
  return found;
}

/** Whether a day may be appealed now, and if not, why. */
export function refusalOf(
  record: OwnRecord,
  standing: Standing,
  known: AppealOf | undefined,
): AppealRefusal | undefined {
  switch (standing.kind) {
    case 'future':
    case 'outside':
    case 'day-off':
    case 'excused':
      return standing.kind;
    case 'open':
      return 'not-over';
    case 'counted':
      return 'counted';
    case 'missed':
    case 'frozen':
    case 'revoked':
      if (known !== undefined) return known.decision === null ? 'already' : 'decided';
      return record.today > record.appealsUntil.toString() ? 'late' : undefined;
  }
}

export type Appealed = { kind: 'appealed'; appeal: Appeal } | { kind: 'refused'; why: AppealRefusal };

/** Files an appeal. A second one for the same day is refused, also when both come at once. */
export async function fileAppeal(
  tx: Db,
  record: OwnRecord,
  given: { employeeId: string; day: string; reason: string; trail: string[]; at: Temporal.Instant },
): Promise<Appealed> {
  const { employeeId, reason, trail, at } = given;
  const day = Temporal.PlainDate.from(given.day);
  const key = { campaignId: record.campaign.id, employeeId, day };
  const why = refusalOf(record, standingOn(record, given.day), await appealOn(tx, key));
  if (why !== undefined) return { kind: 'refused', why };
  const [appeal] = await tx
    .insert(appeals)
    .values({
      id: newId(),
      ...key,
      reason,
      trail,
      answerBy: Temporal.PlainDate.from(record.today).add({ days: ANSWER_DAYS }),
      at,
    })
    .onConflictDoNothing()
    .returning();
  if (appeal === undefined) return { kind: 'refused', why: 'already' };
  await recordAudit(tx, {
    at,
    actor: { kind: 'employee', id: employeeId },
    action: 'appeal.file',
    subject: `appeal:${appeal.id}`,
    detail: { no: appeal.no, day: given.day },
  });
  return { kind: 'appealed', appeal };
}

export interface Decision {
  outcome: 'granted' | 'refused';
  reason: string;
  by: AuditActor;
  /** Whose decision it is: an employee's id, if there is one behind it. */
  employeeId: string | null;
  byName: string;
  at: Temporal.Instant;
}

/**
 * Decides an appeal once: the decision, the correction that follows from it and the audit are one. Rejects with
 * `appeal.not-found`, `appeal.decided`, and `appeal.own` for one's own.
 */
export async function decideAppeal(
  tx: Db,
  which: { id: string } | { no: number },
  decision: Decision,
  correctDays: CorrectDays,
): Promise<Appeal> {
  const { outcome, reason, by, byName, at } = decision;
  const [appeal] = await tx
    .select()
    .from(appeals)
    .where('id' in which ? eq(appeals.id, which.id) : eq(appeals.no, which.no));
  if (appeal === undefined) throw new AppError('appeal.not-found', 'there is no such appeal');
  if (decision.employeeId === appeal.employeeId)
    throw new AppError('appeal.own', 'somebody else must decide your own appeal');
  const [decided] = await tx
    .insert(appealDecisions)
    .values({ appealId: appeal.id, outcome, reason, by: by.id, byName, at })
    .onConflictDoNothing()
    .returning();
  if (decided === undefined) throw new AppError('appeal.decided', `appeal ${appeal.no} was decided before`);
  if (outcome === 'granted') {
    await correctDays(tx, [
      {
        campaignId: appeal.campaignId,
        employeeId: appeal.employeeId,
        day: appeal.day,
        effect: 'counts',
        cause: 'appeal',
        causeId: appeal.id,
        reason,
        by: by.id,
        at,
      },
    ]);
  }
  await recordAudit(tx, {
    at,
    actor: by,
    action: 'appeal.decide',
    subject: `appeal:${appeal.id}`,
    detail: { no: appeal.no, day: appeal.day.toString(), outcome },
  });
  return appeal;
}

/** Open ones by the day on which an answer is owed, decided ones the newest first. */
export async function listAppeals(
  tx: Db,
  query: { state: 'open' | 'decided'; after?: number | undefined; limit: number },
): Promise<AppealOf[]> {
  const open = query.state === 'open';
  const { after } = query;
  return tx
    .select({ appeal: appeals, decision: appealDecisions })
    .from(appeals)
    .leftJoin(appealDecisions, eq(appealDecisions.appealId, appeals.id))
    .where(
      and(
        open ? isNull(appealDecisions.appealId) : isNotNull(appealDecisions.appealId),
        after === undefined ? undefined : open ? gt(appeals.no, after) : lt(appeals.no, after),
      ),
    )
    .orderBy(open ? asc(appeals.no) : desc(appeals.no))
    .limit(query.limit);
}

/** Somebody's appeals on these days, by ISO day. */
export async function appealsOf(
  tx: Db,
  { campaignId, employeeId, days }: { campaignId: string; employeeId: string; days: readonly string[] },
): Promise<Set<string>> {
  if (days.length === 0) return new Set();
  const rows = await tx
    .select({ day: appeals.day })
    .from(appeals)
    .where(
      and(
        eq(appeals.campaignId, campaignId),
        eq(appeals.employeeId, employeeId),
        inArray(
          appeals.day,
          days.map((day) => Temporal.PlainDate.from(day)),
        ),
      ),
    );
  return new Set(rows.map(({ day }) => day.toString()));
}

/** Who works in HR on that day. */
export async function peopleOfHr(tx: Db, day: Temporal.PlainDate): Promise<string[]> {
  const found = await tx.execute<{ id: string }>(sql`
    select distinct r.employee_id as id from employee_roles r join employees e on e.id = r.employee_id
    where r.role = 'hr' and r.from_day <= ${day.toString()} and (r.to_day is null or r.to_day >= ${day.toString()})
      and (e.left_on is null or e.left_on >= ${day.toString()})
    order by 1`);
  return found.rows.map(({ id }) => id);
}
