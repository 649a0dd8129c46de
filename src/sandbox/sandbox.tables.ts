import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { SealedMessage } from '../chat/message.ts';
import { instant } from '../kernel/columns.ts';

/** The sandbox's group chats. Private chats with the bot need no row: their id is `private:<platform id>`. */
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
    /** The newest message of the group that this person has seen; null before the first. */
    readThrough: uuid('read_through'),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.platformId] }),
    // Which groups is this person in?
    index('sandbox_members_person').on(table.platformId),
  ],
);

/** What the simulated IM shows: messages of people and of the bot. Ids are UUIDv7: their order is the order of the chat. */
export const sandboxMessages = pgTable(
  'sandbox_messages',
  {
    id: uuid('id').primaryKey(),
    chatId: text('chat_id').notNull(),
    /** The platform id of the person who wrote it; `bot` for us. */
    sender: text('sender').notNull(),
    content: jsonb('content').$type<SealedMessage>().notNull(),
    /** The sender's idempotency key: a repeated send finds the message that is there. */
    dispatchKey: text('dispatch_key').notNull(),
    sentAt: instant('sent_at').notNull(),
    /** When the person of a private chat saw it; groups keep `sandbox_members.read_through`. */
    readAt: instant('read_at'),
    recalledAt: instant('recalled_at'),
  },
  (table) => [
    unique('sandbox_messages_once').on(table.dispatchKey),
    // What stands in this chat, newest first?
    index('sandbox_messages_chat').on(table.chatId, table.id),
    // How many of the bot's are unread?
    index('sandbox_messages_unread')
      .on(table.chatId)
      .where(sql`${table.readAt} is null and ${table.sender} = 'bot'`),
  ],
);
