import { index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../../kernel/columns.ts';
import { employees } from '../directory/directory.tables.ts';
import type { Definition } from './audiences.api.ts';

/** Whom something is meant for, by name, so that notices, quizzes and surveys mean the same people. */
export const audiences = pgTable('audiences', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  definition: jsonb('definition').$type<Definition>().notNull(),
  /** `live`: whoever fits at the moment of use. `frozen`: who fitted when it was made, as long as they are employed. */
  mode: text('mode').$type<'live' | 'frozen'>().notNull(),
  createdAt: instant('created_at').notNull(),
  retiredAt: instant('retired_at'),
});

/** The people of a frozen audience. */
export const audienceMembers = pgTable(
  'audience_members',
  {
    audienceId: uuid('audience_id')
      .notNull()
      .references(() => audiences.id),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
  },
  (table) => [primaryKey({ columns: [table.audienceId, table.employeeId] })],
);

/** Words that operators put on people: `种子用户`, `3号楼`. */
export const employeeTags = pgTable(
  'employee_tags',
  {
    tag: text('tag').notNull(),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
  },
  (table) => [
    primaryKey({ columns: [table.tag, table.employeeId] }),
    // Which tags has this person?
    index('employee_tags_of_employee').on(table.employeeId),
  ],
);
