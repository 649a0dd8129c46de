import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../../kernel/columns.ts';
import type { Level } from '../directory/directory.tables.ts';
import type { Kind, QuestionContent } from './questions.schema.ts';

/** The question bank: what each question says now. */
export const questions = pgTable(
  'questions',
  {
    id: uuid('id').primaryKey(),
    key: text('key').notNull().unique(),
    kind: text('kind').$type<Kind>().notNull(),
    text: text('text').notNull(),
    feature: text('feature').notNull(),
    area: text('area').notNull(),
    level: text('level').$type<Level>().notNull(),
    tags: text('tags').array().notNull(),
    review: text('review').$type<'draft' | 'reviewed'>().notNull(),
    /** All of it, as `questions.schema.ts` says; the columns beside it are for looking up. */
    content: jsonb('content').$type<QuestionContent>().notNull(),
    /** Counts up with every change; a round keeps the version that it asked. */
    version: integer('version').notNull(),
    updatedAt: instant('updated_at').notNull(),
    retiredAt: instant('retired_at'),
  },
  (table) => [
    // Which questions may a round draw from?
    index('questions_drawn').on(table.area, table.level).where(sql`${table.retiredAt} is null`),
  ],
);

/** What a question said at each version; append-only. */
export const questionVersions = pgTable(
  'question_versions',
  {
    questionId: uuid('question_id')
      .notNull()
      .references(() => questions.id),
    version: integer('version').notNull(),
    content: jsonb('content').$type<QuestionContent>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.questionId, table.version] })],
);
