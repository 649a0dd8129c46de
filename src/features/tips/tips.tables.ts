import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import type { Level } from '../directory/directory.tables.ts';
import type { TipQuestion } from './tips.schema.ts';

/** The tip library. */
export const tips = pgTable('tips', {
  id: uuid('id').primaryKey(),
  key: text('key').notNull().unique(),
  title: text('title').notNull(),
  body: text('body').notNull(),
  /** One sentence: what to try now. */
  tryNow: text('try_now').notNull(),
  feature: text('feature').notNull(),
  area: text('area').notNull(),
  scene: text('scene').notNull(),
  tags: text('tags').array().notNull(),
  level: text('level').$type<Level>().notNull(),
  /** The versions of the software for which it holds, in words; null means any. */
  version: text('version'),
  /** Codes of the departments for which it is meant; empty means everyone. */
  departments: text('departments').array().notNull(),
  question: jsonb('question').$type<TipQuestion>(),
  owner: text('owner'),
  validUntil: day('valid_until'),
  retiredAt: instant('retired_at'),
  /** Order in the library: the order of the files. */
  position: integer('position').notNull(),
});

/** Which tip whom on which day: chosen once, then fixed, so that everybody on a track sees the same. */
export const tipDays = pgTable(
  'tip_days',
  {
    campaignId: uuid('campaign_id').notNull(),
    day: day('day').notNull(),
    /** The people who share a tip: `<level>` or `<level>@<department code>`. */
    track: text('track').notNull(),
    tipId: uuid('tip_id')
      .notNull()
      .references(() => tips.id),
    chosenAt: instant('chosen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.day, table.track] })],
);

export const reactions = ['useful', 'known', 'not-for-me'] as const;
export type Reaction = (typeof reactions)[number];

/** What people said of a tip; append-only, the newest of a person counts. */
export const tipReactions = pgTable(
  'tip_reactions',
  {
    id: uuid('id').primaryKey(),
    tipId: uuid('tip_id')
      .notNull()
      .references(() => tips.id),
    employeeId: uuid('employee_id').notNull(),
    reaction: text('reaction').$type<Reaction>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [index('tip_reactions_of_tip').on(table.tipId, table.employeeId, table.at)],
);
