import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { audit } from '#src/features/audit/audit.tables.ts';
import { reports } from '#src/features/reports/index.ts';
import { removeExpired } from '#src/features/reports/reports.chores.ts';
import { exportById, isAvailable, listExports } from '#src/features/reports/reports.queries.ts';
import {
  type ExportDeps,
  type ExportRequest,
  exportNow,
  requestExport,
  runExport,
} from '#src/features/reports/reports.service.ts';
import { exports } from '#src/features/reports/reports.tables.ts';
import type { JobCall } from '#src/kernel/jobs.ts';
import { silentLog } from '#src/kernel/log.ts';
import { manualClock, monthDays, Temporal } from '#src/kernel/time.ts';
import { outboxMessages } from '#src/outbox/outbox.tables.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { checkedIn, makeCompany } from './company.ts';

let database: TestDatabase;
let deps: ExportDeps & { clock: ReturnType<typeof manualClock> };
let hr: string;

beforeAll(async () => {
  database = await testDatabase();
  const people = [{ number: 'HR1', name: '人事', roles: ['hr'], posts: [['rd', '2026-01-01'] as const] }];
  const company = await makeCompany(database.db, people, [
    { key: 'office', name: '新办公软件', from: '2026-10-26', days: 90 },
  ]);
  hr = company.ids.get('HR1') as string;
  await checkedIn(database.db, company, { number: 'HR1', at: '2026-11-03T01:00:00Z' });
});
afterAll(() => database.close());

beforeEach(async () => {
  await rm(deps?.fileRoot ?? '', { recursive: true, force: true });
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-exports-'));
  deps = {
    db: database.db,
    clock: manualClock('2026-12-01T01:00:00Z'),
    fileRoot,
    keepDays: 30,
    zone: 'Asia/Shanghai',
  };
  await database.db.execute(sql`truncate exports, audit, outbox_messages cascade`);
});
afterAll(() => rm(deps.fileRoot, { recursive: true, force: true }));

function november(answering = true): ExportRequest {
  return {
    period: monthDays(Temporal.PlainYearMonth.from('2026-11')),
    shape: { format: 'xlsx' },
    purpose: '年终考核',
    by: { kind: 'employee', id: hr },
    at: deps.clock.now(),
    ...(answering
      ? {
          answerTo: {
            employeeId: hr,
            channel: 'sandbox',
            account: 'sandbox',
            platformId: 'HR1',
            locale: 'zh-CN',
            zone: 'Asia/Shanghai',
          },
        }
      : {}),
  };
}

const requested = async (): Promise<string> =>
  (await database.db.transaction((tx) => requestExport(tx, deps, november()))).id;
const made = () => database.db.select().from(audit).where(eq(audit.action, 'export.create'));
const contents = async () => (await database.db.select().from(outboxMessages)).map(({ content }) => content);

