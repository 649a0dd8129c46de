import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openDatabase } from '#src/kernel/db.ts';
import { ensureGroup } from '#src/sandbox/index.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { ANNA, BEN, startSandbox, type TestSandbox } from './support.ts';

/** Two processes on one database: what one changes, the pages of the other hear. */
let database: TestDatabase;
let other: ReturnType<typeof openDatabase>;
let here: TestSandbox;
let there: TestSandbox;

beforeAll(async () => {
  database = await testDatabase();
  other = openDatabase(database.url);
  here = await startSandbox(database, async () => ({}));
  there = await startSandbox(other, async () => ({}));
  await there.server.listen({ port: 0, host: '127.0.0.1' });
  await ensureGroup(database.db, { id: 'g1', name: '群', members: [ANNA] });
});
afterAll(async () => {
  await here.close();
  await there.close();
  await other.close();
  await database.close();
});

/** An open page of the other process; `heard` grows as `event data` lines come in. */
async function openPage(as: string) {
  const address = there.server.server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const stop = new AbortController();
  const answer = await fetch(`http://127.0.0.1:${address.port}/sandbox/api/stream?as=${as}`, {
    signal: stop.signal,
  });
  const heard: string[] = [];
  let text = '';
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      heard.push(...parts.map((part) => part.replace(/^retry: \d+\n/, '').replace('\n', ' ')));
    }
  })().catch(() => undefined);
  return {
    heard,
    headers: answer.headers,
    ended: reading,
    async hears(event: string): Promise<void> {
      for (let tries = 0; tries < 200 && !heard.includes(event); tries += 1) await sleep(20);
      expect(heard).toContain(event);
    },
    async close() {
      stop.abort();
      await reading;
    },
  };
}

const text = (to: { kind: 'person'; platformId: string } | { kind: 'group'; chatId: string }) =>
  here.adapter.send([{ key: randomUUID(), to, message: { kind: 'text', text: '早' } }], 'post');

it('tells the pages of another process which of their chats changed, and only those', async () => {
  const [anna, ben] = [await openPage(ANNA), await openPage(BEN)];
  expect(anna.headers.get('content-type')).toContain('text/event-stream');
  await Promise.all([anna.hears('event: ready data:'), ben.hears('event: ready data:')]);
  await text({ kind: 'person', platformId: ANNA });
  await anna.hears(`event: chat data: "private:${ANNA}"`);
  await text({ kind: 'group', chatId: 'g1' });
  await anna.hears('event: chat data: "g1"');
  expect(ben.heard).toEqual(['event: ready data:']);
  await Promise.all([anna.close(), ben.close()]);
});

it('makes one announcement of a burst', async () => {
  const page = await openPage(ANNA);
  await page.hears('event: ready data:');
  await Promise.all(Array.from({ length: 50 }, () => text({ kind: 'person', platformId: ANNA })));
  await page.hears(`event: chat data: "private:${ANNA}"`);
  await sleep(200);
  expect(page.heard.length).toBeLessThan(20);
  await page.close();
});

it('asks pages to read everything anew after the database dropped the connection', async () => {
  const page = await openPage(ANNA);
  await page.hears('event: ready data:');
  page.heard.length = 0;
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and query ilike 'listen cuhuo_sandbox%'`,
  );
  await page.hears('event: ready data:');
  await text({ kind: 'person', platformId: ANNA });
  await page.hears(`event: chat data: "private:${ANNA}"`);
  await page.close();
});

it('lets the server stop although pages are open', async () => {
  const third = await startSandbox(other, async () => ({}));
  await third.server.listen({ port: 0, host: '127.0.0.1' });
  const address = third.server.server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const answer = await fetch(`http://127.0.0.1:${address.port}/sandbox/api/stream?as=${ANNA}`);
  await third.close();
  await expect(answer.text()).resolves.toContain('event: ready');
});
