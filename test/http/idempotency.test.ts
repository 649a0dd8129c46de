import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ApiRoutes } from '#src/http/api.ts';
import { createApiToken } from '#src/http/credentials.ts';
import { idempotentWrites } from '#src/http/http.tables.ts';
import { forgetOldAnswers } from '#src/http/idempotency.ts';
import { AppError } from '#src/kernel/errors.ts';
import { asAdmin, described, type TestApi, testApi } from './test-api.ts';

let done: string[] = [];
let gate: Promise<void> = Promise.resolve();

const routes: ApiRoutes = (api) => {
  const answer = z.object({ b: z.number(), a: z.string() });
  const body = z.object({ text: z.string() });
  api.post(
    '/notices',
    { schema: { ...described(), body, response: { 201: answer } } },
    async ({ body: { text } }, reply) => {
      await gate;
      done.push(text);
      if (text === 'refuse') throw new AppError('input.invalid', 'not this one');
      if (text === 'crash') throw new Error('crash');
      return reply.code(201).send({ b: done.length, a: text });
    },
  );
  api.delete(
    '/notices/:id',
    { schema: { ...described(), response: { 204: z.undefined() } } },
    async (_request, reply) => {
      done.push('delete');
      return reply.code(204).send();
    },
  );
};

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ routes: [routes] });
});
afterAll(() => api.close());
beforeEach(async () => {
  done = [];
  gate = Promise.resolve();
  await api.database.db.delete(idempotentWrites);
});

const post = (text: string, key?: string, headers: Record<string, string> = asAdmin) =>
  api.server.inject({
    method: 'POST',
    url: '/api/v1/notices',
    headers: key === undefined ? headers : { ...headers, 'idempotency-key': key },
    payload: { text },
  });

describe('the same key and request', () => {
  it('gets the first answer again, letter for letter, and is done once', async () => {
    const first = await post('hello', 'k1');
    const second = await post('hello', 'k1');
    expect([first.statusCode, first.headers['idempotency-replayed']]).toEqual([201, undefined]);
    expect([second.statusCode, second.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(second.body).toBe(first.body);
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect(done).toEqual(['hello']);
  });

  it('gets a refusal again as a problem document', async () => {
    const first = await post('refuse', 'k1');
    const second = await post('refuse', 'k1');
    expect(second.headers['content-type']).toBe('application/problem+json');
    expect(second.json()).toEqual(first.json());
    expect(done).toEqual(['refuse']);
  });

  it('gets an answer without a body again', async () => {
    const remove = () =>
      api.server.inject({
        method: 'DELETE',
        url: '/api/v1/notices/1',
        headers: { ...asAdmin, 'idempotency-key': 'd' },
      });
    expect((await remove()).statusCode).toBe(204);
    const second = await remove();
    expect([second.statusCode, second.body, second.headers['idempotency-replayed']]).toEqual([
      204,
      '',
      'true',
    ]);
    expect(done).toEqual(['delete']);
  });

  it('is tried again after our own failure', async () => {
    expect((await post('crash', 'k1')).statusCode).toBe(500);
    expect((await post('crash', 'k1')).statusCode).toBe(500);
    expect(done).toEqual(['crash', 'crash']);
  });

  it('is done once however many come at once; the others hear 409', async () => {
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const all = Array.from({ length: 8 }, () => post('burst', 'k1'));
    let answered = 0;
    for (const one of all) void one.then(() => (answered += 1));
    while (answered < 7) await sleep(5);
    open();
    const codes = (await Promise.all(all)).map(({ statusCode }) => statusCode);
    expect(codes.toSorted((a, b) => a - b)).toEqual([201, ...Array(7).fill(409)]);
    expect(done).toEqual(['burst']);
    expect((await post('burst', 'k1')).headers['idempotency-replayed']).toBe('true');
  });

  it('is a new write the next day', async () => {
    await post('hello', 'k1');
    api.clock.set(api.clock.now().add({ hours: 24 }));
    expect((await post('hello', 'k1')).headers['idempotency-replayed']).toBe('true');
    api.clock.set(api.clock.now().add({ seconds: 1 }));
    expect((await post('hello', 'k1')).headers['idempotency-replayed']).toBeUndefined();
    expect(done).toEqual(['hello', 'hello']);
  });
});

describe('the same key', () => {
  it('with another request is refused', async () => {
    await post('hello', 'k1');
    const other = await post('other', 'k1');
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency.other-request' });
    const elsewhere = await api.server.inject({
      method: 'DELETE',
      url: '/api/v1/notices/1',
      headers: { ...asAdmin, 'idempotency-key': 'k1' },
    });
    expect(elsewhere.statusCode).toBe(422);
    expect(done).toEqual(['hello']);
  });

  it('from somebody else is another key', async () => {
    const { secret } = await createApiToken(api.database.db, { name: 'CI', now: api.clock.now() });
    await post('hello', 'k1');
    const theirs = await post('hello', 'k1', { authorization: `Bearer ${secret}` });
    expect(theirs.headers['idempotency-replayed']).toBeUndefined();
    expect(done).toEqual(['hello', 'hello']);
  });

  it('is free while no request with it fits', async () => {
    const wrong = await api.server.inject({
      method: 'POST',
      url: '/api/v1/notices',
      headers: { ...asAdmin, 'idempotency-key': 'k1' },
      payload: { txt: 'hello' },
    });
    expect(wrong.statusCode).toBe(400);
    expect((await post('hello', 'k1')).statusCode).toBe(201);
  });
});

it('needs no key, and then repeats what is repeated', async () => {
  await post('hello');
  await post('hello');
  expect(done).toEqual(['hello', 'hello']);
});

it('takes keys of up to 200 letters', async () => {
  expect((await post('hello', 'k'.repeat(200))).statusCode).toBe(201);
  const long = await post('hello', 'k'.repeat(201));
  expect(long.json()).toMatchObject({ status: 400, errors: [{ path: 'headers.idempotency-key' }] });
  expect(done).toEqual(['hello']);
});

it('forgets what is older than a day', async () => {
  await post('old', 'k1');
  api.clock.set(api.clock.now().add({ hours: 25 }));
  await post('new', 'k2');
  expect(await forgetOldAnswers(api.database.db, api.clock.now())).toBe(1);
  const rows = await api.database.db.select().from(idempotentWrites);
  expect(rows.map(({ key }) => key)).toEqual(['k2']);
});

it('still answers when the answer cannot be kept', async () => {
  await api.database.db.execute(
    `alter table idempotent_writes add constraint no_answers check (status is null)`,
  );
  const response = await post('hello', 'k1');
  await api.database.db.execute(`alter table idempotent_writes drop constraint no_answers`);
  expect(response.statusCode).toBe(201);
  expect((await post('hello', 'k1')).statusCode).toBe(409);
  expect(done).toEqual(['hello']);
});
