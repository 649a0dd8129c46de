import { pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../kernel/columns.ts';

/** Which command takes what a person types next, where it is no word of ours: one a person and chat. */
export const openQuestions = pgTable(
  'open_questions',
  {
    employeeId: uuid('employee_id').notNull(),
    /** The group's id; empty for the private chat. */
    chat: text('chat').notNull(),
    /** The name of the command, such as `notices.compose`. */
    command: text('command').notNull(),
    askedAt: instant('asked_at').notNull(),
    /** From this moment on nobody waits for an answer any more. */
    until: instant('until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.employeeId, table.chat] })],
);
