import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { Channel } from '../chat/event.ts';
import type { Message } from '../chat/message.ts';
import { instant } from '../kernel/columns.ts';
import type { DeliveryState } from './delivery-states.ts';

/** One logical message: one content, one purpose, one audience. Never changed after it is written. */
export const outboxMessages = pgTable(
  'outbox_messages',
  {
    id: uuid('id').primaryKey(),
    /** Why it is sent: `tips.daily`, `checkins.reminder`, `answer`. */
    purpose: text('purpose').notNull(),
    /** `answer` to a person's own action goes before everything that we start. */
    priority: text('priority').$type<'answer' | 'campaign'>().notNull(),
    content: jsonb('content').$type<Message>().notNull(),
    campaignId: uuid('campaign_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    // What did a campaign send on a day? Answers belong to none and stay out.
    index('outbox_messages_campaign')
      .on(table.campaignId, table.createdAt)
      .where(sql`${table.campaignId} is not null`),
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
    /** A short code that says why, such as `acted` or the platform's own error code. */
    reason: text('reason'),
    /** While this is open the message still makes sense; `withdraw` ends it: `check-in:<campaign>:<day>`. */
    stopKey: text('stop_key'),
    /** After this moment the message no longer makes sense. */
    expiresAt: instant('expires_at'),
    batchId: uuid('batch_id'),
    attempts: integer('attempts').notNull().default(0),
    platformMessageId: text('platform_message_id'),
    plannedAt: instant('planned_at').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.recipient] }),
    // What is still to be sent? (relay)
    index('deliveries_planned').on(table.plannedAt).where(sql`${table.state} = 'planned'`),
    // Which rows belong to this batch? (sender, and the sweep for batches whose job was lost)
    index('deliveries_batch').on(table.batchId).where(sql`${table.state} in ('queued', 'sending')`),
    // What is still under way for this person under this key? (withdraw)
    index('deliveries_stop')
      .on(table.stopKey, table.employeeId)
      .where(sql`${table.state} in ('planned', 'queued')`),
    // What did this person get, newest first?
    index('deliveries_of_employee').on(table.employeeId, table.plannedAt),
    // Which delivery does the platform's message id name? (receipts)
    index('deliveries_platform_message').on(table.channel, table.platformMessageId),
  ],
);
