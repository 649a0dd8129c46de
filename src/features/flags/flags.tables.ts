import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { Channel } from '../../chat/event.ts';
import { day, instant } from '../../kernel/columns.ts';

/** Somebody pressed a button of a card that was made for somebody else; it did nothing. Append-only. */
export const foreignTaps = pgTable(
  'foreign_taps',
  {
    id: uuid('id').primaryKey(),
    /** Who pressed, and whose card it was. */
    employeeId: uuid('employee_id').notNull(),
    ownerId: uuid('owner_id').notNull(),
    channel: text('channel').$type<Channel>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [index('foreign_taps_at').on(table.at)],
);

/** What looks as if one person checked in for others. A hint for HR to look into; nothing follows from it by itself. */
export const evidenceFlags = pgTable('evidence_flags', {
  id: uuid('id').primaryKey(),
  /** The same people in the same fortnight are flagged once. */
  key: text('key').notNull().unique(),
  kind: text('kind').$type<'same-order' | 'foreign-cards'>().notNull(),
  campaignId: uuid('campaign_id'),
  /** In the order in which they tap; for cards the one who pressed first. */
  employeeIds: uuid('employee_ids').array().notNull(),
  fromDay: day('from_day').notNull(),
  toDay: day('to_day').notNull(),
  /** On how many days, or how often. */
  times: integer('times').notNull(),
  detail: jsonb('detail').$type<Record<string, string | number>>(),
  foundAt: instant('found_at').notNull(),
  state: text('state').$type<'open' | 'cleared' | 'confirmed'>().notNull(),
  decidedBy: text('decided_by'),
  decidedReason: text('decided_reason'),
  decidedAt: instant('decided_at'),
});
