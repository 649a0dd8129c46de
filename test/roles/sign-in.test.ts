import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wordsOf } from '../support/conversation.ts';
import { type Company, company } from './company.ts';

const HEADER = { 'x-cuhuo-csrf': '1' };

let the: Company;
beforeAll(async () => {
  the = await company({
    startAt: '2026-09-18T01:10:00Z',
    people: [
      'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E3,Emily Carter,SALES,,Account manager,America/New_York,en,,,2020-01-06,,beginner',
      'E4,王知行,SALES,,人事,Asia/Shanghai,zh-CN,hr,,2020-01-06,,advanced',
      'E6,周舟,RD,,接口人,Asia/Shanghai,zh-CN,liaison,RD,2020-01-06,,advanced',
      'E7,Ann Lee,SALES,,Director,America/New_York,en,executive,,2020-01-06,,advanced',
    ],
  });
});
afterAll(() => the.close());

/** The secret in the last message to this person. */
async function secretFor(number: string, word = '控制台'): Promise<string> {
  const { messages } = await the.as(number).says(word);
  return /\/console\/enter#([\w-]{43})/.exec(wordsOf(messages.at(-1)))?.[1] ?? '';
}

const enter = (token: string, headers: Record<string, string> = HEADER, remoteAddress = '10.9.0.1') =>
  the.server.inject({ method: 'POST', url: '/console/sign-in', headers, payload: { token }, remoteAddress });

async function cookieOf(number: string): Promise<string> {
  const [cookie] = (await enter(await secretFor(number))).cookies;
  return `cuhuo_session=${cookie?.value}`;
}

const get = (cookie: string, path: string) =>
  the.server.inject({ url: `/api/v1/${path}`, headers: { cookie } });
const send = (cookie: string, method: 'POST' | 'DELETE', path: string, payload?: object) =>
  the.server.inject({
    method,
    url: `/api/v1/${path}`,
    headers: { cookie, ...HEADER },
    ...(payload === undefined ? {} : { payload }),
  });

