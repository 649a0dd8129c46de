import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { day, instant } from '../../kernel/columns.ts';
import type { ResultRow } from '../performance/index.ts';
import type { PerformanceRule } from '../performance/performance.schema.ts';

/** 绩效周期: the days of a campaign that decide together, and how far they are. */
export const performancePeriods = pgTable(
  'performance_periods',
  {
    id: uuid('id').primaryKey(),
    campaignId: uuid('campaign_id').notNull(),
    /** `2026-11`, or both days when it is no month. */
    name: text('name').notNull(),
    fromDay: day('from_day').notNull(),
    /** Included. */
    toDay: day('to_day').notNull(),
    state: text('state').$type<'open' | 'preview' | 'objections' | 'closed'>().notNull(),
    /** The last day on which objections are taken; null before they are asked for. */
    objectionsUntil: day('objections_until'),
    /** Who asked for the closing; somebody else confirms it. */
    preparedBy: text('prepared_by'),
    preparedAt: instant('prepared_at'),
    closedAt: instant('closed_at'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [uniqueIndex('performance_periods_first').on(table.campaignId, table.fromDay)],
);
export type PerformancePeriod = typeof performancePeriods.$inferSelect;

/** One evaluation of everybody. Closings and supplements stay as they are; of previews only the last one is kept. */
export const performanceRuns = pgTable(
  'performance_runs',
  {
    id: uuid('id').primaryKey(),
    periodId: uuid('period_id')
      .notNull()
      .references(() => performancePeriods.id),
    kind: text('kind').$type<'preview' | 'closing' | 'supplement'>().notNull(),
    /** 0 for the closing, then 1, 2 …; null for a preview, and for what failed. */
    revision: integer('revision'),
    state: text('state').$type<'requested' | 'done' | 'failed'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    reason: text('reason').notNull(),
    preparedBy: text('prepared_by').notNull(),
    /** The second person; null for a preview. */
    confirmedBy: text('confirmed_by'),
    requestedAt: instant('requested_at').notNull(),
    /** This and what follows is null until it is done. The evidence is that of this moment. */
    asOf: instant('as_of'),
    ruleVersion: integer('rule_version'),
    calendarId: uuid('calendar_id'),
    /** What the campaign was called then: its file may be read again under another name. */
    campaignName: text('campaign_name'),
    people: integer('people'),
    /** SHA-256 of the results: what an export cites. */
    receipt: text('receipt'),
    /** The receipt of the run that this one supplements. */
    corrects: text('corrects'),
    /** The signed package, below the folder of files. */
    packagePath: text('package_path'),
    packageBytes: integer('package_bytes'),
    packageSha256: text('package_sha256'),
  },
  (table) => [
    // Two runs of a period at once would be two truths.
    uniqueIndex('performance_runs_open').on(table.periodId).where(sql`${table.state} = 'requested'`),
    uniqueIndex('performance_runs_revision').on(table.periodId, table.revision),
    // Which runs has this period?
    index('performance_runs_of_period').on(table.periodId, table.id),
  ],
);
export type PerformanceRun = typeof performanceRuns.$inferSelect;

/** What a run found of each person, in the order of the export. */
export const performanceResults = pgTable(
  'performance_results',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => performanceRuns.id),
    /** From 1; the number of the line in the package. */
    place: integer('place').notNull(),
    employeeId: uuid('employee_id').notNull(),
    row: jsonb('row').$type<ResultRow>().notNull(),
    /** The digest of the line in the package. */
    receipt: text('receipt').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.place] }),
    uniqueIndex('performance_results_of_employee').on(table.runId, table.employeeId),
  ],
);

/** A rule that is not published: what it would change for everybody is known before it is. */
export const ruleDrafts = pgTable(
  'performance_rule_drafts',
  {
    id: uuid('id').primaryKey(),
    campaignId: uuid('campaign_id').notNull(),
    rule: jsonb('rule').$type<PerformanceRule>().notNull(),
    fromDay: day('from_day').notNull(),
    state: text('state').$type<'requested' | 'ready' | 'published' | 'failed'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    /** Which version it was compared with; null when there was none. */
    against: integer('against'),
    counts: jsonb('counts').$type<DraftCounts>(),
    comparedAt: instant('compared_at'),
    publishedVersion: integer('published_version'),
  },
  (table) => [index('performance_rule_drafts_of_campaign').on(table.campaignId, table.id)],
);
export type RuleDraft = typeof ruleDrafts.$inferSelect;

export type Verdict = 'better' | 'worse' | 'same' | 'new';
export interface DraftCounts {
  periods: string[];
  people: number;
  better: number;
  worse: number;
  same: number;
  new: number;
}

/** Old against new, for every person of the periods that are not closed. */
export const ruleDraftRows = pgTable(
  'performance_rule_draft_rows',
  {
    draftId: uuid('draft_id')
      .notNull()
      .references(() => ruleDrafts.id),
    place: integer('place').notNull(),
    employeeId: uuid('employee_id').notNull(),
    number: text('number').notNull(),
    name: text('name').notNull(),
    department: text('department'),
    period: text('period').notNull(),
    before: jsonb('before').$type<Outcome>(),
    after: jsonb('after').$type<Outcome>().notNull(),
    verdict: text('verdict').$type<Verdict>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.draftId, table.place] })],
);

export type Outcome = Pick<ResultRow, 'counted' | 'needed' | 'reached' | 'band' | 'score'>;

/** 申诉: one a person and day. Append-only; the decision is a row of its own. */
export const appeals = pgTable(
  'appeals',
  {
    id: uuid('id').primaryKey(),
    /** What people call it: 同意申诉 12. */
    no: serial('no').notNull(),
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    day: day('day').notNull(),
    reason: text('reason').notNull(),
    /** The trail as the person saw it when they appealed. */
    trail: jsonb('trail').$type<string[]>().notNull(),
    /** Until when an answer is owed. */
    answerBy: day('answer_by').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    uniqueIndex('appeals_no').on(table.no),
    uniqueIndex('appeals_of_day').on(table.campaignId, table.employeeId, table.day),
    index('appeals_by_age').on(table.at, table.id),
  ],
);
export type Appeal = typeof appeals.$inferSelect;

export const appealDecisions = pgTable('appeal_decisions', {
  appealId: uuid('appeal_id')
    .primaryKey()
    .references(() => appeals.id),
  outcome: text('outcome').$type<'granted' | 'refused'>().notNull(),
  reason: text('reason').notNull(),
  by: text('by').notNull(),
  byName: text('by_name').notNull(),
  at: instant('at').notNull(),
});
export type AppealDecision = typeof appealDecisions.$inferSelect;
