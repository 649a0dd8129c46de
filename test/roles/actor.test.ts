import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { createApiToken, startSession } from '#src/http/credentials.ts';
import { newId } from '#src/kernel/ids.ts';
import { systemClock } from '#src/kernel/time.ts';
import { type Company, company } from './company.ts';

const API = '/api/v1';
const HEADER = { 'x-cuhuo-csrf': '1' };
const question = {
  id: 'pages',
  kind: 'single',
  text: '怎样跳到某一页？',
  options: ['Ctrl+G', 'Ctrl+P'],
  answer: 0,
  explanation: '按 Ctrl+G。',
  review: 'reviewed',
};
const quiz = {
  id: 'autumn',
  kind: 'span',
  title: '秋季赛',
  blueprint: [{ count: 1 }],
  startsAt: '2026-10-18T01:00:00Z',
  endsAt: '2026-10-19T01:00:00Z',
};
const training = {
  title: '表格入门',
  kind: 'on-site',
  place: '三楼',
  startsAt: '2026-10-18T01:00:00Z',
  endsAt: '2026-10-18T02:00:00Z',
};

/** Writes of every slice that take effect in a company this small. */
const writes: readonly (readonly [string, string, object?])[] = [
  ['POST', '/audience-tags', { tag: '先锋', add: ['E1'], remove: [] }],
  ['POST', '/audiences', { name: '研发', definition: { department: 'RD' }, mode: 'live' }],
  ['POST', '/exclusions', { employee: 'E1', reason: 'trip', from: '2026-10-01', to: '2026-10-02' }],
  ['POST', '/excusals', { employee: 'E1', from: '2026-10-01', to: '2026-10-02', reason: 'trip' }],
  ['PUT', '/quiet-rules', { department: 'RD', quiet: [{ from: '20:00', to: '09:00' }] }],
  ['POST', '/quiet-rules/remove', { department: 'RD' }],
  ['POST', '/faq/entries:import', { entries: [{ id: 'a', question: '怎么安装', answer: '打开应用中心。' }] }],
  ['DELETE', '/faq/entries/a'],
  [
    'POST',
    '/incidents',
    {
      title: '停电',
      startsAt: '2026-09-17T01:00:00Z',
      endsAt: '2026-09-17T02:00:00Z',
    },
  ],
  ['POST', '/links', { label: '海报', medium: 'poster' }],
  ['PUT', '/notice-templates/meeting', { title: '开会', body: '各位同事，{时间} 开会。' }],
  ['POST', '/notices', { title: '通知', body: '各位同事', audience: { everyone: true } }],
  ['POST', '/questions:import', { questions: [question] }],
  ['DELETE', '/questions/pages'],
  ['PUT', '/quizzes/autumn', { quiz, campaign: 'small-campaign' }],
  ['POST', '/stops', { kind: 'pause', scope: 'channel', subject: 'sandbox', reason: '等一等' }],
  ['POST', '/tickets', { question: '打不开', employee: 'E1' }],
  ['PUT', '/tickets/roster', { duties: [] }],
  ['POST', '/tokens', { name: 'board', roles: ['hr'], days: 1 }],
  ['POST', '/trainings', training],
  ['POST', '/usage', { source: 'server', items: [{ employee: 'E1', day: '2026-09-17' }] }],
  ['POST', '/exports', { kind: 'checkins', month: '2026-09', purpose: '年终考核' }],
];

let the: Company;
let employeeId: string;
let cookie: string;
beforeAll(async () => {
  the = await company({
    startAt: '2026-09-18T01:10:00Z',
    people: [
      'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E9,沈启明,RD,,管理员,Asia/Shanghai,zh-CN,admin,,2020-01-06,,advanced',
      'H1,王知行,RD,,人事,Asia/Shanghai,zh-CN,hr,,2020-01-06,,advanced',
    ],
  });
  await the.as('E1').says('打卡');
  employeeId = await idOf('E9');
  const session = await startSession(the.database.db, { name: '沈启明', employeeId, now: systemClock.now() });
  cookie = `cuhuo_session=${session.secret}`;
});
afterAll(() => the.close());

async function idOf(number: string): Promise<string> {
  const { rows } = await the.database.db.execute<{ id: string }>(
    sql`select id from employees where number = ${number}`,
  );
  return rows[0]?.id as string;
}

const asks = (method: string, url: string, body?: object) =>
  the.server.inject({
    method: method as 'GET',
    url: `${API}${url}`,
    headers: { cookie, ...HEADER },
    ...(body === undefined ? {} : { payload: body }),
  });

