import { basename } from 'node:path';
import type { SealedCard, SealedMessage } from '../chat/message.ts';
import type { Db } from '../kernel/db.ts';
import { chatsOf, isRead, type MessageRow, messagesOf, readThroughOf } from './im.lists.ts';
import { BOT, keyPrefixOf, ownerOf } from './im.ts';
import { BOT_NAME, MESSAGES_PER_PAGE } from './limits.api.ts';
import type { PeopleBook } from './people.ts';
import type { ChatsAnswer, Content, MessagesAnswer, Person, ShownMessage } from './sandbox.api.ts';

/** Turns rows into what the page shows to one person. */

export async function chatsView(db: Db, book: PeopleBook, me: Person): Promise<ChatsAnswer> {
  const rows = await chatsOf(db, me.platformId);
  const names = await namesOf(
    book,
    rows.map((row) => row.last),
  );
  const chats = rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.kind === 'private' ? BOT_NAME : row.name,
    members: row.members,
    last: row.last === undefined ? null : shown(row.last, me.platformId, row.readThrough, names),
    unread: row.unread,
  }));
  return { me, chats };
}

export async function messagesView(
  db: Db,
  book: PeopleBook,
  ask: { as: string; chatId: string; before: string | undefined },
): Promise<MessagesAnswer> {
  const [rows, readThrough] = await Promise.all([
    messagesOf(db, ask.chatId, { before: ask.before, limit: MESSAGES_PER_PAGE + 1 }),
    ownerOf(ask.chatId) === undefined ? readThroughOf(db, ask.chatId, ask.as) : null,
  ]);
  const page = rows.slice(0, MESSAGES_PER_PAGE).reverse();
  const names = await namesOf(book, page);
  return {
    items: page.map((row) => shown(row, ask.as, readThrough, names)),
    before: rows.length > MESSAGES_PER_PAGE ? (page[0]?.id ?? null) : null,
  };
}

async function namesOf(
  book: PeopleBook,
  rows: readonly (MessageRow | undefined)[],
): Promise<Map<string, string>> {
  const senders = new Set(
    rows.flatMap((row) => (row === undefined || row.sender === BOT ? [] : [row.sender])),
  );
  return (await book.names(senders)).set(BOT, BOT_NAME);
}

function shown(
  row: MessageRow,
  as: string,
  readThrough: string | null,
  names: ReadonlyMap<string, string>,
): ShownMessage {
  const prefix = keyPrefixOf(as);
  return {
    id: row.id,
    sender: row.sender,
    senderName: names.get(row.sender) ?? row.sender,
    content: row.recalledAt === null ? contentOf(row.content) : { kind: 'recalled' },
    sentAt: row.sentAt.toString(),
    read: isRead(row, as, readThrough),
    ...(row.dispatchKey.startsWith(prefix) ? { key: row.dispatchKey.slice(prefix.length) } : {}),
  };
}

function contentOf(message: SealedMessage): Content {
  switch (message.kind) {
    case 'text':
      return message;
    case 'card':
      return { kind: 'card', card: withoutPlace(message.card) };
    case 'image':
      return { kind: 'image', name: basename(message.path), alt: message.alt };
    case 'file': {
      const { path: _path, ...content } = message;
      return content;
    }
  }
}

/** Of its picture's place on the server only the name. */
export function withoutPlace(card: SealedCard): SealedCard {
  const { image } = card;
  return image === undefined ? card : { ...card, image: { ...image, path: basename(image.path) } };
}
