import { integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';

/** Use of the software as a server recorded it: the strongest evidence. One row for each source, day and person; a repeat changes nothing. */
export const usageDays = pgTable(
  'usage_days',
  {
    employeeId: uuid('employee_id').notNull(),
    day: day('day').notNull(),
    /** Which server or file says so. */
    source: text('source').notNull(),
    /** Minutes or events, as the source counts; null when it only says that there was use. */
    amount: integer('amount'),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.employeeId, table.day, table.source] })],
);
