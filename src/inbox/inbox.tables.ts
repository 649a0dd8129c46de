import { pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../kernel/columns.ts';

/**
 * One row per event that took effect. The row commits with the effect and the answer, so a redelivery finds it and
 * changes nothing. Rows are swept 30 days after receipt, long after the last platform stops redelivering (8 h).
 */
export const inbox = pgTable(
  'inbox',
  {
    channel: text('channel').notNull(),
    account: text('account').notNull(),
    eventKey: text('event_key').notNull(),
    employeeId: uuid('employee_id'),
    /** Which command answered; the text of a person's message is never kept here. */
    command: text('command'),
    occurredAt: instant('occurred_at').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.channel, table.account, table.eventKey] })],
);
