import { sql } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Channel } from '../chat/event.ts';
import type { Message } from '../chat/message.ts';
import { day, instant } from '../kernel/columns.ts';
import type { DeliveryState } from './delivery-states.ts';
import type { Priority } from './priority.ts';

/** One logical message: one content, one purpose, one audience. Never changed after it is written. */
export const outboxMessages = pgTable(
  'outbox_messages',
  {
    id: uuid('id').primaryKey(),
    /** Why it is sent: `tips.daily`, `checkins.reminder`, `answer`. */
    purpose: text('purpose').notNull(),
    priority: text('priority').$type<Priority>().notNull(),
    /** Among what we start ourselves, the higher goes first and is the last to be put into a digest; 1 to 9. */
    importance: smallint('importance').notNull().default(5),
    /** Why an urgent or official message passes quiet hours and budget. */
    passReason: text('pass_reason'),
    /** The platform's id of what it answers in a group. */
    replyTo: text('reply_to'),
    /** Calls people's attention where their platform can; only of what is urgent or official. */
    rings: boolean('rings').notNull().default(false),
    content: jsonb('content').$type<Message>().notNull(),
    /** SHA-256 of the content: some platforms drop the same content when it comes twice a day. */
    contentHash: text('content_hash').notNull().default(''),
    campaignId: uuid('campaign_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    // What did a campaign send on a day? Answers belong to none and stay out.
    index('outbox_messages_campaign')
      .on(table.campaignId, table.createdAt)
      .where(sql`${table.campaignId} is not null`),
    // Which messages of this kind came last? (lists)
    index('outbox_messages_purpose').on(table.purpose, table.id),
    // What was promised besides answers, newest first? (lists)
    index('outbox_messages_not_answers').on(table.id).where(sql`${table.priority} <> 'answer'`),
  ],
);

/** One row per message and recipient: whoever appears twice in an audience still gets one row. */
export const deliveries = pgTable(
  'deliveries',
  {
    messageId: uuid('message_id')
      .notNull()
      .references(() => outboxMessages.id),
    /** The employee's id; for whoever is no employee, and for groups, the platform's id. */
    recipient: text('recipient').notNull(),
    /** Null for groups and strangers. */
    employeeId: uuid('employee_id'),
    addressKind: text('address_kind').$type<'person' | 'group'>().notNull(),
    channel: text('channel').$type<Channel>().notNull(),
    account: text('account').notNull(),
    /** Where the channel delivers: a person's or a group's id there; empty when unreachable. */
    platformId: text('platform_id').notNull(),
    state: text('state').$type<DeliveryState>().notNull(),
    /** A short code that says why, such as `acted`, `quiet-hours`, or the platform's own error code. */
    reason: text('reason'),
    /** While this is open the message still makes sense; `withdraw` ends it: `check-in:<campaign>:<day>`. */
    stopKey: text('stop_key'),
    /** After this moment the message no longer makes sense. */
    expiresAt: instant('expires_at'),
    /** A held delivery is looked at again at this moment; one that nobody resumes has none. */
    notBefore: instant('not_before'),
    batchId: uuid('batch_id'),
    attempts: integer('attempts').notNull().default(0),
    /** The endpoint by which it went. */
    way: text('way'),
    platformMessageId: text('platform_message_id'),
    /** The person's own day on which it used up a part of their budget. */
    countsOn: day('counts_on'),
    /** The digest that carried it. */
    digestId: uuid('digest_id'),
    plannedAt: instant('planned_at').notNull(),
    /** By the product's clock; the platform had answered then. */
    sentAt: instant('sent_at'),
    /** By the database's clock, written before a call where the platform counts for each person. */
    calledAt: instant('called_at'),
    /** When the platform is asked what became of it. */
    confirmAt: instant('confirm_at'),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.recipient] }),
    // What waits for its turn on this channel, message by message, and who comes next in each? (relay)
    index('deliveries_planned')
      .on(table.channel, table.account, table.messageId, table.recipient)
      .where(sql`${table.state} = 'planned'`),
    // What has been held until now? (relay)
    index('deliveries_held').on(table.notBefore).where(sql`${table.state} = 'held'`),
    // Which rows belong to this batch? (sender)
    index('deliveries_batch').on(table.batchId).where(sql`${table.state} = 'queued'`),
    // What is still under way for this person under this key? (withdraw)
    index('deliveries_stop')
      .on(table.stopKey, table.employeeId)
      .where(sql`${table.stopKey} is not null and ${table.state} in ('planned', 'held', 'queued')`),
    // What did this person get, newest first?
    index('deliveries_of_employee').on(table.employeeId, table.plannedAt),
    // How much of their budget has this person used? (suppression)
    index('deliveries_budget').on(table.employeeId, table.countsOn).where(sql`${table.countsOn} is not null`),
    // How often was this person called on lately? (quotas that count for each person)
    index('deliveries_called').on(table.platformId, table.calledAt).where(sql`${table.calledAt} is not null`),
    // Which delivery does the platform's message id name? (receipts)
    index('deliveries_platform_message')
      .on(table.channel, table.platformMessageId)
      .where(sql`${table.platformMessageId} is not null`),
    // Whom must we ask about now? (confirming)
    index('deliveries_confirm').on(table.confirmAt).where(sql`${table.confirmAt} is not null`),
  ],
);

