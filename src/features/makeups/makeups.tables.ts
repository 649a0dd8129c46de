import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import type { PerformanceRule } from '../performance/performance.schema.ts';

export type Approver = PerformanceRule['makeUps']['approver'];

/** 补卡: somebody asks that a missed day count. Append-only; what became of it stands in `makeup_decisions`. */
export const makeupRequests = pgTable(
  'makeup_requests',
  {
    id: uuid('id').primaryKey(),
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    day: day('day').notNull(),
    /** First day of the period whose quota it counts against. */
    periodFrom: day('period_from').notNull(),
    reason: text('reason').notNull(),
    /** Who says yes, by the rule that held when it was asked. */
    approver: text('approver').$type<Approver>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    // What has this person asked for? (quota, one open request a day)
    index('makeup_requests_of_employee').on(table.campaignId, table.employeeId, table.day),
  ],
);

/** The first decision about a request holds. Append-only. */
export const makeupDecisions = pgTable('makeup_decisions', {
  requestId: uuid('request_id')
    .primaryKey()
    .references(() => makeupRequests.id),
  /** `moot`: the day counted by itself meanwhile, and nothing is used up. */
  outcome: text('outcome').$type<'approved' | 'refused' | 'moot'>().notNull(),
  by: text('by').notNull(),
  reason: text('reason'),
  at: instant('at').notNull(),
});

/** What somebody was about to say when we asked for the rest; gone after half an hour. */
export const makeupDrafts = pgTable('makeup_drafts', {
  employeeId: uuid('employee_id').primaryKey(),
  /** The missed day of an own request, else null. */
  day: day('day'),
  /** The request that is about to be refused, else null. */
  requestId: uuid('request_id'),
  until: instant('until').notNull(),
});

/** 补学: an answer beyond what the days ask for; one try for each question and day. Append-only. */
export const earnBackAnswers = pgTable(
  'earn_back_answers',
  {
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    /** The tip, or the question of the bank. */
    tipId: uuid('tip_id').notNull(),
    /** The person's day. */
    day: day('day').notNull(),
    right: boolean('right').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.employeeId, table.day, table.tipId] })],
);

/** A missed day that came back by learning. Append-only. */
export const earnBacks = pgTable(
  'earn_backs',
  {
    id: uuid('id').primaryKey(),
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    day: day('day').notNull(),
    periodFrom: day('period_from').notNull(),
    /** How many right answers it cost. */
    answers: integer('answers').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [uniqueIndex('earn_backs_day').on(table.campaignId, table.employeeId, table.day)],
);
