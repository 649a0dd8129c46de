import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { startSession } from '#src/http/credentials.ts';
import { systemClock } from '#src/kernel/time.ts';
import { type Company, company } from './company.ts';

const API = '/api/v1';
const HEADER = { 'x-cuhuo-csrf': '1' };

/** Ids that exist and belong to somebody else; whoever guesses one gets no further than with one that does not. */
interface Foreign {
  export: string;
  makeup: string;
  notice: string;
  message: string;
  token: string;
  session: string;
}

let the: Company;
let foreign: Foreign;
beforeAll(async () => {
  const person = (number: string, name: string, department: string, role = '', scope = '') =>
    `${number},${name},${department},,职员,Asia/Shanghai,zh-CN,${role},${scope},2020-01-06,,beginner`;
  the = await company({
    startAt: '2026-09-18T01:10:00Z',
    people: [
      person('E1', '张小满', 'RD'),
      person('E3', '王知行', 'SALES'),
      person('L1', '周舟', 'RD', 'liaison', 'RD'),
      person('X1', '陆总', 'RD', 'executive'),
    ],
  });
  await the.as('E3').says('打卡');
  const made = await the.asks('hr', 'POST', `${API}/exports`, {
    kind: 'checkins',
    month: '2026-09',
    purpose: '销售部考核',
  });
  await the.app.settled();
  const notice = await the.asks('operator', 'POST', `${API}/notices`, {
    title: '销售部',
    body: '只给销售部',
    audience: { departments: ['SALES'] },
  });
  const token = await the.asks('admin', 'POST', `${API}/tokens`, { name: 'x', roles: ['hr'], days: 1 });
  const one = async (query: ReturnType<typeof sql>) =>
    (await the.database.db.execute<{ id: string }>(query)).rows[0]?.id as string;
  const employeeId = await one(sql`select id from employees where number = 'E3'`);
  const makeup = await one(sql`
    insert into makeup_requests (id, campaign_id, employee_id, day, period_from, reason, approver, at)
    select gen_random_uuid(), k.id, ${employeeId}, '2026-09-15', '2026-09-01', '出差', 'liaison', now() from campaigns k returning id`);
  const session = await startSession(the.database.db, {
    name: 'other',
    employeeId,
    now: systemClock.now(),
  });
  foreign = {
    export: JSON.parse(made.text).id,
    makeup,
    notice: JSON.parse(notice.text).id,
    message: await one(sql`select id from outbox_messages order by id desc limit 1`),
    token: JSON.parse(token.text).id,
    session: session.id,
  };
});
afterAll(() => the.close());

const addresses = (of: Foreign): [string, string, object?][] => [
  ['GET', `/exports/${of.export}`],
  ['GET', `/exports/${of.export}/file`],
  ['POST', `/exports/${of.export}/approval`, {}],
  ['POST', `/makeups/${of.makeup}/decision`, { outcome: 'approved' }],
  ['GET', `/notices/${of.notice}/receipts.csv`],
  ['POST', `/notices/${of.notice}/send`, {}],
  ['POST', `/messages/${of.message}/cancel`, { reason: 'x' }],
  ['GET', '/employees/E3'],
  ['GET', '/employees/E3/evidence'],
  ['GET', '/points?employee=E3'],
  ['GET', '/audit'],
  ['DELETE', `/tokens/${of.token}`],
  ['DELETE', `/sessions/${of.session}`],
];

describe('ids and links of another department', () => {
  it.each(['liaison', 'executive', 'anonymous'] as const)(
    'give %s nothing and change nothing, by token',
    async (role) => {
      const letIn: string[] = [];
      for (const [method, path, body] of addresses(foreign)) {
        const { status, text } = await the.asks(role, method, `${API}${path}`, body);
        const refused = role === 'anonymous' ? status === 401 : status === 403 || status === 404;
        // A liaison may see the receipts of a notice, of their own people alone: here that is nobody.
        const empty = path.endsWith('receipts.csv') && !/E3|王知行/.test(text);
        if (!refused && !empty) letIn.push(`${method} ${path}: ${status}`);
        if (/王知行/.test(text)) letIn.push(`${method} ${path} names somebody`);
      }
      expect(letIn).toEqual([]);
    },
  );

  it.each(['L1', 'X1'])('give %s nothing, by the session of the page', async (number) => {
    const { db } = the.database;
    const { rows } = await db.execute<{ id: string }>(sql`select id from employees where number = ${number}`);
    const now = systemClock.now();
    const { secret } = await startSession(db, { name: number, employeeId: rows[0]?.id as string, now });
    const letIn: string[] = [];
    for (const [method, path, body] of addresses(foreign)) {
      const answer = await the.server.inject({
        method: method as 'GET',
        url: `${API}${path}`,
        headers: { cookie: `cuhuo_session=${secret}`, ...HEADER },
        ...(body === undefined ? {} : { payload: body }),
      });
      const empty = path.endsWith('receipts.csv') && !/E3|王知行/.test(answer.body);
      if (![403, 404].includes(answer.statusCode) && !empty)
        letIn.push(`${method} ${path}: ${answer.statusCode}`);
    }
    expect(letIn).toEqual([]);
  });

  it('gives HR the departments of their right, and nothing that is an administrator’s', async () => {
    const mine = await the.asks('hr', 'GET', `${API}/exports/${foreign.export}`);
    expect(mine.status).toBe(200);
    for (const [method, path] of [
      ['GET', '/audit'],
      ['GET', '/tokens'],
      ['DELETE', `/tokens/${foreign.token}`],
      ['POST', `/messages/${foreign.message}/cancel`],
      ['POST', `/notices/${foreign.notice}/send`],
    ] as const)
      expect(await the.asks('hr', method, `${API}${path}`, method === 'POST' ? {} : undefined)).toMatchObject(
        {
          status: 403,
        },
      );
    expect((await the.asks('hr', 'DELETE', `${API}/sessions/${foreign.session}`)).status).toBe(404);
  });

  it('have changed nothing in the end', async () => {
    const { db } = the.database;
    const { rows } = await db.execute(sql`
      select (select count(*)::int from makeup_decisions) as decided,
             (select state from notices where id = ${foreign.notice}) as notice,
             (select ended_at from credentials where id = ${foreign.token}) as token,
             (select ended_at from credentials where id = ${foreign.session}) as session`);
    expect(rows).toEqual([{ decided: 0, notice: 'draft', token: null, session: null }]);
  });
});
