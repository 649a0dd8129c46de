import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** Who owns what only one process may do at a time, such as a platform's long connection. */
export const leases = pgTable('leases', {
  /** `dingtalk:ding123:stream`. */
  name: text('name').primaryKey(),
  owner: uuid('owner').notNull(),
  /** By the database's clock, which all processes share. */
  until: instant('until').notNull(),
});
