import { sql } from 'drizzle-orm';
import {
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Channel } from '../../chat/event.ts';
import type { Locale } from '../../chat/locale.ts';
import { day, instant } from '../../kernel/columns.ts';
import { campaigns } from '../campaigns/campaigns.tables.ts';
import type { Given } from '../questions/questions.schema.ts';
import { questions } from '../questions/questions.tables.ts';
import type { QuizFile, QuizKind } from './quizzes.schema.ts';

export type QuizState = 'draft' | 'published' | 'closed' | 'approved';

/** Rounds. What a round counts by is fixed from its publication on. */
export const quizzes = pgTable(
  'quizzes',
  {
    id: uuid('id').primaryKey(),
    key: text('key').notNull().unique(),
    campaignId: uuid('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    kind: text('kind').$type<QuizKind>().notNull(),
    file: jsonb('file').$type<QuizFile>().notNull(),
    state: text('state').$type<QuizState>().notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    createdAt: instant('created_at').notNull(),
    publishedAt: instant('published_at'),
    closedAt: instant('closed_at'),
    approvedAt: instant('approved_at'),
    /** The question that a live round is at; null in the lobby. */
    livePosition: integer('live_position'),
    liveOpenedAt: instant('live_opened_at'),
    /** When its countdown ends. */
    liveClosesAt: instant('live_closes_at'),
    /** Since when its answer is shown to everybody; null while it is open. */
    liveRevealedAt: instant('live_revealed_at'),
  },
  (table) => [
    // Which rounds run? (everything typed in chat asks)
    index('quizzes_published').on(table.campaignId).where(sql`${table.state} = 'published'`),
  ],
);

/** The questions of a round at the version that it asks; written at publication, for a daily round day by day. */
export const quizQuestions = pgTable(
  'quiz_questions',
  {
    quizId: uuid('quiz_id')
      .notNull()
      .references(() => quizzes.id),
    position: integer('position').notNull(),
    questionId: uuid('question_id')
      .notNull()
      .references(() => questions.id),
    version: integer('version').notNull(),
    /** Which line of the blueprint it was drawn for. */
    slot: integer('slot').notNull(),
    /** With `daily`: the day, and the tip that it goes with (empty when there was none). */
    day: day('day'),
    tip: text('tip'),
  },
  (table) => [
    primaryKey({ columns: [table.quizId, table.position] }),
    // Which question belongs to this day and this tip?
    uniqueIndex('quiz_questions_of_day').on(table.quizId, table.day, table.tip),
  ],
);

/** One item of a paper: which question, and in which order its options are shown. */
export interface PaperItem {
  /** The question's position in the round. */
  p: number;
  /** Index of the option that stands at each place. */
  o: number[];
}

/** What one person was given: their own order of questions and options. */
export const quizPapers = pgTable(
  'quiz_papers',
  {
    quizId: uuid('quiz_id')
      .notNull()
      .references(() => quizzes.id),
    employeeId: uuid('employee_id').notNull(),
    /** From 1. */
    attempt: integer('attempt').notNull(),
    items: jsonb('items').$type<PaperItem[]>().notNull(),
    /** How many items were answered: the next one is open. Not used by live rounds. */
    at: integer('at').notNull(),
    /** When the open item was first shown: its time runs on when somebody goes away and comes back. */
    openedAt: instant('opened_at').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (table) => [
    primaryKey({ columns: [table.quizId, table.employeeId, table.attempt] }),
    // What does this person have open?
    index('quiz_papers_open').on(table.employeeId).where(sql`${table.finishedAt} is null`),
  ],
);

/** One row per person, attempt and question, never changed: whatever arrives twice finds the first. */
export const quizAnswers = pgTable(
  'quiz_answers',
  {
    quizId: uuid('quiz_id')
      .notNull()
      .references(() => quizzes.id),
    employeeId: uuid('employee_id').notNull(),
    attempt: integer('attempt').notNull(),
    position: integer('position').notNull(),
    given: jsonb('given').$type<Given>().notNull(),
    /** How right it was by the version that was asked, from 0 to 1. */
    share: doublePrecision('share').notNull(),
    /** By our clock. */
    answeredAt: instant('answered_at').notNull(),
    /** From when the question was shown. */
    takenMs: integer('taken_ms').notNull(),
    channel: text('channel').$type<Channel>().notNull(),
    eventKey: text('event_key').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.quizId, table.employeeId, table.attempt, table.position] }),
    // How was this question answered? (statistics)
    index('quiz_answers_of_question').on(table.quizId, table.position),
  ],
);

/** Questions that were taken out of the count, with who did it and why; append-only. */
export const quizWithdrawals = pgTable(
  'quiz_withdrawals',
  {
    quizId: uuid('quiz_id')
      .notNull()
      .references(() => quizzes.id),
    position: integer('position').notNull(),
    reason: text('reason').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.quizId, table.position] })],
);

/** What a withdrawal changed for whom; append-only. */
export const quizRescores = pgTable(
  'quiz_rescores',
  {
    quizId: uuid('quiz_id').notNull(),
    /** The question whose withdrawal did it. */
    position: integer('position').notNull(),
    employeeId: uuid('employee_id').notNull(),
    scoreBefore: integer('score_before').notNull(),
    scoreAfter: integer('score_after').notNull(),
    rankBefore: integer('rank_before').notNull(),
    rankAfter: integer('rank_after').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.quizId, table.position, table.employeeId] })],
);

/** Certificates that people asked for in chat; one stays open until its file is promised. */
export const quizCertificateRequests = pgTable(
  'quiz_certificate_requests',
  {
    id: uuid('id').primaryKey(),
    quizId: uuid('quiz_id')
      .notNull()
      .references(() => quizzes.id),
    employeeId: uuid('employee_id').notNull(),
    /** As they were called when they asked. */
    name: text('name').notNull(),
    locale: text('locale').$type<Locale>().notNull(),
    channel: text('channel').$type<Channel>().notNull(),
    account: text('account').notNull(),
    platformId: text('platform_id').notNull(),
    askedAt: instant('asked_at').notNull(),
    doneAt: instant('done_at'),
  },
  (table) => [
    // What is still to be drawn?
    index('quiz_certificate_requests_open').on(table.id).where(sql`${table.doneAt} is null`),
  ],
);

/** The numbers that were given out, so that whoever is shown one can ask; append-only. */
export const quizCertificates = pgTable('quiz_certificates', {
  code: text('code').primaryKey(),
  quizId: uuid('quiz_id')
    .notNull()
    .references(() => quizzes.id),
  employeeId: uuid('employee_id').notNull(),
  at: instant('at').notNull(),
});

/** Derived from the answers by the policy; `verifyQuiz` proves that they agree. */
export const quizScores = pgTable(
  'quiz_scores',
  {
    quizId: uuid('quiz_id')
      .notNull()
      .references(() => quizzes.id),
    employeeId: uuid('employee_id').notNull(),
    /** The attempt that counts. */
    attempt: integer('attempt').notNull(),
    score: integer('score').notNull(),
    right: integer('right').notNull(),
    answered: integer('answered').notNull(),
    asked: integer('asked').notNull(),
    takenMs: integer('taken_ms').notNull(),
    lastAt: instant('last_at'),
    rank: integer('rank').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.quizId, table.employeeId] }),
    // Who stands where?
    index('quiz_scores_ranking').on(table.quizId, table.rank, table.employeeId),
  ],
);
