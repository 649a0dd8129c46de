import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { PlatformDepartment, PlatformPerson } from '../../chat/directory-source.ts';
import type { Channel } from '../../chat/event.ts';
import { instant } from '../../kernel/columns.ts';
import { departments } from './directory.tables.ts';

/**
 * `held`: everything is applied but the removals, which are too many and wait for somebody's word. `partial`: a part of
 * the directory could not be read, so nobody was removed.
 */
export const runStates = ['walking', 'done', 'held', 'partial', 'failed'] as const;
export type RunState = (typeof runStates)[number];

export interface RunFailure {
  what: string;
  reason: string;
}

/** One walk through the directory of a platform account. */
export const directoryRuns = pgTable(
  'directory_runs',
  {
    id: uuid('id').primaryKey(),
    channel: text('channel').$type<Channel>().notNull(),
    account: text('account').notNull(),
    /** `nightly`, `hint`, or the id of the token that asked. */
    cause: text('cause').notNull(),
    state: text('state').$type<RunState>().notNull(),
    /** Where the walk goes on after a crash; null at the beginning. */
    cursor: text('cursor'),
    /** Until then a process works on it. */
    claimedUntil: instant('claimed_until'),
    failures: jsonb('failures').$type<RunFailure[]>().notNull().default([]),
    created: integer('created').notNull().default(0),
    changed: integer('changed').notNull().default(0),
    removed: integer('removed').notNull().default(0),
    /** How many would have been removed, were they not too many. */
    held: integer('held').notNull().default(0),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [
    // One walk at a time through one directory.
    uniqueIndex('directory_runs_walking')
      .on(table.channel, table.account)
      .where(sql`${table.state} = 'walking'`),
    // What was the last run of this account?
    index('directory_runs_newest').on(table.channel, table.account, table.id),
  ],
);

/** What a walk has read so far, by the platform's ids; gone when a newer walk begins. */
export const directorySeen = pgTable(
  'directory_seen',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => directoryRuns.id),
    kind: text('kind').$type<'department' | 'person'>().notNull(),
    platformId: text('platform_id').notNull(),
    data: jsonb('data').$type<PlatformDepartment | PlatformPerson>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.kind, table.platformId] })],
);

/** Which of our departments a department of a platform is. */
export const departmentIdentities = pgTable(
  'department_identities',
  {
    channel: text('channel').$type<Channel>().notNull(),
    account: text('account').notNull(),
    platformId: text('platform_id').notNull(),
    departmentId: uuid('department_id')
      .notNull()
      .references(() => departments.id),
  },
  (table) => [primaryKey({ columns: [table.channel, table.account, table.platformId] })],
);
