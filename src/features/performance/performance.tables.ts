import { integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import type { PerformanceRule } from './performance.schema.ts';

/** Every version of a campaign's performance rule. Append-only: a changed rule is a new version. */
export const performanceRules = pgTable(
  'performance_rules',
  {
    id: uuid('id').primaryKey(),
    campaignId: uuid('campaign_id').notNull(),
    /** 1, 2, 3 … within the campaign. */
    version: integer('version').notNull(),
    rule: jsonb('rule').$type<PerformanceRule>().notNull(),
    /** Periods that begin on or after this day follow it, until a later version does. */
    fromDay: day('from_day').notNull(),
    /** Why it was changed. */
    reason: text('reason').notNull(),
    publishedBy: text('published_by').notNull(),
    publishedAt: instant('published_at').notNull(),
  },
  (table) => [uniqueIndex('performance_rules_version').on(table.campaignId, table.version)],
);
