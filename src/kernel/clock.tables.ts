import { integer, pgTable } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** Where the manual clock stands: one row, so that a restart goes on from there. */
export const manualClockRow = pgTable('manual_clock', {
  id: integer('id').primaryKey(),
  now: instant('now').notNull(),
});
