import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { oneAtATime } from '../../chat/one-at-a-time.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { Temporal } from '../../kernel/time.ts';
import type { Campaign } from '../campaigns/index.ts';
import { currentFor } from '../checkins/index.ts';
import { correct } from '../corrections/index.ts';
import { type Learner, type Tip, tipsOn } from '../tips/index.ts';
import { tips } from '../tips/tips.tables.ts';
import { missedDays, type RepairRule, repairRule } from './makeups.facts.ts';
import { periodFrom } from './makeups.rules.ts';
import { earnBackAnswers, earnBacks } from './makeups.tables.ts';

export interface Learning {
  campaign: Campaign;
  learner: Learner;
  today: Temporal.PlainDate;
  at: Temporal.Instant;
}

export type Course =
  | { kind: 'not-allowed' }
  | { kind: 'nothing-missed'; rule: RepairRule }
  | { kind: 'used-up'; rule: RepairRule }
  | { kind: 'no-questions' }
  | { kind: 'question'; tip: Tip; day: Temporal.PlainDate; done: number; of: number };

/** Where somebody stands with earning a day back: the day that is next to come back, and the next question. */
export async function courseOf(tx: Db, learning: Learning): Promise<Course> {
  const { campaign, learner, today } = learning;
  const rule = await repairRule(tx, campaign.id, periodFrom(today, campaign));
  const { perPeriod, withinWorkdays, answers } = rule.earnBack;
  if (perPeriod === 0) return { kind: 'not-allowed' };
  const { employeeId } = learner;
  const missed = await missedDays(tx, { campaign, employeeId, today }, withinWorkdays);
  if (missed.length === 0) return { kind: 'nothing-missed', rule };
  const day = await firstWithQuota(tx, campaign, employeeId, missed, perPeriod);
  if (day === undefined) return { kind: 'used-up', rule };
  const tip = await nextTip(tx, learning, missed);
  if (tip === undefined) return { kind: 'no-questions' };
  return { kind: 'question', tip, day, done: await progressOf(tx, campaign.id, employeeId), of: answers };
}

async function firstWithQuota(
  tx: Db,
  campaign: Campaign,
  employeeId: string,
  missed: readonly Temporal.PlainDate[],
  perPeriod: number,
): Promise<Temporal.PlainDate | undefined> {
  const rows = await tx
    .select({ from: earnBacks.periodFrom })
    .from(earnBacks)
    .where(and(eq(earnBacks.campaignId, campaign.id), eq(earnBacks.employeeId, employeeId)));
  return missed.find((day) => {
    const from = periodFrom(day, campaign);
    return rows.filter((row) => row.from.equals(from)).length < perPeriod;
  });
}

/** Right answers that no day has been paid with yet. */
async function progressOf(tx: Db, campaignId: string, employeeId: string): Promise<number> {
  const { rows } = await tx.execute<{ n: number }>(sql`
    select ((select count(*) from ${earnBackAnswers} a
              where a.campaign_id = ${campaignId} and a.employee_id = ${employeeId} and a."right")
          - (select coalesce(sum(b.answers), 0) from ${earnBacks} b
              where b.campaign_id = ${campaignId} and b.employee_id = ${employeeId}))::int as n`);
  return rows[0]?.n ?? 0;
}

/**
 * The tips of the missed days first, then those whose question went wrong before, then the library in its order. Never
 * today's own, which belongs to the day's demand; none twice on one day, and none that was answered rightly before.
 */
async function nextTip(
  tx: Db,
  { campaign, learner, today, at }: Learning,
  missed: readonly Temporal.PlainDate[],
): Promise<Tip | undefined> {
  const tried = await tx
    .select({ tipId: earnBackAnswers.tipId, day: earnBackAnswers.day, right: earnBackAnswers.right })
    .from(earnBackAnswers)
    .where(
      and(eq(earnBackAnswers.campaignId, campaign.id), eq(earnBackAnswers.employeeId, learner.employeeId)),
    );
  const out = new Set(tried.filter(({ day, right }) => right || day.equals(today)).map(({ tipId }) => tipId));
  const own = (await tipsOn(tx, campaign, today, [learner], at)).get(learner.employeeId);
  if (own !== undefined) out.add(own.id);
  for (const day of missed) {
    const tip = (await tipsOn(tx, campaign, day, [learner], at)).get(learner.employeeId);
    if (tip?.question && !out.has(tip.id)) return tip;
  }
  const library = (
    await tx.select().from(tips).where(isNull(tips.retiredAt)).orderBy(asc(tips.position))
  ).filter(
    ({ id, question, validUntil }) =>
      question !== null &&
      !out.has(id) &&
      (validUntil === null || Temporal.PlainDate.compare(today, validUntil) <= 0),
  );
  const wrong = new Set(tried.filter(({ right }) => !right).map(({ tipId }) => tipId));
  return library.find(({ id }) => wrong.has(id)) ?? library[0];
}

export type Answered =
  | { kind: 'tried' }
  | { kind: 'wrong' }
  | { kind: 'right'; done: number; of: number }
  | { kind: 'back'; day: Temporal.PlainDate; current: number };

/**
 * Takes an answer, one for each tip and day. The right one that completes the number asked for brings back the oldest
 * missed day of the window.
 */
export async function answer(
  tx: Db,
  learning: Learning,
  { tip, option }: { tip: Tip; option: number },
): Promise<Answered> {
  const { campaign, learner, today, at } = learning;
  const { employeeId } = learner;
  await oneAtATime(tx, [employeeId]);
  const right = tip.question?.answer === option;
  const course = await courseOf(tx, learning);
  const [written] = await tx
    .insert(earnBackAnswers)
    .values({ campaignId: campaign.id, employeeId, tipId: tip.id, day: today, right, at })
    .onConflictDoNothing()
    .returning();
  if (written === undefined) return { kind: 'tried' };
  if (!right) return { kind: 'wrong' };
  if (course.kind !== 'question') return { kind: 'right', done: 0, of: 0 };
  const done = await progressOf(tx, campaign.id, employeeId);
  if (done < course.of) return { kind: 'right', done, of: course.of };
  const id = newId();
  const { day, of: answers } = course;
  await tx.insert(earnBacks).values({
    id,
    campaignId: campaign.id,
    employeeId,
    day,
    periodFrom: periodFrom(day, campaign),
    answers,
    at,
  });
  const reason = `${answers} × 补学`;
  await correct(tx, [
    {
      campaignId: campaign.id,
      employeeId,
      day,
      effect: 'counts',
      cause: 'earn-back',
      causeId: id,
      reason,
      by: 'rule',
      at,
    },
  ]);
  return { kind: 'back', day, current: await currentFor(tx, campaign, employeeId, today) };
}
