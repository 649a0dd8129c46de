import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ApiRoutes } from '#src/http/api.ts';
import { createSignInLink } from '#src/http/credentials.ts';
import { asAdmin, described, PUBLIC_URL, type TestApi, testApi } from './test-api.ts';

let writes = 0;
const routes: ApiRoutes = (api) => {
  const schema = { ...described(), response: { 200: z.object({ writes: z.number() }) } };
  api.get('/things', { schema }, async () => ({ writes }));
  api.post('/things', { schema }, async () => {
    writes += 1;
    return { writes };
  });
};

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ routes: [routes] });
});
afterAll(() => api.close());

const link = () =>
  createSignInLink(api.database.db, { publicUrl: PUBLIC_URL, name: 'first', now: api.clock.now() });
const click = (url: string, headers = {}) =>
  api.server.inject({ url: url.slice(PUBLIC_URL.length), headers });

async function signIn(): Promise<string> {
  const [cookie] = (await click(await link())).cookies;
  return `cuhuo_session=${cookie?.value}`;
}

describe('the sign-in link', () => {
  it('opens the console with a cookie that scripts and other sites cannot use', async () => {
    const url = await link();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8787\/console\/sign-in\?token=[\w-]{43}$/);
    const response = await click(url);
    expect([response.statusCode, response.headers.location]).toEqual([303, '/console']);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.cookies).toEqual([
      expect.objectContaining({ name: 'cuhuo_session', httpOnly: true, sameSite: 'Strict', path: '/' }),
    ]);
    expect(response.cookies[0]).not.toHaveProperty('secure');
  });

  it('sets a secure cookie where browsers reach us over https', async () => {
    const publicUrl = 'https://cuhuo.example.com';
    const https = await testApi({ publicUrl });
    const url = await createSignInLink(https.database.db, {
      publicUrl,
      name: 'first',
      now: https.clock.now(),
    });
    const response = await https.server.inject(url.slice(publicUrl.length));
    expect(response.cookies[0]).toMatchObject({ secure: true });
    expect(response.headers['strict-transport-security']).toBeDefined();
    await https.close();
  });

  it('lets in the browser that used it first, and no other that has it', async () => {
    const url = await link();
    const mine = (await click(url, { 'user-agent': 'mine' })).cookies[0]?.value;
    const theirs = await click(url, { 'user-agent': 'theirs' });
    expect([theirs.statusCode, theirs.cookies]).toEqual([401, []]);
    const session = await api.server.inject({
      url: '/api/v1/session',
      headers: { cookie: `cuhuo_session=${mine}` },
    });
    expect(session.statusCode).toBe(200);
  });

  it('works once', async () => {
    const url = await link();
    expect((await click(url)).statusCode).toBe(303);
    const again = await click(url);
    expect(again.json()).toMatchObject({ status: 401, code: 'auth.link-spent' });
    expect(again.cookies).toEqual([]);
  });

  it('works once for ten clicks at the same time', async () => {
    const url = await link();
    const clicks = await Promise.all(Array.from({ length: 10 }, () => click(url)));
    expect(clicks.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1);
    expect(clicks.filter(({ cookies }) => cookies.length > 0)).toHaveLength(1);
  });

  it('is not used up by somebody who only looks', async () => {
    const url = await link();
    const head = await api.server.inject({ method: 'HEAD', url: url.slice(PUBLIC_URL.length) });
    expect(head.statusCode).toBe(404);
    expect((await click(url)).statusCode).toBe(303);
  });

  it('works for 15 minutes', async () => {
    const [early, late] = [await link(), await link()];
    api.clock.set(api.clock.now().add({ minutes: 14, seconds: 59 }));
    expect((await click(early)).statusCode).toBe(303);
    api.clock.set(api.clock.now().add({ seconds: 1 }));
    expect((await click(late)).statusCode).toBe(401);
  });

  it('shows a person a page when it is spent', async () => {
    const response = await click('http://127.0.0.1:8787/console/sign-in?token=x', {
      accept: 'text/html,*/*',
    });
    expect([response.statusCode, response.headers['content-type']]).toEqual([
      401,
      'text/html; charset=utf-8',
    ]);
    expect(response.body).toContain('登录链接已失效');
  });

  it('does not show its token in the log', async () => {
    const url = await link();
    await click(url);
    expect(api.log()).toContain('"path":"/console/sign-in"');
    expect(api.log()).not.toContain(url.split('token=')[1]);
  });

  it('is no API token, and a session is none either', async () => {
    const token = (await link()).split('token=')[1];
    const session = (await signIn()).split('=')[1];
    for (const secret of [token, session]) {
      const headers = { authorization: `Bearer ${secret}` };
      expect((await api.server.inject({ url: '/api/v1/things', headers })).statusCode).toBe(401);
    }
  });
});

