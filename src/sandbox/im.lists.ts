import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import { BOT, privateChatOf } from './im.ts';
import { sandboxGroups, sandboxMembers, sandboxMessages } from './sandbox.tables.ts';

/** What the simulated IM shows. */

export type MessageRow = typeof sandboxMessages.$inferSelect;

export interface ChatRow {
  id: string;
  kind: 'private' | 'group';
  /** Empty for the private chat: it is called after the bot. */
  name: string;
  members: number;
  readThrough: string | null;
  unread: number;
  last: MessageRow | undefined;
}

/** The chats of one person: the private one with the bot first, then groups by name. */
export async function chatsOf(db: Db, platformId: string): Promise<ChatRow[]> {
  const privateId = privateChatOf(platformId);
  const [groups, privateUnread] = await Promise.all([
    groupsOf(db, platformId),
    unreadInPrivate(db, privateId),
  ]);
  const last = await lastMessages(db, [privateId, ...groups.map((group) => group.id)]);
  const own = {
    id: privateId,
    kind: 'private' as const,
    name: '',
    members: 2,
    readThrough: null,
    unread: privateUnread,
  };
  return [own, ...groups].map((chat) => ({ ...chat, last: last.get(chat.id) }));
}

async function groupsOf(db: Db, platformId: string) {
  // Groups in the sandbox are few and short; in a long one the badge stops at 100 anyway.
  const unread = sql<number>`(select count(*)::int from (
    select 1 from ${sandboxMessages} m
    where m.chat_id = ${sandboxGroups.id} and m.sender <> ${platformId} and m.recalled_at is null
      and m.id > coalesce(${sandboxMembers.readThrough}, '00000000-0000-0000-0000-000000000000'::uuid)
    limit 100) as newer)`;
  const members = sql<number>`(select count(*)::int from sandbox_members c where c.group_id = ${sandboxGroups.id})`;
  const rows = await db
    .select({
      id: sandboxGroups.id,
      name: sandboxGroups.name,
      readThrough: sandboxMembers.readThrough,
      members,
      unread,
    })
    .from(sandboxMembers)
    .innerJoin(sandboxGroups, eq(sandboxGroups.id, sandboxMembers.groupId))
    .where(eq(sandboxMembers.platformId, platformId))
    .orderBy(sandboxGroups.name);
  return rows.map((row) => ({ ...row, kind: 'group' as const }));
}

async function unreadInPrivate(db: Db, chatId: string): Promise<number> {
  const rows = await db
    .select({ unread: sql<number>`count(*)::int` })
    .from(sandboxMessages)
    .where(
      and(
        eq(sandboxMessages.chatId, chatId),
        sql`${sandboxMessages.readAt} is null and ${sandboxMessages.sender} = 'bot'`,
        sql`${sandboxMessages.recalledAt} is null`,
      ),
    );
  return rows[0]?.unread ?? 0;
}

async function lastMessages(db: Db, chatIds: readonly string[]): Promise<Map<string, MessageRow>> {
  // One look at the end of each chat's index, whatever its length.
  const newest = sql`(select (select m.id from sandbox_messages m where m.chat_id = chat order by m.id desc limit 1)
    from jsonb_array_elements_text(${JSON.stringify(chatIds)}::jsonb) as chat)`;
  const rows = await db.select().from(sandboxMessages).where(inArray(sandboxMessages.id, newest));
  return new Map(rows.map((row) => [row.chatId, row]));
}

/** One page of a chat, newest first; `before` is the oldest message that the reader has. */
export async function messagesOf(
  db: Db,
  chatId: string,
  page: { before?: string | undefined; limit: number },
): Promise<MessageRow[]> {
  const before = page.before === undefined ? undefined : lt(sandboxMessages.id, page.before);
  return await db
    .select()
    .from(sandboxMessages)
    .where(and(eq(sandboxMessages.chatId, chatId), before))
    .orderBy(desc(sandboxMessages.id))
    .limit(page.limit);
}

/** Up to which message a member has seen a group; null for "nothing yet" and in private chats. */
export async function readThroughOf(db: Db, groupId: string, platformId: string): Promise<string | null> {
  const rows = await db
    .select({ readThrough: sandboxMembers.readThrough })
    .from(sandboxMembers)
    .where(and(eq(sandboxMembers.groupId, groupId), eq(sandboxMembers.platformId, platformId)));
  return rows[0]?.readThrough ?? null;
}

export async function messageById(db: Db, messageId: string): Promise<MessageRow | undefined> {
  const rows = await db.select().from(sandboxMessages).where(eq(sandboxMessages.id, messageId));
  return rows[0];
}

/** Which of these groups exist. */
export async function existingGroups(db: Db, groupIds: readonly string[]): Promise<Set<string>> {
  if (groupIds.length === 0) return new Set();
  const rows = await db
    .select({ id: sandboxGroups.id })
    .from(sandboxGroups)
    .where(inArray(sandboxGroups.id, [...new Set(groupIds)]));
  return new Set(rows.map((row) => row.id));
}

export async function membersOf(db: Db, groupId: string): Promise<Set<string>> {
  const rows = await db
    .select({ platformId: sandboxMembers.platformId })
    .from(sandboxMembers)
    .where(eq(sandboxMembers.groupId, groupId));
  return new Set(rows.map((row) => row.platformId));
}

/** Whether nothing is left to see for the person: their own, one marked as read, one recalled, one a group was read past. */
export function isRead(row: MessageRow, platformId: string, readThrough: string | null): boolean {
  if (row.sender === platformId || row.readAt !== null || row.recalledAt !== null) return true;
  if (row.sender === BOT && row.chatId === privateChatOf(platformId)) return false;
  return readThrough !== null && row.id <= readThrough;
}
