import { and, eq, sql } from 'drizzle-orm';
import { oneAtATime } from '../../chat/one-at-a-time.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Campaign } from '../campaigns/index.ts';
import { currentFor } from '../checkins/index.ts';
import { correct } from '../corrections/index.ts';
import { missedDays, type RepairRule, repairRule } from './makeups.facts.ts';
import { type Asked, type Learning, nextQuestion } from './makeups.questions.ts';
import { periodFrom } from './makeups.rules.ts';
import { earnBackAnswers, earnBacks } from './makeups.tables.ts';

export type Course =
  | { kind: 'not-allowed' }
  | { kind: 'nothing-missed'; rule: RepairRule }
  | { kind: 'used-up'; rule: RepairRule }
  | { kind: 'no-questions' }
  | { kind: 'question'; asked: Asked; day: Temporal.PlainDate; done: number; of: number };

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
  const asked = await nextQuestion(tx, learning, missed);
  if (asked === undefined) return { kind: 'no-questions' };
  return { kind: 'question', asked, day, done: await progressOf(tx, campaign.id, employeeId), of: answers };
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

export type Answered =
  | { kind: 'tried' }
  | { kind: 'wrong' }
  | { kind: 'right'; done: number; of: number }
  | { kind: 'back'; day: Temporal.PlainDate; current: number };

/**
 * Takes an answer, one for each question and day. The right one that completes the number asked for brings back the oldest
 * missed day of the window.
 */
export async function answer(
  tx: Db,
  learning: Learning,
  { asked, option }: { asked: Asked; option: number },
): Promise<Answered> {
  const { campaign, learner, today, at } = learning;
  const { employeeId } = learner;
  await oneAtATime(tx, [employeeId]);
  const right = asked.answer === option;
  const course = await courseOf(tx, learning);
  const [written] = await tx
    .insert(earnBackAnswers)
    .values({ campaignId: campaign.id, employeeId, tipId: asked.id, day: today, right, at })
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