describe('a session', () => {
  it('says who is signed in, and ends by signing out', async () => {
    const cookie = await signIn();
    const session = (method: 'GET' | 'DELETE') =>
      api.server.inject({ method, url: '/api/v1/session', headers: { cookie, 'x-cuhuo-csrf': '1' } });
    expect((await session('GET')).json()).toMatchObject({ kind: 'session', name: 'first', roles: ['admin'] });
    const out = await session('DELETE');
    expect([out.statusCode, out.cookies[0]?.value]).toEqual([204, '']);
    expect((await session('GET')).statusCode).toBe(401);
  });

  it('ends after twelve hours, however often it is used', async () => {
    let cookie = await signIn();
    const began = api.clock.now();
    for (let minutes = 50; minutes <= 700; minutes += 50) {
      api.clock.set(began.add({ minutes }));
      const answer = await api.server.inject({ url: '/api/v1/things', headers: { cookie } });
      expect(answer.statusCode).toBe(200);
      const renewed = answer.cookies[0]?.value;
      if (renewed !== undefined) cookie = `cuhuo_session=${renewed}`;
    }
    api.clock.set(began.add({ hours: 12 }));
    expect((await api.server.inject({ url: '/api/v1/things', headers: { cookie } })).statusCode).toBe(401);
  });

  it('ends when nobody used it for two hours, and not before', async () => {
    const cookie = await signIn();
    const read = () => api.server.inject({ url: '/api/v1/things', headers: { cookie } });
    const began = api.clock.now();
    api.clock.set(began.add({ minutes: 59 }));
    expect((await read()).statusCode).toBe(200);
    api.clock.set(began.add({ minutes: 59 + 120 }));
    expect((await read()).statusCode).toBe(401);
    expect((await read()).statusCode).toBe(401);
  });
});

describe('a write with a session', () => {
  const write = async (headers: Record<string, string>) => {
    const before = writes;
    const cookie = await signIn();
    const response = await api.server.inject({
      method: 'POST',
      url: '/api/v1/things',
      headers: { cookie, ...headers },
    });
    return { code: response.statusCode === 200 ? 'written' : response.json().code, written: writes - before };
  };

  it.each<[string, Record<string, string>]>([
    ['our own header', { 'x-cuhuo-csrf': '1' }],
    ['the word of the browser', { 'sec-fetch-site': 'same-origin' }],
    ['our origin', { origin: PUBLIC_URL }],
    ['the origin by which it was reached', { origin: 'http://localhost:80', host: 'localhost:80' }],
  ])('counts with %s', async (_name, headers) => {
    expect(await write(headers)).toEqual({ code: 'written', written: 1 });
  });

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    [
      'another port of the same host',
      { origin: 'http://127.0.0.1:9999', host: '127.0.0.1:8787', 'sec-fetch-site': 'same-site' },
    ],
    ['a sandboxed frame', { origin: 'null' }],
  ])('is refused with %s', async (_name, headers) => {
    expect(await write(headers)).toEqual({ code: 'auth.cross-site', written: 0 });
  });

  it('needs no such proof with a token', async () => {
    const response = await api.server.inject({ method: 'POST', url: '/api/v1/things', headers: asAdmin });
    expect(response.statusCode).toBe(200);
  });
});