/** What one job sends: usually one call of the platform. Rows of done batches are swept after a week. */
export const sendBatches = pgTable(
  'send_batches',
  {
    id: uuid('id').primaryKey(),
    channel: text('channel').$type<Channel>().notNull(),
    account: text('account').notNull(),
    way: text('way').notNull(),
    priority: text('priority').$type<Priority>().notNull(),
    /** Null for answers: one batch may hold several to the same person. */
    messageId: uuid('message_id'),
    calls: integer('calls').notNull(),
    state: text('state').$type<'queued' | 'done'>().notNull(),
    /** The message for which the platform is being called; whoever finds it after a crash knows what is uncertain. */
    calling: uuid('calling'),
    /** By the database's clock: until then the caller is alive. */
    leaseUntil: instant('lease_until'),
    /** How often the platform answered that it could not. */
    attempts: integer('attempts').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    doneAt: instant('done_at'),
  },
  (table) => [
    // What is under way on this channel? (relay, sweep)
    index('send_batches_open').on(table.channel, table.account).where(sql`${table.state} = 'queued'`),
    index('send_batches_done').on(table.doneAt).where(sql`${table.state} = 'done'`),
  ],
);

/** What was used of a quota, in narrow spans of time or in calendar days and months. */
export const quotaUse = pgTable(
  'quota_use',
  {
    /** `wecom:corp1`. */
    account: text('account').notNull(),
    quota: text('quota').notNull(),
    /** The number of a span of the wall clock, or `2026-11-24`, `2026-11`. */
    span: text('span').notNull(),
    used: integer('used').notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.quota, table.span] })],
);

/** How a channel fares: after failures in a row it rests for a while, in all processes. */
export const channelHealth = pgTable(
  'channel_health',
  {
    channel: text('channel').$type<Channel>().notNull(),
    account: text('account').notNull(),
    failures: integer('failures').notNull(),
    /** By the database's clock. */
    restsUntil: instant('rests_until'),
    reason: text('reason'),
  },
  (table) => [primaryKey({ columns: [table.channel, table.account] })],
);

export const stopScopes = ['message', 'campaign', 'department', 'channel', 'everything'] as const;
export type StopScope = (typeof stopScopes)[number];

/** Somebody paused, or killed, what goes out. Ended, not deleted. */
export const sendStops = pgTable(
  'send_stops',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').$type<'pause' | 'kill'>().notNull(),
    scope: text('scope').$type<StopScope>().notNull(),
    /** A message's, campaign's or department's id, a channel's name; empty for everything. */
    subject: text('subject').notNull(),
    reason: text('reason').notNull(),
    by: text('by').notNull(),
    since: instant('since').notNull(),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
    /** What became of the backlog of a pause. */
    backlog: text('backlog').$type<'all' | 'latest' | 'skip'>(),
  },
  (table) => [
    // What is stopped now? (before every call)
    index('send_stops_active').on(table.since).where(sql`${table.endedAt} is null`),
  ],
);