describe('making an export', () => {
  it('leaves the file, its row, one line in the audit, and the message with a sentence', async () => {
    const id = await requested();
    expect(await runExport(deps, id)).toBe(true);
    const row = await exportById(database.db, id);
    expect(row).toMatchObject({
      state: 'done',
      fileName: '打卡导出-2026-11.xlsx',
      people: 1,
      rows: 1,
      path: `exports/${id}.xlsx`,
    });
    expect(row?.expiresAt?.toString()).toBe('2026-12-31T01:00:00Z');
    const file = await readFile(join(deps.fileRoot, row?.path ?? ''));
    expect(file.length).toBe(row?.bytes);
    expect(createHash('sha256').update(file).digest('hex')).toBe(row?.sha256);
    expect((await stat(join(deps.fileRoot, row?.path ?? ''))).mode & 0o077).toBe(0);

    const lines = await made();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      actorKind: 'employee',
      actorId: hr,
      action: 'export.create',
      subject: `export:${id}`,
      detail: {
        purpose: '年终考核',
        what: 'checkins',
        period: '2026-11',
        people: 1,
        rows: 1,
        sha256: row?.sha256,
      },
    });

    const messages = await contents();
    expect(messages).toContainEqual({
      kind: 'file',
      name: '打卡导出-2026-11.xlsx',
      mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      path: `exports/${id}.xlsx`,
      bytes: file.length,
    });
    expect(messages).toContainEqual({
      kind: 'text',
      text: '2026 年 11 月的打卡导出好了：1 人，1 条打卡记录。文件保留到 2026-12-31，含个人信息，请妥善保管。',
    });
    expect(messages).toHaveLength(2);
  });

  it('gives one file message, one audit line and one file, however often and at once the job runs', async () => {
    const id = await requested();
    const finished = await Promise.all([runExport(deps, id), runExport(deps, id), runExport(deps, id)]);
    expect(finished.filter(Boolean)).toHaveLength(1);
    expect(await runExport(deps, id)).toBe(false);
    expect((await contents()).filter(({ kind }) => kind === 'file')).toHaveLength(1);
    expect(await made()).toHaveLength(1);
    const row = await exportById(database.db, id);
    expect(await readdir(join(deps.fileRoot, 'exports'))).toEqual([`${id}.xlsx`]);
    const file = await readFile(join(deps.fileRoot, row?.path ?? ''));
    expect(createHash('sha256').update(file).digest('hex')).toBe(row?.sha256);
  });

  it('waits for a request that is not committed yet', async () => {
    let running: Promise<boolean> | undefined;
    await database.db.transaction(async (tx) => {
      const { id } = await requestExport(tx, deps, november());
      running = runExport(deps, id);
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    expect(await running).toBe(true);
  });

  it('does nothing for a request that was rolled back', async () => {
    let running: Promise<boolean> | undefined;
    const rolledBack = database.db.transaction(async (tx) => {
      const { id } = await requestExport(tx, deps, november());
      running = runExport(deps, id);
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect(await running).toBe(false);
    expect(await contents()).toHaveLength(0);
  });

  it('leaves nothing behind when the file cannot be written, and works the next time', async () => {
    const id = await requested();
    const noFolder = join(deps.fileRoot, 'a-file');
    await writeFile(noFolder, '');
    await expect(runExport({ ...deps, fileRoot: noFolder }, id)).rejects.toThrow();
    expect(await exportById(database.db, id)).toMatchObject({ state: 'requested', attempts: 1 });
    expect(await contents()).toHaveLength(0);
    expect(await made()).toHaveLength(0);
    expect(await runExport(deps, id)).toBe(true);
  });

  it('gives up after five tries that came to nothing, and says so once', async () => {
    const id = await requested();
    await database.db.update(exports).set({ attempts: 5 });
    expect(await runExport(deps, id)).toBe(false);
    expect(await runExport(deps, id)).toBe(false);
    expect(await exportById(database.db, id)).toMatchObject({ state: 'failed' });
    expect(await contents()).toEqual([{ kind: 'text', text: expect.stringContaining('没有成功') }]);
  });

  it('says that a month is not over, and that there is nothing in it', async () => {
    const december = { ...november(), period: monthDays(Temporal.PlainYearMonth.from('2026-12')) };
    const { id } = await database.db.transaction((tx) => requestExport(tx, deps, december));
    await runExport(deps, id);
    const said = (await contents()).find(({ kind }) => kind === 'text');
    expect(said).toMatchObject({
      text: expect.stringMatching(/^2026 年 12 月还没有打卡记录.*数据截至 2026-12-01 09:00/),
    });
    expect((await contents()).some(({ kind }) => kind === 'file')).toBe(true);
  });

  it('refuses a period that ends before it begins, or lasts more than three years', async () => {
    const day = (iso: string) => Temporal.PlainDate.from(iso);
    for (const period of [
      { from: day('2026-11-02'), to: day('2026-11-01') },
      { from: day('2020-01-01'), to: day('2026-11-01') },
    ]) {
      const request = database.db.transaction((tx) => requestExport(tx, deps, { ...november(), period }));
      await expect(request).rejects.toMatchObject({ code: 'input.invalid' });
    }
  });

  it('is there at once on the command line, and nobody gets a message', async () => {
    const { at: _at, ...request } = november(false);
    const done = await exportNow(deps, {
      ...request,
      by: { kind: 'cli', id: 'root' },
      shape: { format: 'csv', part: 'detail' },
    });
    expect(done).toMatchObject({
      state: 'done',
      fileName: '打卡明细-2026-11.csv',
      path: `exports/${done.id}.csv`,
      rows: 1,
    });
    expect(await contents()).toHaveLength(0);
    expect(await made()).toMatchObject([{ actorKind: 'cli', actorId: 'root' }]);
  });
});

describe('the job', () => {
  it('is enqueued again by the sweep while its export is wanted, and not after', async () => {
    const calls: JobCall[] = [];
    let nudged = 0;
    const slice = reports({
      ...deps,
      enqueue: (call) => {
        calls.push(call);
        return Promise.resolve();
      },
      nudge: () => {
        nudged += 1;
      },
    });
    const id = await requested();
    await slice.sweep();
    expect(calls).toEqual([{ job: 'reports.export', payload: { exportId: id } }]);
    await slice.queueJobs?.[0]?.run({ exportId: id }, { log: silentLog, attempt: 1 });
    expect(nudged).toBe(1);
    await slice.sweep();
    expect(calls).toHaveLength(1);
  });

  it('is not missed when the queue is down', async () => {
    const slice = reports({
      ...deps,
      enqueue: () => Promise.reject(new Error('queue is down')),
      nudge: () => undefined,
    });
    slice.begin(await requested());
    await new Promise((resolve) => setImmediate(resolve));
    expect(await listExports(database.db, { limit: 10 })).toMatchObject([{ state: 'requested' }]);
  });
});

describe('what is kept', () => {
  it('lists exports, newest first and page by page', async () => {
    const ids = [await requested(), await requested(), await requested()].reverse();
    const first = await listExports(database.db, { limit: 2 });
    expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second = await listExports(database.db, { limit: 2, before: ids[1] });
    expect(second.map(({ id }) => id)).toEqual(ids.slice(2));
  });

  it('removes the file after its time, keeps the row, and bears to be run again', async () => {
    const id = await requested();
    await runExport(deps, id);
    const path = join(deps.fileRoot, `exports/${id}.xlsx`);
    deps.clock.set(Temporal.Instant.from('2026-12-31T00:59:59Z'));
    expect(await removeExpired(deps)).toBe(0);
    expect(existsSync(path)).toBe(true);
    deps.clock.set(Temporal.Instant.from('2026-12-31T01:00:00Z'));
    expect(await removeExpired(deps)).toBe(1);
    expect(existsSync(path)).toBe(false);
    const row = await exportById(database.db, id);
    expect(row).toMatchObject({ state: 'done', rows: 1 });
    expect(row !== undefined && isAvailable(row, deps.clock.now())).toBe(false);
    expect(await removeExpired(deps)).toBe(0);
  });

  it('clears away drafts that a killed process left, once they are a day old', async () => {
    const folder = join(deps.fileRoot, 'exports');
    await mkdir(folder);
    await writeFile(join(folder, 'old.part'), '');
    await writeFile(join(folder, 'new.part'), '');
    const dayAgo = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(folder, 'old.part'), dayAgo, dayAgo);
    await removeExpired(deps);
    expect(await readdir(folder)).toEqual(['new.part']);
  });
});
