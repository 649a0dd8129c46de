import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';

/** One row per export that was made: who took what out, when, and what it contained. */
export const exports = pgTable('exports', {
  id: uuid('id').primaryKey(),
  kind: text('kind').$type<'checkins'>().notNull(),
  format: text('format').$type<'xlsx' | 'csv'>().notNull(),
  fromDay: day('from_day').notNull(),
  toDay: day('to_day').notNull(),
  requestedBy: text('requested_by').notNull(),
  /** Path below the data directory. */
  path: text('path').notNull(),
  fileName: text('file_name').notNull(),
  rows: integer('rows').notNull(),
  bytes: integer('bytes').notNull(),
  sha256: text('sha256').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
});
