import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { Channel } from '../../chat/event.ts';
import type { Locale } from '../../chat/locale.ts';
import { instant } from '../../kernel/columns.ts';

/** Every wording of the notice that people were shown. Append-only: another wording is another version. */
export const privacyNotices = pgTable('privacy_notices', {
  version: integer('version').primaryKey(),
  /** 制度 or 集体合同, or each person's consent. */
  basis: text('basis').$type<'institution' | 'consent'>().notNull(),
  texts: jsonb('texts').$type<Record<Locale, string>>().notNull(),
  /** Whom to ask. */
  contact: text('contact').notNull(),
  since: instant('since').notNull(),
});

/** Who was shown which version, once. Append-only. */
export const privacyShown = pgTable(
  'privacy_shown',
  {
    employeeId: uuid('employee_id').notNull(),
    version: integer('version').notNull(),
    channel: text('channel').$type<Channel>(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.employeeId, table.version] })],
);

/** What somebody asks about their data, and what came of it. */
export const dataRequests = pgTable(
  'data_requests',
  {
    id: uuid('id').primaryKey(),
    employeeId: uuid('employee_id').notNull(),
    text: text('text').notNull(),
    at: instant('at').notNull(),
    answer: text('answer'),
    answeredBy: text('answered_by'),
    answeredAt: instant('answered_at'),
  },
  (table) => [index('data_requests_of_employee').on(table.employeeId)],
);

/** The proof of a nightly clean-up: what was deleted of which class, older than when. Append-only. */
export const retentionRuns = pgTable('retention_runs', {
  id: uuid('id').primaryKey(),
  class: text('class').notNull(),
  keepDays: integer('keep_days').notNull(),
  olderThan: instant('older_than').notNull(),
  deleted: integer('deleted').notNull(),
  at: instant('at').notNull(),
});
