import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DrizzleQueryError } from 'drizzle-orm';
import { z } from 'zod';
import type { ApiRoutes } from '#src/http/api.ts';
import { httpProblems, mergeProblems } from '#src/http/problems.table.ts';
import { AppError } from '#src/kernel/errors.ts';
import { asAdmin, described, type TestApi, testApi } from './test-api.ts';

const failures: Record<string, () => Error> = {
  closed: () => new AppError('quiz.closed', 'quiz 7 closed at noon', { details: { quizId: '7' } }),
  unlisted: () => new AppError('quiz.mystery', 'the password is hunter2'),
  broken: () => new AppError('quiz.broken', 'the password is hunter2', { details: { password: 'hunter2' } }),
  crash: () => new TypeError('the password is hunter2'),
  query: () => new DrizzleQueryError('select 1 where $1', ['hunter2'], new Error('relation is gone')),
};

const routes: ApiRoutes = (api) => {
  const answer = { 200: z.object({ ok: z.literal(true) }) };
  api.get(
    '/fail/:how',
    { schema: { ...described(), params: z.object({ how: z.string() }), response: answer } },
    async ({ params }) => {
      throw failures[params.how]?.() ?? new Error('no such failure');
    },
  );
  const entries = z.array(z.strictObject({ question: z.string().min(1) }));
  const schema = { ...described(), querystring: z.object({ limit: z.coerce.number().max(9) }) };
  api.post('/entries', { schema: { ...schema, body: z.object({ entries }), response: answer } }, async () => {
    return { ok: true as const };
  });
  api.get('/lie', { schema: { ...described(), response: answer } }, async () => ({ ok: false }) as never);
};

let api: TestApi;
beforeAll(async () => {
  const quiz = (status: number) => ({ status, title: { 'zh-CN': '答题已截止', en: 'The quiz is closed' } });
  api = await testApi({
    routes: [routes],
    problems: [{ 'quiz.closed': quiz(409), 'quiz.broken': quiz(500) }],
  });
});
afterAll(() => api.close());

const fail = (how: string, headers = {}) =>
  api.server.inject({ url: `/api/v1/fail/${how}`, headers: { ...asAdmin, ...headers } });

describe('an AppError', () => {
  it('leaves with the status and title of its code, its message and details', async () => {
    const response = await fail('closed');
    expect(response.statusCode).toBe(409);
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(response.json()).toEqual({
      type: 'urn:cuhuo:problem:quiz.closed',
      title: 'The quiz is closed',
      status: 409,
      code: 'quiz.closed',
      instance: `urn:uuid:${String(response.headers['x-request-id'])}`,
      detail: 'quiz 7 closed at noon',
      details: { quizId: '7' },
    });
  });

  it('has a Chinese title for who reads Chinese', async () => {
    expect((await fail('closed', { 'accept-language': 'zh-CN,zh;q=0.9' })).json().title).toBe('答题已截止');
  });
});

describe('our own fault', () => {
  it.each(['unlisted', 'broken', 'crash', 'query'])(
    '%s says 500 and nothing of what happened',
    async (how) => {
      const response = await fail(how);
      expect(response.statusCode).toBe(500);
      expect(response.body).not.toContain('hunter2');
      expect(response.json()).not.toHaveProperty('detail');
    },
  );

  it('is in the log under the id that the answer gives', async () => {
    const response = await fail('crash');
    const line = api
      .log()
      .split('\n')
      .find((entry) => entry.includes(String(response.headers['x-request-id'])));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      level: 50,
      msg: 'request failed',
      err: { type: 'TypeError' },
    });
  });

  it('does not bring the parameters of a query into the log', async () => {
    const before = api.log().length;
    await fail('query');
    expect(api.log().slice(before)).toContain('relation is gone');
    expect(api.log().slice(before)).not.toContain('hunter2');
  });

  it('includes an answer that does not fit its own schema', async () => {
    expect((await api.server.inject({ url: '/api/v1/lie', headers: asAdmin })).statusCode).toBe(500);
  });
});

describe('a request that does not fit', () => {
  const post = (payload: string, contentType = 'application/json', query = 'limit=1') =>
    api.server.inject({
      method: 'POST',
      url: `/api/v1/entries?${query}`,
      headers: { ...asAdmin, 'content-type': contentType },
      payload,
    });

  it('hears of every fault and where it is', async () => {
    const response = await post('{"entries":[{"question":"a"},{"question":"","x":1}]}');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'http.invalid', status: 400 });
    expect(response.json().errors).toEqual([
      { path: 'body.entries.1.question', message: expect.stringContaining('Too small') },
      { path: 'body.entries.1', message: 'Unrecognized key: "x"' },
    ]);
  });

  it('hears of the query by its name', async () => {
    const response = await post('{"entries":[]}', undefined, 'limit=10');
    expect(response.json().errors).toEqual([
      { path: 'query.limit', message: expect.stringContaining('Too big') },
    ]);
  });

  it.each([
    ['broken JSON', '{', 'application/json', 400, 'http.bad-request'],
    ['no body', '', 'application/json', 400, 'http.bad-request'],
    ['another content type', '<a/>', 'application/xml', 415, 'http.media-type'],
    ['plain text', 'a', 'text/plain', 415, 'http.media-type'],
    [
      'more than 1 MB',
      JSON.stringify({ a: 'x'.repeat(1024 * 1024) }),
      'application/json',
      413,
      'http.too-large',
    ],
  ])('%s', async (_name, payload, contentType, status, code) => {
    const response = await post(payload, contentType);
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(response.json()).toMatchObject({ status, code });
    expect(response.statusCode).toBe(status);
  });
});

describe('addresses', () => {
  it.each(['/nowhere', '/api/v1/nowhere', '/%E0%A4%A'])(
    '%s is answered with a problem document',
    async (url) => {
      const response = await api.server.inject({ url, headers: asAdmin });
      expect(response.headers['content-type']).toBe('application/problem+json');
      expect(response.statusCode).toBe(url.includes('%') ? 400 : 404);
    },
  );

  it('of something that is not HTTP get one too', async () => {
    const { port } = new URL(await api.server.listen({ host: '127.0.0.1', port: 0 }));
    const socket = connect(Number(port), '127.0.0.1');
    socket.end('HELLO\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*content-type: application\/problem\+json/s);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      status: 400,
      code: 'http.bad-request',
    });
  });
});

describe('the table', () => {
  it('has a status that says failure and a title in both languages for every code', () => {
    for (const [code, { status, title }] of Object.entries(httpProblems)) {
      expect([code, status >= 400 && status < 600, title.en.length > 0]).toEqual([code, true, true]);
      expect(title['zh-CN']).toMatch(/\p{Script=Han}/u);
    }
  });

  it('refuses a code that two features claim', () => {
    expect(() => mergeProblems(httpProblems, { 'http.internal': httpProblems['http.internal'] })).toThrow(
      'two tables of problems claim the code http.internal',
    );
  });
});
