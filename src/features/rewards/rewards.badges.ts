import { and, asc, eq } from 'drizzle-orm';
import type { Locale } from '../../chat/locale.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type Badge, employeeBadges } from './rewards.tables.ts';

const names: Record<Badge, Record<Locale, string>> = {
  'quiz-first': { 'zh-CN': '初试锋芒', en: 'First round' },
  'quiz-full': { 'zh-CN': '全对', en: 'All right' },
  'quiz-winner': { 'zh-CN': '答题高手', en: 'Quiz winner' },
  'quiz-steady': { 'zh-CN': '持之以恒', en: 'Steady hand' },
};
export const badgeName = (badge: Badge, locale: Locale): string => names[badge][locale];

export interface BadgeGiven {
  campaignId: string;
  employeeId: string;
  badge: Badge;
  /** What it was given for: `quiz:<id>`. */
  source: string;
  at: Temporal.Instant;
}

const ROWS_A_STATEMENT = 5_000;

/** Gives badges; whoever has one already keeps the first. */
export async function giveBadges(tx: Db, given: readonly BadgeGiven[]): Promise<void> {
  for (let start = 0; start < given.length; start += ROWS_A_STATEMENT) {
    await tx
      .insert(employeeBadges)
      .values(given.slice(start, start + ROWS_A_STATEMENT))
      .onConflictDoNothing();
  }
}

/** In the order in which they were earned. */
export async function badgesOf(tx: Db, campaignId: string, employeeId: string): Promise<Badge[]> {
  const rows = await tx
    .select({ badge: employeeBadges.badge })
    .from(employeeBadges)
    .where(and(eq(employeeBadges.campaignId, campaignId), eq(employeeBadges.employeeId, employeeId)))
    .orderBy(asc(employeeBadges.at), asc(employeeBadges.badge));
  return rows.map(({ badge }) => badge);
}
