import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { Channel } from '../../chat/event.ts';
import { day, instant } from '../../kernel/columns.ts';
import type { TaskType } from '../campaigns/campaigns.schema.ts';
import type { EvidenceGrade } from './checkins.schema.ts';

/** What can bring evidence: a channel, or a server that reports use. */
export type EvidenceChannel = Channel | 'usage';

/**
 * The evidence: which task somebody completed on which of their days, and how we know; better evidence of the same task
 * is a row of its own. Append-only.
 */
export const taskCompletions = pgTable(
  'task_completions',
  {
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    day: day('day').notNull(),
    task: text('task').$type<TaskType>().notNull(),
    grade: text('grade').$type<EvidenceGrade>().notNull(),
    tipId: uuid('tip_id'),
    /** When the person acted, and when we heard of it: hours apart after a redelivery. */
    at: instant('at').notNull(),
    receivedAt: instant('received_at').notNull(),
    channel: text('channel').$type<EvidenceChannel>().notNull(),
    eventKey: text('event_key').notNull(),
    /** What the person entered or chose. */
    detail: jsonb('detail').$type<Record<string, string | number | boolean>>(),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.employeeId, table.day, table.task, table.grade] }),
  ],
);

/** One row per person per local day that counts: written when the campaign's task rule is met. Append-only. */
export const checkins = pgTable(
  'checkins',
  {
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    day: day('day').notNull(),
    at: instant('at').notNull(),
    receivedAt: instant('received_at').notNull(),
    /** The person's zone at the tap: it made the day. */
    zone: text('zone').notNull(),
    grade: text('grade').$type<EvidenceGrade>().notNull(),
    channel: text('channel').$type<EvidenceChannel>().notNull(),
    tipId: uuid('tip_id'),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.employeeId, table.day] }),
    // Who checked in on this day? (board, which needs no more than the index; export by month)
    index('checkins_of_day').on(table.campaignId, table.day, table.employeeId),
  ],
);

/** Derived from check-ins, corrections, excusals and the campaign's calendar; `cuhuo verify streaks` proves it. */
export const streaks = pgTable(
  'streaks',
  {
    campaignId: uuid('campaign_id').notNull(),
    employeeId: uuid('employee_id').notNull(),
    /** Length of the run that ends on `lastDay`, in workdays. */
    current: integer('current').notNull(),
    best: integer('best').notNull(),
    /** All counted days. */
    counted: integer('counted').notNull(),
    lastDay: day('last_day').notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.employeeId] })],
);