describe('the word 控制台', () => {
  it('answers people with a role by a link that works once', async () => {
    const secret = await secretFor('E4');
    const first = await enter(secret);
    expect(first.statusCode).toBe(204);
    expect(first.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect((await enter(secret)).json()).toMatchObject({ status: 401, code: 'auth.link-spent' });
  });

  it.each(['登录控制台', '后台', 'console', '控 制 台！'])('is understood as %s', async (word) => {
    expect(await secretFor('E4', word)).toHaveLength(43);
  });

  it('keeps the link private, also when it is asked for in a group', async () => {
    const place = { kind: 'group', chatId: 'g1', mentioned: true } as const;
    const { messages } = await the.as('E4').says('控制台', { place });
    expect(wordsOf(messages.at(-1))).toContain('/console/enter#');
  });

  it('gives nothing to people without a role', async () => {
    const { messages } = await the.as('E1').says('控制台');
    expect(messages.map(wordsOf).join()).not.toContain('/console/');
  });

  it('ends the links that somebody asked for before', async () => {
    const [old, young] = [await secretFor('E4'), await secretFor('E4')];
    expect((await enter(old)).statusCode).toBe(401);
    expect((await enter(young)).statusCode).toBe(204);
  });

  it('is taken only from our own page, so that nobody is signed in as somebody else', async () => {
    const secret = await secretFor('E4');
    const other = await enter(secret, { origin: 'https://evil.example' });
    expect(other.json()).toMatchObject({ status: 403, code: 'auth.cross-site' });
    expect((await enter(secret)).statusCode).toBe(204);
  });

  it('shuts out an address that tries, for a while, even with the right link', async () => {
    for (let n = 0; n < 10; n += 1) await enter(`guess-${n}`, HEADER, '10.9.0.66');
    const secret = await secretFor('E4');
    expect((await enter(secret, HEADER, '10.9.0.66')).json()).toMatchObject({ status: 429 });
    expect((await enter(secret, HEADER, '10.9.0.67')).statusCode).toBe(204);
  });
});

describe('a session of an employee', () => {
  it('has the roles of its employee and nothing beyond', async () => {
    const hr = await cookieOf('E4');
    expect((await get(hr, 'session/access')).json()).toMatchObject({ name: '王知行', roles: ['hr'] });
    expect((await get(hr, 'exports')).statusCode).toBe(200);
    expect((await get(hr, 'audit')).statusCode).toBe(403);
    const executive = await cookieOf('E7');
    expect((await get(executive, 'overview')).statusCode).toBe(200);
    expect((await get(executive, 'employees')).statusCode).toBe(403);
  });

  it('reaches the departments of a liaison only', async () => {
    const liaison = await cookieOf('E6');
    const { items } = (await get(liaison, 'employees')).json();
    expect(items.map(({ number }: { number: string }) => number)).toEqual(['E1', 'E6']);
    expect((await get(liaison, 'employees/E3')).statusCode).toBe(404);
  });

  it('loses a role with the next request after it was taken away', async () => {
    const liaison = await cookieOf('E6');
    await the.database.pool.query("update employee_roles set to_day = '2026-09-17' where role = 'liaison'");
    expect((await get(liaison, 'employees')).statusCode).toBe(403);
    await the.database.pool.query("update employee_roles set to_day = null where role = 'liaison'");
    expect((await get(liaison, 'employees')).statusCode).toBe(200);
  });

  it('ends when its employee has left', async () => {
    const executive = await cookieOf('E7');
    await the.database.pool.query("update employees set left_on = '2026-09-16' where number = 'E7'");
    expect((await get(executive, 'overview')).statusCode).toBe(401);
    await the.database.pool.query("update employees set left_on = null where number = 'E7'");
  });

  it('is listed, and ended by its owner or an administrator, not by somebody else', async () => {
    const [mine, other] = [await cookieOf('E4'), await cookieOf('E7')];
    const listed = (await get(mine, 'sessions')).json().items as { id: string; own: boolean; way: string }[];
    const own = listed.find((one) => one.own);
    expect(own).toMatchObject({ way: 'chat' });
    const [theirs] = (await get(other, 'sessions')).json().items.filter((one: { own: boolean }) => one.own);
    expect(listed.map(({ id }) => id)).not.toContain(theirs.id);
    expect((await get(mine, 'sessions?whose=all')).statusCode).toBe(403);
    expect((await send(mine, 'DELETE', `sessions/${theirs.id}`)).statusCode).toBe(404);
    expect((await get(other, 'overview')).statusCode).toBe(200);
    expect((await the.asks('admin', 'DELETE', `/api/v1/sessions/${theirs.id}`)).status).toBe(204);
    expect((await get(other, 'overview')).statusCode).toBe(401);
    expect((await send(mine, 'DELETE', `sessions/${own?.id}`)).statusCode).toBe(204);
    expect((await get(mine, 'exports')).statusCode).toBe(401);
  });

  it('stands in the audit when it begins and when it ends', async () => {
    const { rows } = await the.database.pool.query(
      "select actor_kind, action, detail->>'way' as way from audit where action like 'session.%' order by id desc limit 1",
    );
    expect(rows[0]).toMatchObject({ actor_kind: 'employee', action: 'session.end' });
    const { rows: opened } = await the.database.pool.query(
      "select count(*)::int as n from audit where action = 'session.open' and actor_kind = 'employee' and detail->>'way' = 'chat'",
    );
    expect(opened[0].n).toBeGreaterThan(5);
  });
});

describe('API tokens', () => {
  it('have roles, departments and an end, and show their secret once', async () => {
    const made = await the.asks('admin', 'POST', '/api/v1/tokens', {
      name: 'board',
      roles: ['liaison'],
      departmentCodes: ['SALES'],
      days: 30,
    });
    expect(made.status).toBe(201);
    const { secret, id } = JSON.parse(made.text);
    const ask = (path: string) =>
      the.server.inject({ url: `/api/v1/${path}`, headers: { authorization: `Bearer ${secret}` } });
    const { items } = (await ask('employees')).json();
    expect(items.map(({ number }: { number: string }) => number)).toEqual(['E3', 'E4', 'E7']);
    expect((await ask('exports')).statusCode).toBe(403);
    expect((await the.asks('admin', 'GET', '/api/v1/tokens')).text).not.toContain(secret);
    expect((await the.asks('admin', 'DELETE', `/api/v1/tokens/${id}`)).status).toBe(204);
    expect((await ask('employees')).statusCode).toBe(401);
  });

  it.each([
    ['a liaison without departments', { name: 'x', roles: ['liaison'], days: 1 }],
    ['a role that is none', { name: 'x', roles: ['root'], days: 1 }],
    ['no roles', { name: 'x', roles: [], days: 1 }],
    ['no end', { name: 'x', roles: ['hr'] }],
  ])('are refused with %s', async (_name, body) => {
    expect((await the.asks('admin', 'POST', '/api/v1/tokens', body)).status).toBe(400);
  });
});
