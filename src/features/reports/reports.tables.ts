import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { Channel } from '../../chat/event.ts';
import type { Locale } from '../../chat/locale.ts';
import { day, instant } from '../../kernel/columns.ts';
import type { AuditActor } from '../audit/audit.tables.ts';
import { employees } from '../directory/directory.tables.ts';

/** Where a finished export is sent, and in which words. */
export interface AnswerTo {
  employeeId: string;
  channel: Channel;
  account: string;
  platformId: string;
  locale: Locale;
  zone: string;
}

export type ExportKind = 'checkins' | 'performance';

/** One row per export that was asked for: who took what out, when, and what it contained. */
export const exports = pgTable(
  'exports',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').$type<ExportKind>().notNull(),
    format: text('format').$type<'xlsx' | 'csv' | 'json'>().notNull(),
    /** Which of the two tables a CSV file holds; null for XLSX, which holds both. */
    part: text('part').$type<'detail' | 'summary'>(),
    /** Which supplement of a closed period the file holds; null for the period itself, and for check-ins. */
    supplement: integer('supplement'),
    fromDay: day('from_day').notNull(),
    toDay: day('to_day').notNull(),
    /** What the data is for, in the words of whoever asked; empty for what is older than this question. */
    purpose: text('purpose').notNull().default(''),
    /** `waiting` for a second person, who sends it on to `requested` or ends it as `refused`. */
    state: text('state').$type<'waiting' | 'requested' | 'done' | 'failed' | 'refused'>().notNull(),
    /** Whose wish it is: the employee who asked, or made the token that did; null where nobody is known. */
    person: uuid('person'),
    requestedByKind: text('requested_by_kind').$type<AuditActor['kind']>().notNull(),
    requestedBy: text('requested_by').notNull(),
    /** The second person, for more rows than one may take out alone; and why they refused. */
    decidedBy: uuid('decided_by').references(() => employees.id),
    decidedAt: instant('decided_at'),
    refusal: text('refusal'),
    /** Null when nobody waits in a chat. */
    answerTo: jsonb('answer_to').$type<AnswerTo>(),
    attempts: integer('attempts').notNull().default(0),
    fileName: text('file_name').notNull(),
    /** Path below the folder of files; this and what follows is null until the export is done. */
    path: text('path'),
    people: integer('people'),
    /** Rows of check-ins; headings and the summary are not counted. */
    rows: integer('rows'),
    bytes: integer('bytes'),
    sha256: text('sha256'),
    createdAt: instant('created_at').notNull(),
    finishedAt: instant('finished_at'),
    expiresAt: instant('expires_at'),
    /** When the file was removed; the row stays. */
    removedAt: instant('removed_at'),
  },
  (table) => [
    // What is still to be made? (the sweep for jobs that were lost)
    index('exports_requested').on(table.createdAt).where(sql`${table.state} = 'requested'`),
    // Whose file is past its time?
    index('exports_expiring').on(table.expiresAt).where(sql`${table.removedAt} is null`),
  ],
);

export type Export = typeof exports.$inferSelect;
/** An export whose file was made. */
export type DoneExport = Export & {
  path: string;
  people: number;
  rows: number;
  bytes: number;
  sha256: string;
};
