import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import type { Audience, PointRules, Targets, TaskRule } from './campaigns.schema.ts';

export const campaigns = pgTable('campaigns', {
  id: uuid('id').primaryKey(),
  /** The key in the content file. */
  key: text('key').notNull().unique(),
  name: text('name').notNull(),
  goal: text('goal').notNull(),
  /** The zone of the campaign's own dates; tips go out by each person's zone. */
  zone: text('zone').notNull(),
  startsOn: day('starts_on').notNull(),
  endsOn: day('ends_on').notNull(),
  /** `HH:mm` on the person's wall clock. */
  tipTime: text('tip_time').notNull(),
  reminderTime: text('reminder_time').notNull(),
  audience: jsonb('audience').$type<Audience>().notNull(),
  tasks: jsonb('tasks').$type<TaskRule>().notNull(),
  targets: jsonb('targets').$type<Targets>().notNull(),
  points: jsonb('points').$type<PointRules>().notNull(),
  /** A tip is not shown again to the same people within so many days. */
  noRepeatDays: integer('no_repeat_days').notNull(),
  /** Keys of tips in the order in which the campaign prefers them. */
  tipOrder: jsonb('tip_order').$type<string[]>().notNull(),
  /** What the file said when somebody put another order by hand, which then holds until the file says otherwise. */
  tipOrderInFile: jsonb('tip_order_in_file').$type<string[]>(),
  createdAt: instant('created_at').notNull(),
  /** Names one writing of `campaign_days`: what was read under it never changes. */
  calendarId: uuid('calendar_id').notNull(),
});

/** What a campaign gave points for, version by version; append-only. Entries of the ledger name the version in force. */
export const campaignPointRules = pgTable(
  'campaign_point_rules',
  {
    campaignId: uuid('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    version: integer('version').notNull(),
    rules: jsonb('rules').$type<PointRules>().notNull(),
    since: instant('since').notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.version] })],
);

/** 预热, 爆发, 持续. */
export const campaignPhases = pgTable(
  'campaign_phases',
  {
    campaignId: uuid('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    position: integer('position').notNull(),
    kind: text('kind').$type<'warm-up' | 'burst' | 'sustain'>().notNull(),
    name: text('name').notNull(),
    focus: text('focus').notNull(),
    fromDay: day('from_day').notNull(),
    toDay: day('to_day').notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.position] })],
);

/** The campaign's copy of the workday calendar, frozen when it was loaded: a later announcement changes no streak. */
export const campaignDays = pgTable(
  'campaign_days',
  {
    campaignId: uuid('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    day: day('day').notNull(),
    workday: boolean('workday').notNull(),
    /** Workdays from the campaign's start up to and including this day: consecutive workdays differ by one. */
    ordinal: integer('ordinal').notNull(),
    /** `国庆节`, `周末`, `调休上班`; empty on an ordinary workday. */
    name: text('name').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.day] }),
    index('campaign_days_ordinal').on(table.campaignId, table.ordinal),
  ],
);
