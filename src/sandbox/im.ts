import { and, eq, isNull, sql } from 'drizzle-orm';
import type { SealedCard, SealedMessage } from '../chat/message.ts';
import type { Db } from '../kernel/db.ts';
import { newId } from '../kernel/ids.ts';
import { isoOf, type Temporal } from '../kernel/time.ts';
import { sandboxGroups, sandboxMembers, sandboxMessages } from './sandbox.tables.ts';

/**
 * The simulated IM: what the platform itself does. It knows nothing of the bot's commands. Nothing here announces a
 * change; whoever calls does, through `live.ts`, after the change is committed.
 */

/** The sender of the bot's messages. */
export const BOT = 'bot';
const PRIVATE = 'private:';

/** The private chat of a person with the bot. */
export const privateChatOf = (platformId: string): string => `${PRIVATE}${platformId}`;

/** Whose private chat this is; `undefined` for a group. */
export const ownerOf = (chatId: string): string | undefined =>
  chatId.startsWith(PRIVATE) ? chatId.slice(PRIVATE.length) : undefined;

/** Keys of people's deeds and of the bot's dispatches share one column; the prefix keeps them apart. */
export const keyPrefixOf = (platformId: string): string => `deed:${platformId}:`;

export interface PersonPost {
  /** Of the message to write, so that a caller can name it before it exists. */
  id?: string;
  chatId: string;
  sender: string;
  key: string;
  content: SealedMessage;
  at: Temporal.Instant;
}

/** Writes what a person says. A repeat with the same key finds what is there and tells when it was written first. */
export async function postFromPerson(
  db: Db,
  post: PersonPost,
): Promise<{ id: string; sentAt: Temporal.Instant }> {
  const [written] = await db
    .insert(sandboxMessages)
    .values({
      id: post.id ?? newId(),
      chatId: post.chatId,
      sender: post.sender,
      content: post.content,
      dispatchKey: keyPrefixOf(post.sender) + post.key,
      sentAt: post.at,
    })
    .onConflictDoUpdate({
      target: sandboxMessages.dispatchKey,
      set: { dispatchKey: sql`excluded.dispatch_key` },
    })
    .returning({ id: sandboxMessages.id, sentAt: sandboxMessages.sentAt });
  if (written === undefined) throw new Error('an upsert returned no row');
  return written;
}

export interface BotPost {
  key: string;
  chatId: string;
  content: SealedMessage;
}

/** Writes the bot's messages as one set; answers the message id of each key. A known key keeps its first message. */
export async function postFromBot(
  db: Db,
  posts: readonly BotPost[],
  at: Temporal.Instant,
): Promise<Map<string, string>> {
  const byKey = new Map(posts.map((post) => [`bot:${post.key}`, post]));
  if (byKey.size === 0) return new Map();
  // One parameter, however many they are: thousands of questions leave while their answers come in.
  const sent = [...byKey].map(([key, { chatId, content }]) => ({
    id: newId(),
    c: chatId,
    m: content,
    k: key,
  }));
  const { rows } = await db.execute<{ id: string; key: string }>(sql`
    insert into sandbox_messages (id, chat_id, sender, content, dispatch_key, sent_at)
    select id, c, ${BOT}, m, k, ${isoOf(at)}
    from json_to_recordset(${JSON.stringify(sent)}::json) as r(id uuid, c text, m jsonb, k text)
    on conflict (dispatch_key) do update set dispatch_key = excluded.dispatch_key
    returning id, dispatch_key as key`);
  return new Map(rows.map((row) => [row.key.slice('bot:'.length), row.id]));
}

/** Puts a card where one of the bot's cards stood. Answers the chat, or `undefined` when there is no such card. */
export async function replaceCard(db: Db, messageId: string, card: SealedCard): Promise<string | undefined> {
  const content: SealedMessage = { kind: 'card', card };
  const [changed] = await db
    .update(sandboxMessages)
    .set({ content })
    .where(
      and(
        eq(sandboxMessages.id, messageId),
        eq(sandboxMessages.sender, BOT),
        isNull(sandboxMessages.recalledAt),
        sql`${sandboxMessages.content}->>'kind' = 'card'`,
      ),
    )
    .returning({ chatId: sandboxMessages.chatId });
  return changed?.chatId;
}

/** Takes one of the bot's messages back; a repeat keeps the first moment. Answers the chat. */
export async function recallMessage(
  db: Db,
  messageId: string,
  at: Temporal.Instant,
): Promise<string | undefined> {
  const [changed] = await db
    .update(sandboxMessages)
    .set({ recalledAt: sql`coalesce(${sandboxMessages.recalledAt}, ${at.toString()}::timestamptz)` })
    .where(and(eq(sandboxMessages.id, messageId), eq(sandboxMessages.sender, BOT)))
    .returning({ chatId: sandboxMessages.chatId });
  return changed?.chatId;
}

/** Marks one message as seen by a person. Answers who wrote it, or `undefined` when it is not in the chat. */
export async function markRead(
  db: Db,
  read: { chatId: string; by: string; messageId: string; at: Temporal.Instant },
): Promise<string | undefined> {
  const inChat = and(eq(sandboxMessages.id, read.messageId), eq(sandboxMessages.chatId, read.chatId));
  if (ownerOf(read.chatId) !== undefined) {
    const [seen] = await db
      .update(sandboxMessages)
      .set({ readAt: sql`coalesce(${sandboxMessages.readAt}, ${read.at.toString()}::timestamptz)` })
      .where(inChat)
      .returning({ sender: sandboxMessages.sender });
    return seen?.sender;
  }
  const [seen] = await db
    .update(sandboxMembers)
    .set({ readThrough: sql`greatest(${sandboxMembers.readThrough}, ${sandboxMessages.id})` })
    .from(sandboxMessages)
    .where(and(inChat, eq(sandboxMembers.groupId, read.chatId), eq(sandboxMembers.platformId, read.by)))
    .returning({ sender: sandboxMessages.sender });
  return seen?.sender;
}

/** Whether somebody may see a chat and speak in it. Costs no query for private chats. */
export async function isMember(db: Db, chatId: string, platformId: string): Promise<boolean> {
  const owner = ownerOf(chatId);
  if (owner !== undefined) return owner === platformId;
  const rows = await db
    .select({ groupId: sandboxMembers.groupId })
    .from(sandboxMembers)
    .where(and(eq(sandboxMembers.groupId, chatId), eq(sandboxMembers.platformId, platformId)));
  return rows.length > 0;
}

/** Makes sure that a group exists with this name and at least these members. A repeat changes nothing. */
export async function ensureGroup(
  db: Db,
  group: { id: string; name: string; members: readonly string[] },
): Promise<void> {
  if (ownerOf(group.id) !== undefined) throw new RangeError(`${group.id} is the name of a private chat`);
  await db
    .insert(sandboxGroups)
    .values({ id: group.id, name: group.name })
    .onConflictDoUpdate({ target: sandboxGroups.id, set: { name: group.name } });
  await db.execute(sql`
    insert into ${sandboxMembers} (group_id, platform_id)
    select ${group.id}, member from jsonb_array_elements_text(${JSON.stringify(group.members)}::jsonb) as member
    on conflict do nothing`);
}
