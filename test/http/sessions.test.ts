import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createSignInLink } from '#src/http/credentials.ts';
import { PUBLIC_URL, type TestApi, testApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

async function signIn(): Promise<string> {
  const link = { publicUrl: PUBLIC_URL, name: 'first', now: api.clock.now() };
  const url = await createSignInLink(api.database.db, link);
  const [cookie] = (await api.server.inject({ url: url.slice(PUBLIC_URL.length) })).cookies;
  return cookie?.value ?? '';
}

const who = (secret: string) =>
  api.server.inject({ url: '/api/v1/session', headers: { cookie: `cuhuo_session=${secret}` } });
const later = (time: { hours?: number; seconds?: number }) => api.clock.set(api.clock.now().add(time));

it('gets another secret after an hour, and keeps the old one for a minute', async () => {
  const first = await signIn();
  expect((await who(first)).cookies).toEqual([]);
  later({ hours: 1 });
  const renewed = await who(first);
  const second = renewed.cookies[0]?.value ?? '';
  expect(renewed.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(second).not.toBe(first);
  expect((await who(first)).statusCode).toBe(200);
  expect((await who(second)).statusCode).toBe(200);
});

it('renews once for ten requests at the same moment', async () => {
  const first = await signIn();
  later({ hours: 1 });
  const answers = await Promise.all(Array.from({ length: 10 }, () => who(first)));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(200));
  expect(answers.filter(({ cookies }) => cookies.length > 0)).toHaveLength(1);
});

it('ends for both when a secret comes back that was replaced long ago', async () => {
  const stolen = await signIn();
  later({ hours: 1 });
  const second = (await who(stolen)).cookies[0]?.value ?? '';
  later({ seconds: 61 });
  expect((await who(second)).statusCode).toBe(200);
  expect((await who(stolen)).statusCode).toBe(401);
  expect((await who(second)).statusCode).toBe(401);
});
