import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reportProblems, reportRoutes } from '#src/features/reports/index.ts';
import type { ExportShape } from '#src/features/reports/reports.api.ts';
import { type ExportDeps, runExport } from '#src/features/reports/reports.service.ts';
import { startSession } from '#src/http/credentials.ts';
import { newId } from '#src/kernel/ids.ts';
import { manualClock } from '#src/kernel/time.ts';
import { asAdmin, type TestApi, testApi } from '../../http/test-api.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { type Company, checkedIn, makeCompany } from './company.ts';

let api: TestApi;
let database: TestDatabase;
let company: Company;
let deps: ExportDeps;
const begun: string[] = [];
const cookies = new Map<string, string>();
const clock = manualClock('2026-03-02T01:00:00Z');

beforeAll(async () => {
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-exports-'));
  database = await testDatabase();
  const approval = { above: 0, channels: () => [] };
  deps = { db: database.db, clock, fileRoot, keepDays: 30, zone: 'Asia/Shanghai', approval };
  const posts = [['rd', '2026-01-01'] as const];
  company = await makeCompany(
    database.db,
    [
      { number: 'HR1', name: '王芳', posts },
      { number: 'HR2', name: '李雷', posts },
    ],
    [{ key: 'office', name: '新办公软件', from: '2026-01-01', days: 60 }],
  );
  await checkedIn(database.db, company, { number: 'HR1', at: '2026-02-03T01:00:00Z' });
  api = await testApi({
    db: database.db,
    clock,
    routes: [reportRoutes({ ...deps, begin: (id) => void begun.push(id) })],
    problems: [reportProblems],
    holderOf: async () => ({ name: '人事', roles: ['hr'] }),
  });
  for (const number of ['HR1', 'HR2']) {
    const employeeId = company.ids.get(number) ?? '';
    const { secret } = await startSession(database.db, { name: number, employeeId, now: clock.now() });
    cookies.set(number, `cuhuo_session=${secret}`);
  }
});
afterAll(async () => {
  await api.close();
  await database.close();
  await rm(deps.fileRoot, { recursive: true, force: true });
});

const headersOf = (who: string): Record<string, string> =>
  who === 'token' ? asAdmin : { cookie: cookies.get(who) ?? '', 'x-cuhuo-csrf': '1' };
const post = (who: string, path: string, payload: object = {}) =>
  api.server.inject({ method: 'POST', url: `/api/v1${path}`, headers: headersOf(who), payload });
const get = (who: string, path: string) =>
  api.server.inject({ url: `/api/v1${path}`, headers: headersOf(who) });
const ask = async (who = 'HR1') =>
  (await post(who, '/exports', { month: '2026-02', purpose: '年终考核' })).json<ExportShape>();

describe('a large export by the API', () => {
  it('is begun once another person agreed, and its file names both', async () => {
    const { id, state, mayDecide, requestedBy } = await ask();
    expect([state, mayDecide, requestedBy.name]).toEqual(['waiting', false, '王芳 HR1']);
    expect(begun).not.toContain(id);
    expect((await get('HR1', `/exports/${id}/file`)).json()).toMatchObject({
      status: 409,
      code: 'export.not-approved',
    });
    expect((await get('HR2', `/exports/${id}`)).json()).toMatchObject({ mayDecide: true });
    const agreed = await post('HR2', `/exports/${id}/approval`);
    expect(agreed.json()).toMatchObject({
      state: 'requested',
      decision: { approved: true, by: '李雷 HR2', reason: null },
    });
    expect(begun).toContain(id);
    await runExport(deps, id);
    expect((await get('HR1', `/exports/${id}/file`)).statusCode).toBe(200);
  });

  it('is refused with a reason, and then never made', async () => {
    const { id } = await ask();
    expect((await post('HR2', `/exports/${id}/refusal`, { reason: '  ' })).statusCode).toBe(400);
    expect((await post('HR2', `/exports/${id}/refusal`, { reason: '范围太大' })).json()).toMatchObject({
      state: 'refused',
      decision: { approved: false, reason: '范围太大' },
    });
    expect(await runExport(deps, id)).toBe(false);
    expect((await get('HR1', `/exports/${id}/file`)).json()).toMatchObject({ code: 'export.refused' });
    expect((await post('HR2', `/exports/${id}/approval`)).json()).toMatchObject({ code: 'export.decided' });
  });

  it.each([
    ['whoever asked', 'HR1', 403, 'export.own'],
    ['a token, which is nobody in particular', 'token', 403, 'export.nobody'],
  ])('is not approved by %s', async (_name, who, status, code) => {
    const { id } = await ask();
    expect((await post(who, `/exports/${id}/approval`)).json()).toMatchObject({ status, code });
    expect((await get('HR1', `/exports/${id}`)).json()).toMatchObject({ state: 'waiting' });
  });

  it('asked for by a token waits for a person too', async () => {
    const { id, state } = await ask('token');
    expect(state).toBe('waiting');
    expect((await post('HR1', `/exports/${id}/approval`)).statusCode).toBe(200);
  });

  it('that does not exist cannot be approved', async () => {
    expect((await post('HR2', `/exports/${newId()}/approval`)).json()).toMatchObject({
      status: 404,
      code: 'export.not-found',
    });
  });
});
