import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Channel } from '../../chat/event.ts';
import type { Role } from '../../chat/role.ts';
import { day, instant } from '../../kernel/columns.ts';

export const departments = pgTable(
  'departments',
  {
    id: uuid('id').primaryKey(),
    /** The customer's own code, stable over renames. */
    code: text('code').notNull().unique(),
    name: text('name').notNull(),
    parentId: uuid('parent_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    // What is right below these departments? (every subtree)
    index('departments_parent').on(table.parentId),
  ],
);

export const levels = ['beginner', 'intermediate', 'advanced'] as const;
export type Level = (typeof levels)[number];

export const employees = pgTable(
  'employees',
  {
    id: uuid('id').primaryKey(),
    /** 工号: text, because leading zeros count. */
    number: text('number').notNull().unique(),
    name: text('name').notNull(),
    position: text('position'),
    locale: text('locale').notNull(),
    /** The zone of today; what held before stands in `employee_zones`. */
    zone: text('zone').notNull(),
    level: text('level').$type<Level>().notNull(),
    joinedOn: day('joined_on'),
    /** Last day in the company; null while employed. A rejoiner loses it again. */
    leftOn: day('left_on'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    // Who lives in this zone? (a schedule per zone)
    index('employees_zone').on(table.zone),
  ],
);

/** Which zone was somebody's when: the day that counts is the day in the zone that held at the tap. */
export const employeeZones = pgTable(
  'employee_zones',
  {
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    since: instant('since').notNull(),
    zone: text('zone').notNull(),
  },
  (table) => [primaryKey({ columns: [table.employeeId, table.since] })],
);

/** Who belonged where from when to when. Rows are ended, not changed, so that last month's figures stay. */
export const memberships = pgTable(
  'memberships',
  {
    id: uuid('id').primaryKey(),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    departmentId: uuid('department_id')
      .notNull()
      .references(() => departments.id),
    /** The department that counts for figures; a second post is not. */
    main: boolean('main').notNull(),
    fromDay: day('from_day').notNull(),
    /** The last day; null while it lasts. */
    toDay: day('to_day'),
  },
  (table) => [
    // Where was this person on that day?
    index('memberships_of_employee').on(table.employeeId, table.fromDay),
    // Who is in this department now?
    index('memberships_of_department').on(table.departmentId).where(sql`${table.toDay} is null`),
    // One open main department a person.
    uniqueIndex('memberships_one_main')
      .on(table.employeeId)
      .where(sql`${table.main} and ${table.toDay} is null`),
  ],
);

/** A person's account on a channel. One person may have several. */
export const identities = pgTable(
  'identities',
  {
    channel: text('channel').$type<Channel>().notNull(),
    account: text('account').notNull(),
    platformId: text('platform_id').notNull(),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    /** Since when the app's directory does not show it although a whole walk went well: it is out of the app's range. */
    hiddenSince: instant('hidden_since'),
  },
  (table) => [
    primaryKey({ columns: [table.channel, table.account, table.platformId] }),
    // Through which accounts can this person be reached?
    index('identities_of_employee').on(table.employeeId),
  ],
);

/** Roles beyond being an employee, with the departments that a liaison serves. */
export const employeeRoles = pgTable(
  'employee_roles',
  {
    id: uuid('id').primaryKey(),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    role: text('role').$type<Role>().notNull(),
    /** Only for a liaison: the department served, with everything below it. */
    departmentId: uuid('department_id').references(() => departments.id),
    fromDay: day('from_day').notNull(),
    toDay: day('to_day'),
  },
  (table) => [index('employee_roles_of_employee').on(table.employeeId)],
);
