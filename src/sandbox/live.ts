import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Database } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';

const CHANNEL = 'cuhuo_sandbox';
const SEPARATOR = '\n';
/** PostgreSQL takes 8,000 bytes a notification. */
const PAYLOAD_BYTES = 7_000;
/** How long announcements gather: PostgreSQL commits one notifying transaction at a time, so a few big ones win. */
const GATHER_MS = 25;
const RECONNECT_MS = 500;

/** Told which chats changed; `'any'` when some announcements may have been missed. */
export type LiveListener = (chatIds: readonly string[] | 'any') => void;

export interface Live {
  /** Says, a moment later and to every process, that these chats changed. A hint: pages then read what is there. */
  announce(chatIds: Iterable<string>): void;
  /** Resolves once announcements are heard. The first listener opens the process's one LISTEN connection. */
  subscribe(listener: LiveListener): Promise<() => void>;
  /** Sends what has gathered and stops listening. */
  close(): Promise<void>;
}

/** Announces changed chats between processes through `NOTIFY cuhuo_sandbox`; the payload is chat ids, one a line. */
export function createLive({ database, log }: { database: Database; log: Log }): Live {
  const listeners = new Set<LiveListener>();
  const gathered = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let listening: Promise<void> | undefined;
  let client: pg.Client | undefined;
  let closed = false;

  const tell: LiveListener = (chatIds) => {
    for (const listener of listeners) listener(chatIds);
  };

  async function flush(): Promise<void> {
    timer = undefined;
    const payloads = packed(gathered);
    gathered.clear();
    if (payloads.length === 0) return;
    await database.db.execute(
      sql`select pg_notify(${CHANNEL}, payload) from jsonb_array_elements_text(${JSON.stringify(payloads)}::jsonb) as payload`,
    );
  }

  function announce(chatIds: Iterable<string>): void {
    for (const chatId of chatIds) gathered.add(chatId);
    timer ??= setTimeout(() => {
      sending = flush().catch((error: unknown) =>
        log.warn({ error: messageOf(error) }, 'sandbox announcement lost'),
      );
    }, GATHER_MS);
  }

  async function connect(): Promise<void> {
    const fresh = new pg.Client({ ...database.pool.options, keepAlive: true });
    // Whatever breaks an open connection also ends it; `end` is where we act.
    fresh.on('error', (error) => log.warn({ error: error.message }, 'sandbox live connection broken'));
    fresh.on('notification', ({ payload }) => tell((payload ?? '').split(SEPARATOR)));
    try {
      await fresh.connect();
      await fresh.query(`listen ${CHANNEL}`);
    } catch (error) {
      await fresh.end().catch(() => undefined);
      throw error;
    }
    client = fresh;
    fresh.on('end', () => {
      listening = reconnect();
    });
    if (closed) await fresh.end();
  }

  async function reconnect(): Promise<void> {
    while (!closed) {
      await sleep(RECONNECT_MS, undefined, { ref: false });
      try {
        await connect();
        tell('any');
        return;
      } catch (error) {
        log.debug({ error: messageOf(error) }, 'sandbox live connection still down');
      }
    }
  }

  return {
    announce,
    async subscribe(listener) {
      listening ??= connect().catch(() => reconnect());
      await listening;
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(timer);
      await sending;
      await flush().catch(() => undefined);
      listeners.clear();
      await client?.end().catch(() => undefined);
    },
  };
}

/** Chat ids joined into as few payloads as PostgreSQL's limit allows. */
function packed(chatIds: Iterable<string>): string[] {
  const payloads: string[] = [];
  let current = '';
  for (const chatId of chatIds) {
    const longer = current === '' ? chatId : current + SEPARATOR + chatId;
    if (Buffer.byteLength(longer) > PAYLOAD_BYTES) {
      payloads.push(current);
      current = chatId;
    } else current = longer;
  }
  return current === '' ? payloads : [...payloads, current];
}
