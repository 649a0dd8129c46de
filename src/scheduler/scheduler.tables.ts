import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../kernel/columns.ts';

/** What to do with a slot that comes up late, because nobody was there to fire it in time. */
export type Misfire =
  /** Fire if no later than so many minutes, else skip. */
  | { policy: 'late-until'; minutes: number }
  /** Skip whatever is more than a minute late. */
  | { policy: 'skip' }
  /** However late, fire once: the newest of the missed slots. */
  | { policy: 'once' };

/** What should happen when. The queue holds only a projection of these rows. */
export const schedules = pgTable(
  'schedules',
  {
    id: uuid('id').primaryKey(),
    /** Names the schedule for whoever puts it: `tips.daily:<campaign>:<zone>`. */
    key: text('key').notNull().unique(),
    job: text('job').notNull(),
    payload: jsonb('payload').notNull(),
    /** Five fields, read in `zone`; absent for a single instant. */
    cron: text('cron'),
    zone: text('zone').notNull(),
    /** `workdays`: slots on days off are recorded as skipped. */
    calendar: text('calendar').$type<'every-day' | 'workdays'>().notNull(),
    misfire: jsonb('misfire').$type<Misfire>().notNull(),
    /** The next slot that is neither fired nor skipped; null when there is none. */
    nextAt: instant('next_at'),
    /** How often the job threw at `nextAt`; 0 when it was not tried there yet. */
    attempts: integer('attempts').notNull().default(0),
    /** Not to be tried again before this; null unless the job threw at `nextAt`. */
    retryAt: instant('retry_at'),
    /** No slot after this. */
    until: instant('until'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    // What is due?
    index('schedules_next').on(table.nextAt).where(sql`${table.nextAt} is not null`),
  ],
);

/** One row per schedule and slot: fired once, or skipped with its reason. */
export const scheduleRuns = pgTable(
  'schedule_runs',
  {
    /** Kept when the schedule itself is removed: the record outlives it. */
    scheduleId: uuid('schedule_id').notNull(),
    scheduleKey: text('schedule_key').notNull(),
    slot: instant('slot').notNull(),
    outcome: text('outcome').$type<'fired' | 'skipped'>().notNull(),
    /** `day-off`, `too-late`, `superseded`, `failed`, `replaced`, `removed`, or what the job itself said. */
    reason: text('reason'),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scheduleId, table.slot] }),
    // What ran lately?
    index('schedule_runs_at').on(table.at),
  ],
);
