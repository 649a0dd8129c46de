import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { createApp } from '#src/app.ts';
import { claim, reply } from '#src/features/tickets/tickets.service.ts';
import { silentLog } from '#src/kernel/log.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { wordsOf } from '../../support/conversation.ts';
import { ADMIN_TOKEN, type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let app: SmallApp;
let server: TestServer;

beforeAll(async () => {
  app = await smallApp({
    startAt: '2026-09-14T01:30:00Z',
    tips: 3,
    people: [
      'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E2,李想,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'S1,赵客服,RD,,驻场,Asia/Shanghai,zh-CN,support,,2020-01-06,,advanced',
      'S2,钱客服,RD,,驻场,Asia/Shanghai,zh-CN,support,,2020-01-06,,advanced',
    ],
  });
  server = await testServer(app);
});
afterAll(async () => {
  await server.close();
  await app.close();
});

async function api(method: string, path: string, body?: unknown) {
  const response = await server.api(method, path, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('tickets by API', () => {
  it('are opened once however often the request comes', async () => {
    const key = randomUUID();
    const open = async () => {
      const response = await fetch(`${server.url}/api/v1/tickets`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({ employee: 'E1', question: '打印机离线', facts: { 系统: 'UOS 20' } }),
      });
      return response.json();
    };
    const first = await open();
    expect(await open()).toEqual(first);
    expect(first).toMatchObject({ number: 1, state: 'waiting', asker: { number: 'E1' } });
    const { rows } = await app.database.db.execute(sql`select kind from ticket_events`);
    expect(rows).toEqual([{ kind: 'opened' }]);
  });

  it('are claimed, answered, transferred, taken back and solved, and the asker hears each step', async () => {
    expect((await api('POST', '/tickets/1/reply', { text: '您好' })).body).toMatchObject({
      code: 'ticket.not-claimed',
    });
    expect((await api('POST', '/tickets/1/claim', { agent: 'E2' })).body).toMatchObject({
      code: 'ticket.not-support',
    });
    expect((await api('POST', '/tickets/1/claim', { agent: 'S1' })).body).toMatchObject({ state: 'claimed' });
    expect((await api('POST', '/tickets/1/claim', { agent: 'S2' })).body).toMatchObject({
      code: 'ticket.taken',
    });
    await api('POST', '/tickets/1/reply', { text: '先看一下网线' });
    await api('POST', '/tickets/1/transfer', { to: 'S2' });
    await api('POST', '/tickets/1/take-back', {});
    const solved = await api('POST', '/tickets/1/solve', { agent: 'S1', solution: '换了网线' });
    expect(solved.body).toMatchObject({ state: 'solved', solution: '换了网线' });
    await app.app.settled();
    const heard = (await app.as('E1').inbox()).map(wordsOf).join('\n');
    for (const said of ['赵客服 已经接手', '先看一下网线', '转给了 钱客服', '重新排队', '换了网线'])
      expect(heard).toContain(said);
    expect((await api('POST', '/tickets/1/reply', { text: '晚了' })).body).toMatchObject({
      code: 'ticket.closed',
    });
    expect((await api('GET', '/tickets/99')).body).toMatchObject({ code: 'ticket.not-found' });
    const detail = await api('GET', '/tickets/1');
    expect(detail.body).toMatchObject({ facts: { 系统: 'UOS 20' }, merged: [] });
    const { rows } = await app.database.db.execute(sql`select 1 from audit where action = 'tickets.read'`);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('come page by page, the newest first', async () => {
    await api('POST', '/tickets', { employee: 'E1', question: '第二个问题' });
    await api('POST', '/tickets', { employee: 'E2', question: '第三个问题' });
    const first = await api('GET', '/tickets?state=all&limit=2');
    expect((first.body['items'] as { number: number }[]).map(({ number }) => number)).toEqual([3, 2]);
    const next = await api('GET', `/tickets?state=all&limit=2&cursor=${String(first.body['nextCursor'])}`);
    expect(next.body).toMatchObject({ items: [{ number: 1 }], nextCursor: null });
    expect((await api('GET', '/tickets/figures')).body).toMatchObject({
      waiting: 2,
      solved: 1,
      answeredInTime: 1,
    });
  });

  it('follow the roster that was written', async () => {
    const duties = [{ agent: 'S2', days: 'workdays', from: '08:00', to: '12:00' }];
    expect((await api('PUT', '/tickets/roster', { duties })).body).toMatchObject({
      duties: [{ agent: 'S2', name: '钱客服' }],
    });
    expect((await api('GET', '/tickets/figures')).body).toMatchObject({ onDuty: [{ number: 'S2' }] });
    expect((await api('PUT', '/tickets/roster', { duties: [{ ...duties[0], from: '25:00' }] })).status).toBe(
      400,
    );
  });
});

describe('a process that dies', () => {
  const deps = () => ({
    zone: 'Asia/Shanghai',
    calendar: workdayCalendar(),
    later: async () => undefined,
  });
  const idOf = async (number: string) => {
    const { rows } = await app.database.db.execute<{ id: string }>(
      sql`select id from employees where number = ${number}`,
    );
    return rows[0]?.id ?? '';
  };

  it('before the claim is committed leaves the ticket waiting, and nobody heard of it', async () => {
    const agent = await idOf('S1');
    const before = (await app.as('E2').inbox()).length;
    const died = app.database.db.transaction(async (tx) => {
      await claim(tx, deps(), 3, agent, app.app.clock.now());
      throw new Error('killed');
    });
    await expect(died).rejects.toThrow('killed');
    await app.app.settled();
    expect((await api('GET', '/tickets/3')).body).toMatchObject({ state: 'waiting', assignee: null });
    expect(await app.as('E2').inbox()).toHaveLength(before);
  });

  it('between claim and reply loses nothing: the next process tells the asker and takes the reply', async () => {
    const agent = await idOf('S1');
    // Committed, and then nobody is left who could send what was promised.
    await app.database.db.transaction((tx) => claim(tx, deps(), 3, agent, app.app.clock.now()));
    const next = await createApp({
      config: app.config,
      database: app.database,
      databaseUrl: app.database.url,
      secrets: { secretKey: Buffer.alloc(32, 7) },
      log: silentLog,
    });
    await next.startWorking();
    await next.settled();
    const heard = async () => (await app.as('E2').inbox()).map(wordsOf);
    expect((await heard()).filter((words) => words.includes('赵客服 已经接手'))).toHaveLength(1);
    await app.database.db.transaction((tx) =>
      reply(tx, deps(), 3, { id: agent, at: next.clock.now() }, '我来了'),
    );
    await next.settled();
    expect((await heard()).filter((words) => words.includes('我来了'))).toHaveLength(1);
    await next.stop();
  });
});
