import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ApiRoutes } from '#src/http/api.ts';
import { requires } from '#src/http/auth.ts';
import { createApiToken, endCredential } from '#src/http/credentials.ts';
import { credentials } from '#src/http/http.tables.ts';
import { asAdmin, described, type TestApi, testApi } from './test-api.ts';

const routes: ApiRoutes = (api) => {
  const schema = { ...described(), response: { 200: z.object({ ok: z.boolean() }) } };
  api.get('/things', { schema, preHandler: requires('hr') }, async () => ({ ok: true }));
  api.post('/things', { schema: { ...schema, body: z.object({}) } }, async () => ({ ok: true }));
};

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ routes: [routes] });
});
afterAll(() => api.close());

const things = (headers: Record<string, string>, remoteAddress = '10.0.0.1') =>
  api.server.inject({ url: '/api/v1/things', headers, remoteAddress });

describe('who may enter', () => {
  it('nobody without a token or session, and the answer says how', async () => {
    const response = await things({});
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ code: 'auth.required' });
    expect(response.headers['www-authenticate']).toBe('Bearer realm="cuhuo"');
  });

  it.each(['/api/v1/nowhere', '/api/v1'])('nor does %s tell a stranger whether it exists', async (url) => {
    expect((await api.server.inject({ url })).statusCode).toBe(401);
  });

  it('nor is the body of a stranger read', async () => {
    const response = await api.server.inject({ method: 'POST', url: '/api/v1/things', payload: '{' });
    expect(response.statusCode).toBe(401);
  });

  it('the first administrator, by any spelling of Bearer', async () => {
    expect((await things(asAdmin)).json()).toEqual({ ok: true });
    expect(
      (await things({ authorization: asAdmin.authorization.replace('Bearer', 'bearer') })).statusCode,
    ).toBe(200);
  });

  it.each([
    ['another token', 'Bearer the-first-administratoR'],
    ['a longer one', `${asAdmin.authorization}x`],
    ['the start of it', 'Bearer the'],
    ['an empty one', 'Bearer '],
    ['another scheme', 'Basic dGhlOmZpcnN0'],
  ])('not with %s', async (_name, authorization) => {
    expect((await things({ authorization }, '10.0.0.2')).statusCode).toBe(401);
  });
});

describe('an API token', () => {
  it('is good until it is ended', async () => {
    const { db } = api.database;
    const { id, secret } = await createApiToken(db, { name: 'CI', now: api.clock.now() });
    const headers = { authorization: `Bearer ${secret}` };
    expect((await things(headers)).statusCode).toBe(200);
    const who = await api.server.inject({ url: '/api/v1/session', headers });
    expect(who.json()).toEqual({ kind: 'token', id, name: 'CI', roles: ['admin'] });
    await endCredential(db, id, api.clock.now());
    expect((await things(headers)).statusCode).toBe(401);
  });

  it('ends at its time', async () => {
    const expiresAt = api.clock.now().add({ hours: 1 });
    const token = await createApiToken(api.database.db, { name: 'short', now: api.clock.now(), expiresAt });
    const headers = { authorization: `Bearer ${token.secret}` };
    expect((await things(headers)).statusCode).toBe(200);
    api.clock.set(expiresAt);
    expect((await things(headers)).statusCode).toBe(401);
  });

  it('is kept only as its hash', async () => {
    const { secret } = await createApiToken(api.database.db, { name: 'x', now: api.clock.now() });
    expect(JSON.stringify(await api.database.db.select().from(credentials))).not.toContain(secret);
  });

  it('is not in the log', async () => {
    await things({ authorization: 'Bearer not-for-the-log' });
    await things(asAdmin);
    expect(api.log()).not.toMatch(/not-for-the-log|the-first-administrator/);
  });
});

describe('the rate limit', () => {
  it('stops an address that tries tokens, even when it then has the right one, and nobody else', async () => {
    const guess = (n: number) => things({ authorization: `Bearer guess-${n}` }, '10.0.0.66');
    const guesses = await Promise.all(Array.from({ length: 20 }, (_, n) => guess(n)));
    expect(guesses.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(401));
    const locked = await things(asAdmin, '10.0.0.66');
    expect(locked.json()).toMatchObject({ status: 429, code: 'http.too-many-requests' });
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    expect((await things(asAdmin, '10.0.0.67')).statusCode).toBe(200);
  });

  it('counts strangers by address and callers by token', async () => {
    const small = await testApi({
      routes: [routes],
      limits: { anonymousPerMinute: 2, principalPerMinute: 4 },
    });
    const codes = async (count: number, headers: Record<string, string>, remoteAddress: string) => {
      const all = [];
      for (let n = 0; n < count; n += 1) {
        all.push((await small.server.inject({ url: '/api/v1/things', headers, remoteAddress })).statusCode);
      }
      return all;
    };
    expect(await codes(3, {}, '10.1.0.1')).toEqual([401, 401, 429]);
    expect(await codes(3, {}, '2001:db8::1')).toEqual([401, 401, 429]);
    expect(await codes(1, {}, '2001:db8::2')).toEqual([429]);
    expect(await codes(5, asAdmin, '10.1.0.1')).toEqual([200, 200, 200, 200, 429]);
    expect(await codes(1, asAdmin, '10.1.0.2')).toEqual([429]);
    await small.close();
  });

  it('leaves out webhooks, the sandbox and what watches over us, and counts unknown addresses', async () => {
    const small = await testApi({ limits: { anonymousPerMinute: 1 } });
    for (const url of ['/webhooks/feishu', '/sandbox/api/chats', '/sandbox'])
      small.server.get(url, async () => 'ok');
    const twice = async (url: string) => {
      await small.server.inject(url);
      return (await small.server.inject(url)).statusCode;
    };
    for (const url of ['/webhooks/feishu', '/sandbox/api/chats', '/healthz', '/readyz', '/metrics']) {
      expect([url, await twice(url)]).toEqual([url, 200]);
    }
    expect(await twice('/sandbox')).toBe(429);
    expect(await twice('/nowhere')).toBe(429);
    await small.close();
  });

  it('believes no header about the address', async () => {
    const small = await testApi({ limits: { anonymousPerMinute: 1 } });
    const from = (address: string) =>
      small.server.inject({ url: '/nowhere', headers: { 'x-forwarded-for': address } });
    expect((await from('1.1.1.1')).statusCode).toBe(404);
    expect((await from('2.2.2.2')).statusCode).toBe(429);
    await small.close();
  });
});
