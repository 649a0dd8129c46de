import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import type { ExcusalReason } from '../performance/performance.schema.ts';

/** Times in which people could not check in through no fault of theirs: found by our own health record, or declared. */
export const incidents = pgTable('incidents', {
  id: uuid('id').primaryKey(),
  /** A short name for people: `IN-20261112-1`. */
  number: text('number').notNull().unique(),
  title: text('title').notNull(),
  startsAt: instant('starts_at').notNull(),
  endsAt: instant('ends_at').notNull(),
  /** The channel that was down; null when it was ours, and everybody was hit. */
  channel: text('channel'),
  source: text('source').$type<'found' | 'declared'>().notNull(),
  state: text('state').$type<'found' | 'declared' | 'dismissed'>().notNull(),
  /** What the health record says. */
  evidence: jsonb('evidence').$type<Record<string, string | number>>(),
  /** How many it would excuse, as counted when it was found or reported; a decision counts anew. */
  expected: integer('expected').notNull().default(0),
  decidedBy: text('decided_by'),
  decidedReason: text('decided_reason'),
  decidedAt: instant('decided_at'),
  createdAt: instant('created_at').notNull(),
});

/** 免打卡: days that nobody may hold against a person. Append-only: an end or a withdrawal is a row that names the first. */
export const excusals = pgTable(
  'excusals',
  {
    id: uuid('id').primaryKey(),
    employeeId: uuid('employee_id').notNull(),
    fromDay: day('from_day').notNull(),
    /** Included. */
    toDay: day('to_day').notNull(),
    reason: text('reason').$type<ExcusalReason>().notNull(),
    /** What the customer's own system calls it: a number of a leave. Unique with `source`, so an import may be repeated. */
    reference: text('reference').notNull(),
    source: text('source').$type<'import' | 'api' | 'console' | 'incident' | 'directory'>().notNull(),
    incidentId: uuid('incident_id').references(() => incidents.id),
    note: text('note'),
    /** The excusal that this row takes back; null for one that excuses. */
    revokes: uuid('revokes'),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    uniqueIndex('excusals_reference').on(table.source, table.reference, table.employeeId),
    // What excuses this person? (trail, recompute)
    index('excusals_of_employee').on(table.employeeId, table.fromDay),
    // Was this one taken back?
    index('excusals_revokes').on(table.revokes).where(sql`${table.revokes} is not null`),
  ],
);

/** Derived from `excusals`: one row for each excused day of a person, whether or not it is worked. */
export const excusedDays = pgTable(
  'excused_days',
  {
    employeeId: uuid('employee_id').notNull(),
    day: day('day').notNull(),
    reason: text('reason').$type<ExcusalReason>().notNull(),
    excusalId: uuid('excusal_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.employeeId, table.day] }),
    // Who is excused on this day? (boards)
    index('excused_days_of_day').on(table.day, table.employeeId),
  ],
);
