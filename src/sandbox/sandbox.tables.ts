import { sql } from 'drizzle-orm';
import { bigserial, index, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { SealedMessage } from '../chat/message.ts';
import { instant } from '../kernel/columns.ts';

/** The sandbox's group chats. Private chats with the bot need no row: their id is `private:<employee number>`. */
export const sandboxGroups = pgTable('sandbox_groups', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
});

export const sandboxMembers = pgTable(
  'sandbox_members',
  {
    groupId: text('group_id')
      .notNull()
      .references(() => sandboxGroups.id),
    platformId: text('platform_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.groupId, table.platformId] })],
);

/** What the simulated IM shows: messages of people and of the bot, in order. */
export const sandboxMessages = pgTable(
  'sandbox_messages',
  {
    id: uuid('id').primaryKey(),
    /** Rises with every new or changed message: what a page has not seen yet. */
    revision: bigserial('revision', { mode: 'number' }).notNull(),
    chatId: text('chat_id').notNull(),
    /** The platform id of the person who wrote it; `bot` for us. */
    sender: text('sender').notNull(),
    content: jsonb('content').$type<SealedMessage>().notNull(),
    /** The sender's idempotency key: a repeated send finds the message that is there. */
    dispatchKey: text('dispatch_key'),
    sentAt: instant('sent_at').notNull(),
    readAt: instant('read_at'),
    recalledAt: instant('recalled_at'),
  },
  (table) => [
    unique('sandbox_messages_once').on(table.dispatchKey),
    // What stands in this chat, newest last?
    index('sandbox_messages_chat').on(table.chatId, table.sentAt),
    // What changed in this chat since revision n?
    index('sandbox_messages_revision').on(table.chatId, table.revision),
    // How many are unread?
    index('sandbox_messages_unread')
      .on(table.chatId)
      .where(sql`${table.readAt} is null and ${table.sender} = 'bot'`),
  ],
);
