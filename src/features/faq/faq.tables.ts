import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';

/** An entry is answered with only when it is active and was reviewed. */
export const reviewStates = ['draft', 'reviewed'] as const;
export type ReviewState = (typeof reviewStates)[number];

/** What an entry says, and for whom: everything that makes a new version when it changes. */
export interface FaqContent {
  question: string;
  similar: string[];
  /** Markdown. */
  answer: string;
  tags: string[];
  /** The versions of the software for which it holds, in words; null for any. */
  productVersion: string | null;
  /** Codes of the departments for which it is meant, with all below them; empty for everyone. */
  departments: string[];
  validFrom: string | null;
  validUntil: string | null;
  review: ReviewState;
  active: boolean;
}

/** 知识条目 */
export const faqEntries = pgTable('faq_entries', {
  id: uuid('id').primaryKey(),
  /** The id that the import gave; what the API calls `id`. */
  key: text('key').notNull().unique(),
  question: text('question').notNull(),
  similar: text('similar').array().notNull(),
  answer: text('answer').notNull(),
  tags: text('tags').array().notNull(),
  productVersion: text('product_version'),
  departments: text('departments').array().notNull(),
  validFrom: day('valid_from'),
  validUntil: day('valid_until'),
  review: text('review').$type<ReviewState>().notNull(),
  active: boolean('active').notNull(),
  version: integer('version').notNull(),
  updatedAt: instant('updated_at').notNull(),
  retiredAt: instant('retired_at'),
});

/** Every version of every entry as it was; append-only, so that an old answer can be shown again. */
export const faqVersions = pgTable(
  'faq_versions',
  {
    entryId: uuid('entry_id')
      .notNull()
      .references(() => faqEntries.id),
    version: integer('version').notNull(),
    content: jsonb('content').$type<FaqContent>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.entryId, table.version] })],
);

/** Counts the changes of the knowledge base: one row. A process whose index is older builds a new one. */
export const faqRevision = pgTable('faq_revision', {
  id: integer('id').primaryKey(),
  revision: integer('revision').notNull(),
});

export const missOutcomes = ['rephrase', 'handover', 'choices'] as const;
export type MissOutcome = (typeof missOutcomes)[number];

/** 未命中: what somebody asked and we could not answer. Who asked is not kept, only from where. */
export const faqMisses = pgTable(
  'faq_misses',
  {
    id: uuid('id').primaryKey(),
    text: text('text').notNull(),
    /** Code of the department; null when nobody in particular asked. */
    department: text('department'),
    /** `api`, or the channel and the kind of place: `sandbox private`. */
    context: text('context').notNull(),
    outcome: text('outcome').$type<MissOutcome>().notNull(),
    /** The best candidates then, by key. */
    candidates: jsonb('candidates').$type<{ key: string; confidence: number }[]>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    // What was missed lately?
    index('faq_misses_by_time').on(table.at, table.id),
  ],
);

export const thumbs = ['up', 'down'] as const;
export type Thumb = (typeof thumbs)[number];

/** 👍 and 👎 on the exact version of an answer; append-only, the newest of a person counts. */
export const faqFeedback = pgTable(
  'faq_feedback',
  {
    id: uuid('id').primaryKey(),
    entryId: uuid('entry_id')
      .notNull()
      .references(() => faqEntries.id),
    version: integer('version').notNull(),
    employeeId: uuid('employee_id').notNull(),
    thumb: text('thumb').$type<Thumb>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    // What do people think of this answer?
    index('faq_feedback_of_entry').on(table.entryId, table.version),
  ],
);
