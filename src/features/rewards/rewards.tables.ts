import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import { employees } from '../directory/directory.tables.ts';

/**
 * The ledger of points, double entry: the two rows of a transfer share its id and add up to nought. Append-only; a
 * reversal is a new transfer that names the old one.
 */
export const pointEntries = pgTable(
  'point_entries',
  {
    transferId: uuid('transfer_id').notNull(),
    /** What the points are for, once: `check-in:<campaign>:<employee>:<day>`. */
    key: text('key').notNull(),
    /** `employee` holds what was earned; `campaign` goes below nought by what it gave. */
    accountKind: text('account_kind').$type<'employee' | 'campaign'>().notNull(),
    accountId: uuid('account_id').notNull(),
    campaignId: uuid('campaign_id').notNull(),
    amount: integer('amount').notNull(),
    /** `check-in`, `streak-bonus`, `answer-right`, `quiz-right`, `quiz-finish`, `quiz-winner`, `expiry`, `reversal`. */
    reason: text('reason').notNull(),
    reverses: uuid('reverses'),
    /** The version of the campaign's point rules in force when it was booked; null for what is older than versions. */
    ruleVersion: integer('rule_version'),
    at: instant('at').notNull(),
  },
  (table) => [
    // Once for each key; also: what was booked under this key?
    primaryKey({ columns: [table.key, table.accountKind] }),
    // What did this person earn, in order; how much did a campaign give on a day?
    index('point_entries_of_account').on(table.accountId, table.at, table.amount, table.reason),
  ],
);

/** Derived from the ledger and kept beside it for rankings; `cuhuo verify points` proves that they agree. */
export const pointBalances = pgTable(
  'point_balances',
  {
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    balance: integer('balance').notNull(),
    /** When the balance last changed: whoever got there first ranks first. */
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.employeeId] }),
    // Who stands where?
    index('point_balances_ranking').on(table.campaignId, table.balance, table.changedAt),
  ],
);

/** Points of which somebody was told that they expire, once a month; what was not told does not expire. */
export const pointExpiries = pgTable(
  'point_expiries',
  {
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    /** The first day of the month with which they would be gone. */
    month: day('month').notNull(),
    amount: integer('amount').notNull(),
    toldAt: instant('told_at').notNull(),
    /** Later than `month` when we were late to tell. */
    expiresOn: day('expires_on').notNull(),
    /** Decided: booked, or nothing was left to book. */
    doneAt: instant('done_at'),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.employeeId, table.month] }),
    // What expires today?
    index('point_expiries_due').on(table.campaignId, table.expiresOn).where(sql`done_at is null`),
  ],
);

/** What can be earned once in a campaign. */
export type Badge = 'quiz-first' | 'quiz-full' | 'quiz-winner' | 'quiz-steady';

/** Badges, each once in a campaign; append-only. */
export const employeeBadges = pgTable(
  'employee_badges',
  {
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    badge: text('badge').$type<Badge>().notNull(),
    /** What it was given for: `quiz:<id>`. */
    source: text('source').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.employeeId, table.badge] })],
);

/** Whether somebody's name stands in rankings and on boards that others see; who said nothing is shown. */
export const rankingWishes = pgTable('ranking_wishes', {
  employeeId: uuid('employee_id')
    .primaryKey()
    .references(() => employees.id),
  hidden: boolean('hidden').notNull(),
  changedAt: instant('changed_at').notNull(),
});
