import { bigserial, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { SendResult } from '../../chat/adapter.ts';
import { instant } from '../../kernel/columns.ts';

/**
 * What we have asked message/send to do, by the key of each dispatch. WeCom suppresses a repeat for hours and by the
 * body alone; these rows make a repeat harmless for as long as they stand.
 */
export const wecomSends = pgTable(
  'wecom_sends',
  {
    key: text('key').primaryKey(),
    /** The set of dispatches that shared the call; also the task id of its card. */
    callId: text('call_id').notNull(),
    /** A repeat must name the same upload, or it would be another message. */
    mediaId: text('media_id'),
    /** Null until the answer came. */
    result: jsonb('result').$type<SendResult>(),
    triedAt: instant('tried_at').notNull(),
  },
  // Which are old enough to forget?
  (table) => [index('wecom_sends_tried_at').on(table.triedAt)],
);

/** One-time codes with which a card can be replaced: one of the send, and a new one with each click. */
export const wecomResponseCodes = pgTable(
  'wecom_response_codes',
  {
    code: text('code').primaryKey(),
    taskId: text('task_id').notNull(),
    /** The message of the card; null on codes that came with a click. */
    msgid: text('msgid'),
    receivedAt: instant('received_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [
    // Which codes does this card still have, the newest first?
    index('wecom_response_codes_task').on(table.taskId, table.receivedAt),
    // Which card is this message?
    index('wecom_response_codes_msgid').on(table.msgid),
  ],
);

/** Groups in which the robot was spoken to: before that it may not speak there. */
export const wecomChats = pgTable('wecom_chats', {
  chatId: text('chat_id').primaryKey(),
  firstSeenAt: instant('first_seen_at').notNull(),
  lastSeenAt: instant('last_seen_at').notNull(),
});

/** What a process without the robot's connection asks the one that has it to send; the rows live for seconds. */
export const wecomRobotCalls = pgTable('wecom_robot_calls', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  call: jsonb('call').$type<Record<string, unknown>>().notNull(),
  askedAt: instant('asked_at').notNull(),
  takenAt: instant('taken_at'),
  answer: jsonb('answer').$type<Record<string, unknown>>(),
});
