import { and, desc, eq, lte } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { PerformanceRule } from './performance.schema.ts';
import { performanceRules } from './performance.tables.ts';

export type RuleVersion = typeof performanceRules.$inferSelect;

/** The rule of a period that begins on `day`: the latest version that holds from then. */
export async function ruleOn(
  tx: Db,
  campaignId: string,
  day: Temporal.PlainDate,
): Promise<RuleVersion | undefined> {
  const [found] = await tx
    .select()
    .from(performanceRules)
    .where(and(eq(performanceRules.campaignId, campaignId), lte(performanceRules.fromDay, day)))
    .orderBy(desc(performanceRules.version))
    .limit(1);
  return found;
}

/** Newest first. */
export async function ruleVersions(tx: Db, campaignId: string): Promise<RuleVersion[]> {
  return tx
    .select()
    .from(performanceRules)
    .where(eq(performanceRules.campaignId, campaignId))
    .orderBy(desc(performanceRules.version));
}

export async function ruleVersion(
  tx: Db,
  campaignId: string,
  version: number,
): Promise<RuleVersion | undefined> {
  const [found] = await tx
    .select()
    .from(performanceRules)
    .where(and(eq(performanceRules.campaignId, campaignId), eq(performanceRules.version, version)));
  return found;
}

/** The next version. Two at once: the second is refused by the unique index and tried again by its caller. */
export async function addRule(
  tx: Db,
  given: {
    campaignId: string;
    rule: PerformanceRule;
    fromDay: Temporal.PlainDate;
    reason: string;
    by: string;
    at: Temporal.Instant;
  },
): Promise<RuleVersion> {
  const [last] = await ruleVersions(tx, given.campaignId);
  const [added] = await tx
    .insert(performanceRules)
    .values({
      id: newId(),
      campaignId: given.campaignId,
      version: (last?.version ?? 0) + 1,
      rule: given.rule,
      fromDay: given.fromDay,
      reason: given.reason,
      publishedBy: given.by,
      publishedAt: given.at,
    })
    .returning();
  return added as RuleVersion;
}

/** The rule of a campaign file becomes version 1; a campaign that has a rule keeps it, for only people change one. */
export async function adoptRule(
  tx: Db,
  campaignId: string,
  rule: PerformanceRule,
  { fromDay, at }: { fromDay: Temporal.PlainDate; at: Temporal.Instant },
): Promise<void> {
  if ((await ruleVersions(tx, campaignId)).length > 0) return;
  await addRule(tx, { campaignId, rule, fromDay, reason: '活动文件', by: 'campaign-file', at });
}
