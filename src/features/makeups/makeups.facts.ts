import { desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import { activeCampaignFor, type Campaign, calendarOf } from '../campaigns/index.ts';
import { countedDays, excusedOn } from '../checkins/index.ts';
import { type PerformanceRule, performanceRuleSchema } from '../performance/performance.schema.ts';
import { performanceRules } from '../performance/performance.tables.ts';
import { type DayAsked, periodFrom } from './makeups.rules.ts';
import { makeupDecisions, makeupRequests } from './makeups.tables.ts';

/** Make-ups and earn-backs of a campaign whose performance nobody has ruled yet. */
const unruled = performanceRuleSchema.parse({
  day: [['tap', 'declared', 'read', 'question', 'usage']],
  target: { kind: 'consecutive', days: 1 },
  bands: [{ name: '-', from: 0, credit: 0 }],
  weight: 0,
  parts: { individual: 100, team: 0 },
});

export type RepairRule = Pick<PerformanceRule, 'makeUps' | 'earnBack'>;

/** What the rule says that holds for the period which begins on `from`: the latest version that reaches it. */
export async function repairRule(tx: Db, campaignId: string, from: Temporal.PlainDate): Promise<RepairRule> {
  const [found] = await tx
    .select({ rule: performanceRules.rule })
    .from(performanceRules)
    .where(
      sql`${eq(performanceRules.campaignId, campaignId)} and ${performanceRules.fromDay} <= ${from.toString()}`,
    )
    .orderBy(desc(performanceRules.version))
    .limit(1);
  return found?.rule ?? unruled;
}

interface Whose {
  campaign: Campaign;
  employeeId: string;
  today: Temporal.PlainDate;
}

/** All that decides about a day. */
export async function factsOf(
  tx: Db,
  { campaign, employeeId, today }: Whose,
  day: Temporal.PlainDate,
): Promise<DayAsked> {
  const calendar = await calendarOf(tx, campaign);
  const member = (await activeCampaignFor(tx, [employeeId], day)).get(employeeId)?.id === campaign.id;
  const counted = await isCounted(tx, campaign.id, employeeId, day);
  const excused = (await excusedOn(tx, day, [employeeId])).has(employeeId);
  const from = periodFrom(day, campaign);
  const { rows } = await tx.execute<{ used: number; pending: boolean }>(sql`
    select (count(*) filter (where r.period_from = ${from.toString()} and coalesce(d.outcome, 'open') in ('open', 'approved')))::int as used,
           coalesce(bool_or(d.outcome is null and r.day = ${day.toString()}), false) as pending
    from ${makeupRequests} r left join ${makeupDecisions} d on d.request_id = r.id
    where r.campaign_id = ${campaign.id} and r.employee_id = ${employeeId}`);
  const { used = 0, pending = false } = rows[0] ?? {};
  return { day, today, calendar, member, counted, excused, pending, used };
}

export async function isCounted(
  tx: Db,
  campaignId: string,
  employeeId: string,
  day: Temporal.PlainDate,
): Promise<boolean> {
  const days = (await countedDays(tx, campaignId, [employeeId])).get(employeeId) ?? [];
  return days.some((one) => one.equals(day));
}

/**
 * The workdays that somebody missed, the oldest first: over, no more than so many workdays ago, theirs, neither
 * counted nor excused, and without an open request.
 */
export async function missedDays(
  tx: Db,
  { campaign, employeeId, today }: Whose,
  withinWorkdays: number,
): Promise<Temporal.PlainDate[]> {
  const calendar = await calendarOf(tx, campaign);
  const yesterday = today.subtract({ days: 1 });
  const candidates = calendar
    .workdaysBetween(calendar.first, yesterday)
    .filter((day) => calendar.ordinal(today) - calendar.ordinal(day) <= withinWorkdays);
  const missed: Temporal.PlainDate[] = [];
  for (const day of candidates) {
    const { member, counted, excused, pending } = await factsOf(tx, { campaign, employeeId, today }, day);
    if (member && !counted && !excused && !pending) missed.push(day);
  }
  return missed.sort(Temporal.PlainDate.compare);
}
