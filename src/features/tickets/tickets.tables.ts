import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Channel } from '../../chat/event.ts';
import { day, instant } from '../../kernel/columns.ts';
import { employees } from '../directory/directory.tables.ts';

/** P0 is a war-room matter; everything else is technical feedback. */
export const priorities = ['p0', 'technical'] as const;
export type Priority = (typeof priorities)[number];

export const ticketStates = ['waiting', 'claimed', 'solved', 'withdrawn', 'merged'] as const;
export type TicketState = (typeof ticketStates)[number];

/** A question that was asked before the ticket, with what the bot showed. */
export interface TranscriptLine {
  at: string;
  text: string;
  outcome: string;
  entries: { key: string; version: number; question: string }[];
}

/** 工单: a question that a person answers. */
export const tickets = pgTable(
  'tickets',
  {
    id: uuid('id').primaryKey(),
    /** What people call it: 工单 12. */
    number: integer('number').generatedAlwaysAsIdentity().notNull(),
    state: text('state').$type<TicketState>().notNull(),
    priority: text('priority').$type<Priority>().notNull(),
    question: text('question').notNull(),
    askerId: uuid('asker_id')
      .notNull()
      .references(() => employees.id),
    /** Code of the asker's main department then. */
    department: text('department'),
    /** Where the asker is told what happens: their private chat there. Null when the API opened it. */
    channel: text('channel').$type<Channel>(),
    account: text('account'),
    platformId: text('platform_id'),
    transcript: jsonb('transcript').$type<TranscriptLine[]>().notNull(),
    /** What is known of the device: program, version, system. */
    facts: jsonb('facts').$type<Record<string, string>>().notNull(),
    assigneeId: uuid('assignee_id').references(() => employees.id),
    mergedInto: uuid('merged_into'),
    openedAt: instant('opened_at').notNull(),
    /** By then a person must have answered. */
    dueAt: instant('due_at').notNull(),
    claimedAt: instant('claimed_at'),
    firstReplyAt: instant('first_reply_at'),
    escalatedAt: instant('escalated_at'),
    solvedAt: instant('solved_at'),
    /** What solved it, for the asker and the case library. */
    solution: text('solution'),
    /** From 1 to 5; only asked after a person solved it. */
    score: integer('score'),
    comment: text('comment'),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    uniqueIndex('tickets_number').on(table.number),
    // One open ticket a person: whoever asks again adds to it.
    uniqueIndex('tickets_one_open').on(table.askerId).where(sql`${table.state} in ('waiting', 'claimed')`),
    // What waits, and what is in hand?
    index('tickets_by_state').on(table.state, table.openedAt),
    // What was this person's last ticket?
    index('tickets_of_asker').on(table.askerId, table.openedAt),
    // What was merged into this one?
    index('tickets_merged').on(table.mergedInto).where(sql`${table.mergedInto} is not null`),
  ],
);

export const ticketEventKinds = [
  'opened',
  'asker-said',
  'claimed',
  'support-said',
  'transferred',
  'taken-back',
  'reminded',
  'escalated',
  'priority',
  'merged',
  'solved',
  'reopened',
  'withdrawn',
  'rated',
  'filed',
] as const;
export type TicketEventKind = (typeof ticketEventKinds)[number];

/** Everything that happened to a ticket, append-only. */
export const ticketEvents = pgTable(
  'ticket_events',
  {
    id: uuid('id').primaryKey(),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id),
    kind: text('kind').$type<TicketEventKind>().notNull(),
    /** Null when the clock or the API did it. */
    actorId: uuid('actor_id'),
    text: text('text'),
    detail: jsonb('detail').$type<Record<string, string | number>>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    // What happened to this ticket?
    index('ticket_events_of_ticket').on(table.ticketId, table.id),
  ],
);

export const dutyDays = ['workdays', 'days-off', 'every-day', '1', '2', '3', '4', '5', '6', '7'] as const;
export type DutyDays = (typeof dutyDays)[number];

/** 值班表: who answers when; several rows a person and a day. */
export const dutyRoster = pgTable('duty_roster', {
  id: uuid('id').primaryKey(),
  employeeId: uuid('employee_id')
    .notNull()
    .references(() => employees.id),
  /** Workdays and days off are those of the company's calendar, holidays and 调休 included; 1 is Monday. */
  days: text('days').$type<DutyDays>().notNull(),
  /** `HH:mm` in the company's zone. An end not after the start lies on the next day. */
  fromTime: text('from_time').notNull(),
  toTime: text('to_time').notNull(),
  fromDay: day('from_day'),
  toDay: day('to_day'),
});
