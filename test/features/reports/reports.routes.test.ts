import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asc } from 'drizzle-orm';
import { audit } from '#src/features/audit/audit.tables.ts';
import { reportProblems, reportRoutes } from '#src/features/reports/index.ts';
import { removeExpired } from '#src/features/reports/reports.chores.ts';
import { type ExportDeps, runExport } from '#src/features/reports/reports.service.ts';
import { manualClock } from '#src/kernel/time.ts';
import { asAdmin, type TestApi, testApi } from '../../http/test-api.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { checkedIn, makeCompany } from './company.ts';

let api: TestApi;
let database: TestDatabase;
const clock = manualClock('2026-03-02T01:00:00Z');
let deps: ExportDeps;
const begun: string[] = [];

beforeAll(async () => {
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-exports-'));
  database = await testDatabase();
  deps = { db: database.db, clock, fileRoot, keepDays: 30, zone: 'Asia/Shanghai' };
  const begin = (id: string) => {
    begun.push(id);
  };
  api = await testApi({
    db: database.db,
    clock,
    routes: [reportRoutes({ ...deps, begin })],
    problems: [reportProblems],
  });
  const company = await makeCompany(
    database.db,
    [{ number: 'E1', posts: [['rd', '2026-01-01']] }],
    [{ key: 'office', name: '新办公软件', from: '2026-01-01', days: 60 }],
  );
  await checkedIn(database.db, company, { number: 'E1', at: '2026-02-03T01:00:00Z' });
});
afterAll(async () => {
  await api.close();
  await database.close();
  await rm(deps.fileRoot, { recursive: true, force: true });
});

const post = (payload: unknown) =>
  api.server.inject({ method: 'POST', url: '/api/v1/exports', headers: asAdmin, payload: payload as object });
const get = (url: string, headers: Record<string, string> = asAdmin) =>
  api.server.inject({ method: 'GET', url: `/api/v1${url}`, headers });

describe('exports by the API', () => {
  it('are asked for, made, listed and downloaded, and both are audited', async () => {
    const asked = await post({ purpose: '年终考核', month: '2026-02', format: 'csv' });
    expect(asked.statusCode).toBe(202);
    const { id } = asked.json<{ id: string }>();
    expect(asked.json()).toMatchObject({
      kind: 'checkins',
      format: 'csv',
      part: 'detail',
      from: '2026-02-01',
      to: '2026-02-28',
      state: 'requested',
      available: false,
      requestedBy: { kind: 'token' },
    });
    expect(begun).toEqual([id]);
    expect((await get(`/exports/${id}/file`)).statusCode).toBe(409);

    await runExport(deps, id);
    const done = (await get(`/exports/${id}`)).json<{ sha256: string; bytes: number }>();
    expect(done).toMatchObject({ state: 'done', rows: 1, people: 1, available: true });
    const file = await get(`/exports/${id}/file`);
    expect(file.statusCode).toBe(200);
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(decodeURIComponent(String(file.headers['content-disposition']))).toContain('打卡明细-2026-02.csv');
    expect(file.rawPayload).toHaveLength(done.bytes);
    const lines = await database.db.select().from(audit).orderBy(asc(audit.id));
    expect(lines.map(({ action, subject, detail }) => [action, subject, detail['sha256']])).toEqual([
      ['export.request', `export:${id}`, undefined],
      ['export.create', `export:${id}`, done.sha256],
      ['export.download', `export:${id}`, done.sha256],
    ]);
  });

  it('come newest first and page by page', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1)
      ids.unshift(
        (await post({ purpose: '年终考核', from: '2026-02-01', to: '2026-02-02' })).json<{ id: string }>().id,
      );
    const first = (await get('/exports?limit=2')).json<{ items: { id: string }[]; nextCursor: string }>();
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second = (await get(`/exports?limit=2&cursor=${first.nextCursor}`)).json<{
      items: { id: string }[];
    }>();
    expect(second.items[0]?.id).toBe(ids[2]);
  });

  it('are gone after their time, and their row stays', async () => {
    const { id } = (await post({ purpose: '年终考核', month: '2026-02' })).json<{ id: string }>();
    await runExport(deps, id);
    clock.set(clock.now().add({ hours: 24 * 30 }));
    expect((await get(`/exports/${id}/file`)).json()).toMatchObject({ status: 410, code: 'export.gone' });
    expect((await get(`/exports/${id}`)).json()).toMatchObject({ state: 'done', available: false });
    const byHand = await get(`/exports/${id}/file`, { ...asAdmin, accept: 'text/html,*/*' });
    expect(byHand.statusCode).toBe(410);
    expect(byHand.body).toBe('文件已过期删除，请重新导出。');
    await removeExpired(deps);
    expect(await readdir(join(deps.fileRoot, 'exports'))).not.toContain(`${id}.xlsx`);
  });

  it.each([
    ['no period', { purpose: '年终考核' }],
    ['no purpose', { month: '2026-02' }],
    ['a purpose of nothing but blanks', { month: '2026-02', purpose: '   ' }],
    ['a month and days', { purpose: '年终考核', month: '2026-02', from: '2026-02-01', to: '2026-02-02' }],
    ['no such month', { purpose: '年终考核', month: '2026-13' }],
    ['no such format', { purpose: '年终考核', month: '2026-02', format: 'pdf' }],
    ['days in the wrong order', { purpose: '年终考核', from: '2026-02-02', to: '2026-02-01' }],
  ])('%s is refused', async (_name, payload) => {
    expect((await post(payload)).statusCode).toBe(400);
  });

  it('are not for nobody in particular, and not there when they are not', async () => {
    expect((await get('/exports', {})).statusCode).toBe(401);
    const missing = await get('/exports/01a20178-0738-7199-8071-ba7132be2b42');
    expect(missing.json()).toMatchObject({ status: 404, code: 'export.not-found' });
  });
});
