import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from '../../kernel/columns.ts';

/**
 * What a link without a card template says for a button: a token that people send back with a tap, and the action it
 * stands for. Swept after some weeks, when the link has become meaningless.
 */
export const dingtalkWords = pgTable(
  'dingtalk_words',
  {
    token: text('token').primaryKey(),
    actionId: text('action_id').notNull(),
    inputs: jsonb('inputs').$type<Record<string, string>>().notNull(),
    createdAt: instant('created_at').notNull(),
  },
  // What may be swept?
  (table) => [index('dingtalk_words_created').on(table.createdAt)],
);

/** Cards of a template that we sent: where they stand, and the platform's key for reading and recalling them. */
export const dingtalkCards = pgTable(
  'dingtalk_cards',
  {
    outTrackId: text('out_track_id').primaryKey(),
    /** Null while the answer to the sending call has not come. */
    carrierId: text('carrier_id'),
    /** The group in which it stands; null in a private chat. */
    conversationId: text('conversation_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    // Which card does a read receipt name?
    index('dingtalk_cards_carrier').on(table.carrierId),
    // What may be swept?
    index('dingtalk_cards_created').on(table.createdAt),
  ],
);

/** Where the platform takes a reply without an API call, for an hour and a half after somebody spoke. */
export const dingtalkSessions = pgTable(
  'dingtalk_sessions',
  {
    account: text('account').notNull(),
    /** `person:<userid>` or `group:<conversation id>`. */
    place: text('place').notNull(),
    webhook: text('webhook').notNull(),
    until: instant('until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.place] })],
);