interface Line extends Record<string, unknown> {
  id: number;
  action: string;
  actor: string;
}
async function linesAfter(id: number): Promise<Line[]> {
  const { rows } = await the.database.db.execute<Line>(
    sql`select id::int, action, actor_kind || ':' || actor_id as actor from audit where id > ${id} order by id`,
  );
  return rows;
}
const lastLine = async () => (await linesAfter(0)).at(-1)?.id ?? 0;

describe('the audit of what somebody does in the console', () => {
  it('names the employee in every line that a read leaves', async () => {
    const before = await lastLine();
    for (const { method, url } of the.server.routeList) {
      if (method !== 'GET' || !url.startsWith(`${API}/`)) continue;
      const path = url.slice(API.length).replaceAll('::', ':');
      const query = url.endsWith('/missing')
        ? '?campaign=small-campaign'
        : url.endsWith('/points')
          ? '?employee=E1'
          : '';
      await asks(
        'GET',
        path.replace(/\/:(\w+)/g, (_all, name: string) => `/${name === 'number' ? 'E1' : newId()}`) + query,
      );
    }
    const lines = await linesAfter(before);
    expect(lines.length).toBeGreaterThan(15);
    expect(lines.filter(({ actor }) => actor !== `employee:${employeeId}`)).toEqual([]);
  });

  it.each(writes)('names the employee after %s %s', async (...[method, url, body]) => {
    const before = await lastLine();
    const answer = await asks(method, url, body);
    expect({ status: answer.statusCode, body: answer.statusCode < 300 ? '' : answer.body }).toEqual({
      status: answer.statusCode < 300 ? answer.statusCode : 'less than 300',
      body: '',
    });
    const lines = await linesAfter(before);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter(({ actor }) => actor !== `employee:${employeeId}`)).toEqual([]);
  });

  it('is written by one helper in every file of routes', async () => {
    const files = (await readdir('src', { recursive: true })).filter((name) => /routes?\.ts$/.test(name));
    const own: string[] = [];
    for (const file of files) {
      const source = await readFile(join('src', file), 'utf8');
      if (/kind: 'token'(?! as const, id, name|, id, name)/.test(source)) own.push(file);
    }
    expect(files.length).toBeGreaterThan(30);
    expect(own).toEqual([]);
  });
});

describe('a token that an employee made', () => {
  it('is that employee where two people are needed: they cannot approve what it asked for', async () => {
    const { db } = the.database;
    const made = await asks('POST', '/tokens', { name: 'own', roles: ['hr'], days: 1 });
    const { rows } = await db.execute(sql`select made_by from credentials where id = ${made.json().id}`);
    expect(rows).toEqual([{ made_by: employeeId }]);
    const wanted = await the.server.inject({
      method: 'POST',
      url: `${API}/exports`,
      headers: { authorization: `Bearer ${made.json().secret}` },
      payload: { kind: 'checkins', month: '2026-09', purpose: '年终考核' },
    });
    expect(wanted.statusCode).toBe(202);
    const { id } = wanted.json();
    await db.execute(sql`update exports set state = 'waiting' where id = ${id}`);
    expect((await asks('GET', `/exports/${id}`)).json()).toMatchObject({ mayDecide: false });
    expect((await asks('POST', `/exports/${id}/approval`, {})).json()).toMatchObject({ code: 'export.own' });
    const other = await startSession(db, {
      name: '王知行',
      employeeId: await idOf('H1'),
      now: systemClock.now(),
    });
    const approved = await the.server.inject({
      method: 'POST',
      url: `${API}/exports/${id}/approval`,
      headers: { cookie: `cuhuo_session=${other.secret}`, ...HEADER },
      payload: {},
    });
    expect(approved.statusCode).toBe(200);
  });

  it('hands its maker on to the tokens that it makes', async () => {
    const { db } = the.database;
    const madeBy = employeeId;
    const first = await createApiToken(db, {
      name: 'first',
      now: systemClock.now(),
      roles: ['admin'],
      madeBy,
    });
    const second = await the.server.inject({
      method: 'POST',
      url: `${API}/tokens`,
      headers: { authorization: `Bearer ${first.secret}` },
      payload: { name: 'second', roles: ['hr'], days: 1 },
    });
    const { rows } = await db.execute(sql`select made_by from credentials where id = ${second.json().id}`);
    expect(rows).toEqual([{ made_by: employeeId }]);
  });
});
