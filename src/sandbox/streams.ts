import type { ServerResponse } from 'node:http';
import type { Db } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { membersOf } from './im.lists.ts';
import { ownerOf } from './im.ts';
import type { Live } from './live.ts';

const HEARTBEAT_MS = 15_000;
/** A page that does not read gets cut off; it comes back by itself. */
const MAX_WAITING_BYTES = 64 * 1024;

/**
 * The open pages of this process. Each hears `event: chat` with the id of a chat of theirs that changed, and
 * `event: ready` when it should read everything anew: at the start and after announcements may have been missed.
 */
export function createStreams({ db, live, log }: { db: Db; live: Live; log: Log }) {
  const pages = new Map<ServerResponse, string>();
  let unsubscribe: Promise<() => void> | undefined;
  let heartbeat: NodeJS.Timeout | undefined;

  function write(page: ServerResponse, words: string): void {
    if (page.writableLength > MAX_WAITING_BYTES) page.destroy();
    else page.write(words);
  }

  function toEverybody(words: string): void {
    for (const page of pages.keys()) write(page, words);
  }

  async function pass(chatIds: readonly string[]): Promise<void> {
    if (pages.size === 0) return;
    for (const chatId of chatIds) {
      const owner = ownerOf(chatId);
      const readers = owner === undefined ? await membersOf(db, chatId) : new Set([owner]);
      for (const [page, as] of pages) {
        if (readers.has(as)) write(page, `event: chat\ndata: ${JSON.stringify(chatId)}\n\n`);
      }
    }
  }

  function hear(chatIds: readonly string[] | 'any'): void {
    if (chatIds === 'any') toEverybody('event: ready\ndata:\n\n');
    else
      pass(chatIds).catch((error: unknown) => log.warn({ error: messageOf(error) }, 'sandbox page not told'));
  }

  return {
    /** Keeps `page` open for the person until either side closes it. Its headers must be written already. */
    async open(page: ServerResponse, as: string): Promise<void> {
      unsubscribe ??= live.subscribe(hear);
      heartbeat ??= setInterval(() => toEverybody(': still here\n\n'), HEARTBEAT_MS).unref();
      pages.set(page, as);
      page.on('close', () => pages.delete(page));
      await unsubscribe;
      write(page, 'retry: 1000\nevent: ready\ndata:\n\n');
    },
    close(): void {
      clearInterval(heartbeat);
      for (const page of pages.keys()) page.end();
      pages.clear();
    },
  };
}

export type Streams = ReturnType<typeof createStreams>;
