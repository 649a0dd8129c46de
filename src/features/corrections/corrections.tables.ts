import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import type { CorrectionCause } from '../performance/performance.schema.ts';

/**
 * A day that counts although nothing was handed in on it, or does not although something was. Append-only; the last
 * row of a person's day in a campaign holds, and check-ins themselves are never touched.
 */
export const dayCorrections = pgTable(
  'day_corrections',
  {
    /** UUIDv7: later rows sort after earlier ones. */
    id: uuid('id').primaryKey(),
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    day: day('day').notNull(),
    effect: text('effect').$type<'counts' | 'does-not-count'>().notNull(),
    cause: text('cause').$type<CorrectionCause>().notNull(),
    /** The make-up, the appeal or the decision that it follows from. */
    causeId: uuid('cause_id').notNull(),
    /** The row that this one replaces; null for the first of its day. */
    corrects: uuid('corrects'),
    reason: text('reason').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    // Which correction of this day holds?
    index('day_corrections_of_day').on(table.campaignId, table.employeeId, table.day, table.id),
  ],
);
