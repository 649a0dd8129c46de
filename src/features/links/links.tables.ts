import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../../kernel/columns.ts';
import { employees } from '../directory/directory.tables.ts';

export const media = ['poster', 'sticker', 'mouse-pad', 'loop-video', 'article', 'other'] as const;
export type Medium = (typeof media)[number];

/** Our own short links: each poster, sticker and article has one of its own, so that what it brings can be told. */
export const links = pgTable('links', {
  /** Letters and digits that cannot be taken for one another, as they stand under the QR code. */
  code: text('code').primaryKey(),
  label: text('label').notNull(),
  medium: text('medium').$type<Medium>().notNull(),
  /** Null: a page of ours that says what to send to the bot. */
  target: text('target'),
  campaignId: uuid('campaign_id'),
  by: text('by').notNull(),
  createdAt: instant('created_at').notNull(),
  /** From then on it leads to a page that says it is over. */
  retiredAt: instant('retired_at'),
});

/** One row a scan; no address and no device is kept, only a number that the browser was given. */
export const linkScans = pgTable(
  'link_scans',
  {
    id: uuid('id').primaryKey(),
    code: text('code')
      .notNull()
      .references(() => links.code),
    visitor: text('visitor').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [index('link_scans_of_code').on(table.code, table.at)],
);

/** Who came to the bot by which link: the first time counts. */
export const linkArrivals = pgTable(
  'link_arrivals',
  {
    code: text('code')
      .notNull()
      .references(() => links.code),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.code, table.employeeId] })],
);
