import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ApiRoutes } from '#src/http/api.ts';
import { page, pageOf, pageQuery, readCursor } from '#src/http/paging.ts';
import { asAdmin, described, type TestApi, testApi } from './test-api.ts';

const numbers = Array.from({ length: 250 }, (_, n) => n);

const routes: ApiRoutes = (api) => {
  const schema = { ...described(), querystring: pageQuery, response: { 200: pageOf(z.number()) } };
  api.get('/numbers', { schema }, async ({ query: { limit, cursor } }) => {
    const after = readCursor(cursor, z.object({ after: z.number() }))?.after ?? -1;
    const rows = numbers.filter((n) => n > after).slice(0, limit + 1);
    return page(rows, limit, (last) => ({ after: last }));
  });
};

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ routes: [routes] });
});
afterAll(() => api.close());

const list = (query: string) => api.server.inject({ url: `/api/v1/numbers?${query}`, headers: asAdmin });

it.each([
  ['', [100, 100, 50]],
  ['limit=125', [125, 125]],
  ['limit=1000', [250]],
  ['limit=250', [250]],
])('with %p every row comes once, in order', async (query, sizes) => {
  const pages: number[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { items, nextCursor }: z.infer<ReturnType<typeof pageOf<z.ZodNumber>>> = (
      await list(cursor === '' ? query : `${query}&cursor=${cursor}`)
    ).json();
    pages.push(items);
    cursor = nextCursor;
  }
  expect(pages.map(({ length }) => length)).toEqual(sizes);
  expect(pages.flat()).toEqual(numbers);
});

describe('a page that cannot be given', () => {
  it.each(['limit=0', 'limit=1001', 'limit=1.5', 'limit=all', 'limit='])('%s', async (query) => {
    expect((await list(query)).json()).toMatchObject({ status: 400, errors: [{ path: 'query.limit' }] });
  });

  const encode = (value: string) => Buffer.from(value).toString('base64url');
  it.each([
    ['no cursor of ours', 'hello'],
    ['nothing', ''],
    ['no JSON', encode('{')],
    ['another list', encode('{"id":"x"}')],
    ['another type', encode('{"after":"1"}')],
    ['null', encode('null')],
  ])('after %s', async (_name, cursor) => {
    expect((await list(`cursor=${cursor}`)).json()).toMatchObject({ status: 400, code: 'paging.bad-cursor' });
  });
});

it('an empty list has no next page', () => {
  expect(page([], 10, () => ({}))).toEqual({ items: [], nextCursor: null });
});
