import { boolean, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from '../../kernel/columns.ts';

/**
 * The health record: what each process says every minute of itself (`web`, `worker`) and of the channels that it calls
 * (`channel:wecom`). A minute in which nobody says `web` is a minute in which no tap could reach us.
 */
export const healthMinutes = pgTable(
  'health_minutes',
  {
    minute: instant('minute').notNull(),
    subject: text('subject').notNull(),
    process: text('process').notNull(),
    ok: boolean('ok').notNull(),
    reason: text('reason'),
  },
  (table) => [primaryKey({ columns: [table.minute, table.subject, table.process] })],
);
