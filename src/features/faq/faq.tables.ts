import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import type { CalibrationReport } from './calibration/report.ts';
import type { Calibration } from './engine/weights.ts';
import type { Outcome, Thresholds } from './faq.rules.ts';

/** An entry is answered with only when it is active and was reviewed. */
export const reviewStates = ['draft', 'reviewed'] as const;
export type ReviewState = (typeof reviewStates)[number];

/** A picture or a file of an entry. */
export interface Attachment {
  /** What people see, with its ending: 安装手册.pdf. */
  name: string;
  /** The name under which its bytes are kept, which follows from them. */
  file: string;
}

/** What an entry says, and for whom: everything that makes a new version when it changes. */
export interface FaqContent {
  question: string;
  similar: string[];
  /** Markdown. */
  answer: string;
  /** What to do, one after the other; shown numbered below the answer. */
  steps: string[];
  /** Pictures and files that go with the answer. */
  attachments: Attachment[];
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
  steps: text('steps').array().notNull().default([]),
  attachments: jsonb('attachments').$type<Attachment[]>().notNull().default([]),
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

/**
 * How sure the signals of a candidate make us, and from where on we answer; append-only, the newest counts. Without a
 * row, what the source gives holds.
 */
export const faqCalibrations = pgTable('faq_calibrations', {
  version: integer('version').primaryKey(),
  calibration: jsonb('calibration').$type<Calibration>().notNull(),
  thresholds: jsonb('thresholds').$type<Thresholds>().notNull(),
  /** What it was fitted on and what it promised then; for the console and for later comparison. */
  report: jsonb('report').$type<CalibrationReport>().notNull(),
  at: instant('at').notNull(),
});

export const missOutcomes = ['rephrase', 'handover', 'choices'] as const;
export type MissOutcome = (typeof missOutcomes)[number];

export const missStates = ['open', 'draft', 'similar', 'outside'] as const;
export type MissState = (typeof missStates)[number];

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
    /** What an editor made of it: nothing yet, a draft, a similar question, or that it is none of our business. */
    state: text('state').$type<MissState>().notNull().default('open'),
    /** The key of the entry that came of it. */
    entryKey: text('entry_key'),
  },
  (table) => [
    // What was missed lately?
    index('faq_misses_by_time').on(table.at, table.id),
  ],
);

/** An entry that somebody was shown, and in which version. */
export interface TriedEntry {
  key: string;
  version: number;
  question: string;
}

export const turnOutcomes = ['answer', 'choices', 'rephrase', 'handover', 'chosen', 'failed'] as const;
export type TurnOutcome = (typeof turnOutcomes)[number];

/** The conversation of the last hours, so that a question can lean on the one before; swept after a day. */
export const faqTurns = pgTable(
  'faq_turns',
  {
    id: uuid('id').primaryKey(),
    employeeId: uuid('employee_id').notNull(),
    /** `private`, or `group` with the group's id. */
    place: text('place').notNull(),
    text: text('text').notNull(),
    outcome: text('outcome').$type<TurnOutcome>().notNull(),
    /** What was shown, best first. */
    entries: jsonb('entries').$type<TriedEntry[]>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    // What did this person ask here just now?
    index('faq_turns_of_employee').on(table.employeeId, table.place, table.at),
    // What is over? (sweep)
    index('faq_turns_by_time').on(table.at),
  ],
);

/** What was asked, whoever asked, and what became of it, for a month: the questions that a draft is tried on. */
export const faqAsked = pgTable(
  'faq_asked',
  {
    id: uuid('id').primaryKey(),
    text: text('text').notNull(),
    outcome: text('outcome').$type<Outcome>().notNull(),
    /** The key of the best entry then. */
    entryKey: text('entry_key'),
    at: instant('at').notNull(),
  },
  (table) => [
    // What was asked lately? (replay, sweep)
    index('faq_asked_by_time').on(table.at),
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
    /** What was wrong with it, in their words. */
    comment: text('comment'),
    at: instant('at').notNull(),
  },
  (table) => [
    // What do people think of this answer?
    index('faq_feedback_of_entry').on(table.entryId, table.version),
  ],
);
