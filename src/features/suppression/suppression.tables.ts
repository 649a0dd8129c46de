import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import { departments, employees } from '../directory/directory.tables.ts';

/** What somebody told the bot about when it may speak up. */
export const messageWishes = pgTable('message_wishes', {
  employeeId: uuid('employee_id')
    .primaryKey()
    .references(() => employees.id),
  /** Nothing that we start, but official documents and what is urgent, until then; for good when `mutedFrom` stands alone. */
  mutedFrom: instant('muted_from'),
  mutedUntil: instant('muted_until'),
  /** `HH:mm` on the person's wall clock: what we start waits for it. */
  preferredTime: text('preferred_time'),
  changedAt: instant('changed_at').notNull(),
});

/** `HH:mm` to `HH:mm`; over midnight when the end is earlier. */
export interface QuietSpan {
  from: string;
  to: string;
}

/** When a department, or one person on shifts, is left in peace, instead of the company's hours. */
export const quietRules = pgTable(
  'quiet_rules',
  {
    id: uuid('id').primaryKey(),
    departmentId: uuid('department_id').references(() => departments.id),
    employeeId: uuid('employee_id').references(() => employees.id),
    quiet: jsonb('quiet').$type<QuietSpan[]>().notNull(),
    /** `calendar`: the company's workdays; `every-day`; or ISO weekdays, Monday 1, such as `[3, 4, 5, 6]` for a shift. */
    workdays: jsonb('workdays').$type<'calendar' | 'every-day' | number[]>().notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    uniqueIndex('quiet_rules_department')
      .on(table.departmentId)
      .where(sql`${table.departmentId} is not null`),
    uniqueIndex('quiet_rules_employee').on(table.employeeId).where(sql`${table.employeeId} is not null`),
  ],
);

export const exclusionReasons = ['leave', 'trip', 'shift', 'no-pc', 'test-account'] as const;
export type ExclusionReason = (typeof exclusionReasons)[number];

/** Whom nothing that we start reaches for some days: on leave, on a long trip, an account for tests. */
export const exclusions = pgTable(
  'exclusions',
  {
    id: uuid('id').primaryKey(),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    reason: text('reason').$type<ExclusionReason>().notNull(),
    fromDay: day('from_day').notNull(),
    /** The last day; null while nobody knows. */
    toDay: day('to_day'),
    createdAt: instant('created_at').notNull(),
    by: text('by').notNull(),
  },
  (table) => [
    // Is this person left out on that day?
    index('exclusions_of_employee').on(table.employeeId, table.fromDay),
  ],
);
