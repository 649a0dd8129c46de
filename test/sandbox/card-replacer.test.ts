import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SealedCard } from '#src/chat/message.ts';
import { Temporal } from '#src/kernel/time.ts';
import { createCardReplacer } from '#src/sandbox/card-replacer.ts';
import { messagesOf } from '#src/sandbox/im.lists.ts';
import { postFromBot } from '#src/sandbox/im.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.close());

const card = (title: string): SealedCard => ({ title, tone: 'plain', body: '', buttons: [] });

it('replaces every card of a rush with its own, and says which were none', async () => {
  const people = Array.from({ length: 450 }, (_, index) => `E${index}`);
  const posts = people.map((id) => ({
    key: id,
    chatId: `private:${id}`,
    content: { kind: 'card' as const, card: card('旧') },
  }));
  const ids = await postFromBot(database.db, posts, Temporal.Instant.from('2026-11-23T01:00:00Z'));
  const replace = createCardReplacer(database.db);

  const outcomes = await Promise.all([
    ...people.map((id) =>
      replace({ messageId: ids.get(id) ?? '', chatId: `private:${id}`, card: card(`新 ${id}`) }),
    ),
    replace({ messageId: randomUUID(), chatId: 'private:E1', card: card('没有这条') }),
    replace({ messageId: ids.get('E1') ?? '', chatId: 'private:E2', card: card('别人的') }),
  ]);
  expect(outcomes.filter((changed) => !changed)).toHaveLength(2);
  expect(outcomes.slice(-2)).toEqual([false, false]);

  const shown = await Promise.all(people.map((id) => messagesOf(database.db, `private:${id}`, { limit: 5 })));
  expect(shown.map((rows) => rows.map(({ content }) => content))).toEqual(
    people.map((id) => [{ kind: 'card', card: card(`新 ${id}`) }]),
  );
});

it('lets the later of two cards for one message stay', async () => {
  const posts = [{ key: 'twice', chatId: 'private:T', content: { kind: 'card' as const, card: card('旧') } }];
  const ids = await postFromBot(database.db, posts, Temporal.Instant.from('2026-11-23T01:00:00Z'));
  const replace = createCardReplacer(database.db);
  const to = { messageId: ids.get('twice') ?? '', chatId: 'private:T' };
  await Promise.all(['一', '二', '三'].map((title) => replace({ ...to, card: card(title) })));
  const [row] = await messagesOf(database.db, 'private:T', { limit: 1 });
  expect(row?.content).toMatchObject({ card: { title: '三' } });
});
