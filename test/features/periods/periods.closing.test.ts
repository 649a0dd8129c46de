import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { campaigns } from '#src/features/campaigns/campaigns.tables.ts';
import type { Campaign } from '#src/features/campaigns/index.ts';
import { correct as correctDays } from '#src/features/corrections/index.ts';
import { addRule } from '#src/features/performance/index.ts';
import { performanceExport } from '#src/features/periods/periods.export.ts';
import { signerFrom } from '#src/features/periods/periods.keys.ts';
import {
  performRun,
  prepareSupplement,
  type RunDeps,
  requestClosing,
  requestPreview,
  requestSupplement,
  runsOf,
} from '#src/features/periods/periods.runs.ts';
import {
  askForObjections,
  openPeriod,
  periodById,
  prepareClosing,
} from '#src/features/periods/periods.service.ts';
import { type PerformancePeriod, performanceResults } from '#src/features/periods/periods.tables.ts';
import { exportNow } from '#src/features/reports/reports.service.ts';
import type { DoneExport, ExportKind } from '#src/features/reports/reports.tables.ts';
import { newId } from '#src/kernel/ids.ts';
import { type ManualClock, manualClock, monthDays, Temporal } from '#src/kernel/time.ts';
import { linesOf } from '#src/verify-export/lines.ts';
import { verifyPackage } from '#src/verify-export/verify.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { complete, excuse, organisation, strictRule } from './organisation.ts';
import { packedAt, workbookRows } from './workbook.ts';

const month = Temporal.PlainYearMonth.from('2026-11');
const workdays = [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30].map(
  (day) => `2026-11-${String(day).padStart(2, '0')}`,
);

let database: TestDatabase;
let clock: ManualClock;
let fileRoot: string;
let deps: RunDeps;
let campaign: Campaign;
let ids: Map<string, string>;
let period: PerformancePeriod;

beforeAll(async () => {
  database = await testDatabase();
  fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-periods-'));
  clock = manualClock('2026-11-20T10:00:00Z');
  deps = { db: database.db, clock, fileRoot, signer: signerFrom(Buffer.alloc(32, 7)) };
  const whole = [['RD', '2020-01-06']] as const;
  ({ campaign, ids } = await organisation(
    database.db,
    [
      { number: '0001', name: '张小满', posts: whole },
      { number: '0002', name: '=HYPERLINK("x")', posts: whole },
      {
        number: '0003',
        name: '李想',
        posts: [
          ['SALES', '2020-01-06', '2026-11-15'],
          ['RD', '2026-11-16'],
        ],
      },
      {
        number: '0004',
        name: '何一鸣',
        leftOn: '2026-11-13',
        posts: [['SALES', '2020-01-06', '2026-11-13']],
      },
    ],
    { from: '2026-11-01', days: 61, rule: strictRule() },
  ));
  const id = (number: string) => ids.get(number) as string;
  await complete(database.db, campaign.id, [
    ...workdays.map((day) => ({ employeeId: id('0001'), day })),
    ...workdays.slice(0, 11).map((day) => ({ employeeId: id('0002'), day, grade: 'answered' as const })),
    ...workdays.slice(3, 20).map((day) => ({ employeeId: id('0003'), day })),
    ...workdays.slice(0, 9).map((day) => ({ employeeId: id('0004'), day })),
  ]);
  await excuse(database.db, [{ employeeId: id('0003'), day: '2026-11-02', reason: 'leave' }]);
});
afterAll(async () => {
  await database.close();
  await rm(fileRoot, { recursive: true, force: true });
});

const hr = (at = clock.now()) => ({ by: 'E4 王知行', at });
const second = (at = clock.now()) => ({ by: 'E9 陈立', at });

async function rowsOf(runId: string) {
  const rows = await database.db
    .select()
    .from(performanceResults)
    .where(eq(performanceResults.runId, runId))
    .orderBy(performanceResults.place);
  return rows.map(({ row }) => row);
}

async function exportAs(
  format: 'xlsx' | 'csv' | 'json',
  supplement?: number,
): Promise<{ done: DoneExport; bytes: Buffer }> {
  const performance = performanceExport({ db: database.db });
  const shape = { format, ...(supplement === undefined ? {} : { supplement }) };
  const done = await exportNow(
    { db: database.db, clock, fileRoot, keepDays: 7, zone: 'Asia/Shanghai', others: { performance } },
    {
      kind: 'performance' satisfies ExportKind,
      period: monthDays(month),
      shape,
      purpose: '测试',
      by: { kind: 'cli', id: 'test' },
    },
  );
  return { done, bytes: await readFile(join(fileRoot, done.path)) };
}

describe('a period, from its preview to a supplement', () => {
  it('previews what is over so far: the days that are still to come are not due', async () => {
    period = await database.db.transaction((tx) =>
      openPeriod(tx, campaign, { name: '2026-11', ...monthDays(month) }, clock.now()),
    );
    const run = await database.db.transaction((tx) => requestPreview(tx, period.id, hr()));
    await performRun(deps, run.id);
    const rows = await rowsOf(run.id);
    expect(rows.map(({ number, due, counted }) => [number, due, counted])).toEqual([
      ['0001', 15, 15],
      ['0002', 14, 11],
      ['0003', 14, 12],
      ['0004', 10, 9],
    ]);
    expect(await periodById(database.db, period.id)).toMatchObject({ state: 'preview' });
  });

  it('exports a preview under a name that says so', async () => {
    const { done } = await exportAs('csv');
    expect(done.fileName).toBe('绩效-2026-11-预览.csv');
  });

  it('takes no objections before the last day is over everywhere', async () => {
    const until = Temporal.PlainDate.from('2026-12-05');
    await expect(
      database.db.transaction((tx) => askForObjections(tx, period.id, { until, at: clock.now() })),
    ).rejects.toMatchObject({ code: 'period.not-over' });
  });

  it('closes by a second person, after the objections', async () => {
    clock.set(Temporal.Instant.from('2026-12-02T02:00:00Z'));
    const until = Temporal.PlainDate.from('2026-12-07');
    const early = { until: Temporal.PlainDate.from('2026-12-05'), at: clock.now() };
    // The rule promises seven days.
    await expect(
      database.db.transaction((tx) => askForObjections(tx, period.id, early)),
    ).rejects.toMatchObject({ code: 'period.bad-deadline' });
    await database.db.transaction((tx) => askForObjections(tx, period.id, { until, at: clock.now() }));
    await expect(database.db.transaction((tx) => prepareClosing(tx, period.id, hr()))).rejects.toMatchObject({
      code: 'period.objections-last',
    });
    clock.set(Temporal.Instant.from('2026-12-08T02:00:00Z'));
    await expect(
      database.db.transaction((tx) => requestClosing(tx, period.id, second())),
    ).rejects.toMatchObject({ code: 'period.not-prepared' });
    await database.db.transaction((tx) => prepareClosing(tx, period.id, hr()));
    await expect(
      database.db.transaction((tx) => requestClosing(tx, period.id, { ...hr(), by: 'E4 王知行（改名）' })),
    ).rejects.toMatchObject({ code: 'period.same-person' });
    const run = await database.db.transaction((tx) => requestClosing(tx, period.id, second()));
    await expect(
      database.db.transaction((tx) => requestClosing(tx, period.id, second())),
    ).rejects.toMatchObject({ code: 'period.busy' });
    await Promise.all([performRun(deps, run.id), performRun(deps, run.id)]);
    expect(await periodById(database.db, period.id)).toMatchObject({ state: 'closed' });
    const rows = await rowsOf(run.id);
    expect(rows).toMatchObject([
      { number: '0001', due: 21, counted: 21, needed: 16, reached: 100, band: '达成', department: '研发部' },
      { number: '0002', due: 21, counted: 11, frozen: 1, grades: { question: 11, tap: 0 }, band: '部分达成' },
      { number: '0003', excused: 1, due: 20, counted: 17, needed: 16, department: '研发部', best: 17 },
      { number: '0004', due: 10, counted: 9, needed: 8, reached: 100, department: '销售部', teamReached: 90 },
    ]);
  });

  it('verifies from its package alone', async () => {
    const [closing] = (await runsOf(database.db, [period.id])).filter(({ kind }) => kind === 'closing');
    const path = join(fileRoot, closing?.packagePath ?? '');
    const verified = await verifyPackage(linesOf(createReadStream(path)), {
      expectedKey: deps.signer.publicKey,
    });
    expect(verified).toMatchObject({ people: 4, equal: 4, found: 0, receipt: closing?.receipt });
  });

  it('is the same file to the byte whenever it is exported, and cites receipt and rule', async () => {
    const before = {
      xlsx: await exportAs('xlsx'),
      csv: await exportAs('csv'),
      json: await exportAs('json'),
    };
    clock.set(Temporal.Instant.from('2026-12-09T11:22:33Z'));
    for (const format of ['xlsx', 'csv', 'json'] as const) {
      const again = await exportAs(format);
      expect(again.bytes.equals(before[format].bytes)).toBe(true);
      expect(again.done.fileName).toBe(`绩效-2026-11.${format}`);
    }
    // No part of the archive says when it was packed: bytes would differ two seconds later.
    expect(packedAt(before.xlsx.bytes)).toEqual(['2026-12-08 02:00']);
    const csv = before.csv.bytes.toString();
    expect(csv).toContain('0001,张小满,RD,研发部,办公软件上手,2026-11-01 至 2026-11-30,21,21,21,21');
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
    const { periods, rows } = JSON.parse(before.json.bytes.toString());
    expect(periods).toMatchObject([{ rule: 1, calendar: campaign.calendarId, preparedBy: 'E4 王知行' }]);
    expect(rows).toHaveLength(4);
    const sheet = await workbookRows(before.xlsx.bytes);
    expect(sheet['绩效']?.[1]?.slice(0, 4)).toEqual(['0001', '张小满', 'RD', '研发部']);
    expect(sheet['说明']?.flat()).toContain(periods[0].receipt);
  });

  it('does not change when evidence, corrections, a rule or another name come later; they make a supplement', async () => {
    const before = await exportAs('json');
    const employeeId = ids.get('0002') as string;
    await database.db.update(campaigns).set({ name: '办公软件上手（二期）' });
    await database.db.transaction(async (tx) => {
      await correctDays(
        tx,
        ['2026-11-18', '2026-11-19'].map((day) => ({
          campaignId: campaign.id,
          employeeId,
          day: Temporal.PlainDate.from(day),
          effect: 'counts' as const,
          cause: 'appeal' as const,
          causeId: newId(),
          reason: '出差当天系统有登录记录',
          by: 'E4',
          at: clock.now(),
        })),
      );
      await addRule(tx, {
        campaignId: campaign.id,
        rule: strictRule({ target: { kind: 'consecutive', days: 20 } }),
        fromDay: campaign.startsOn,
        reason: '更严格',
        by: 'E4',
        at: clock.now(),
      });
    });
    expect((await exportAs('json')).bytes.equals(before.bytes)).toBe(true);
    await database.db.transaction((tx) => prepareSupplement(tx, period.id, hr()));
    const run = await database.db.transaction((tx) =>
      requestSupplement(tx, period.id, { ...second(), reason: '两次申诉通过' }),
    );
    await performRun(deps, run.id);
    expect((await exportAs('json')).bytes.equals(before.bytes)).toBe(true);
    const { done, bytes } = await exportAs('json', 1);
    const { periods, rows } = JSON.parse(bytes.toString());
    const [closing] = (await runsOf(database.db, [period.id])).filter(({ kind }) => kind === 'closing');
    expect(done.fileName).toBe('绩效-2026-11-补充1.json');
    expect(periods).toMatchObject([
      { supplement: 1, corrects: closing?.receipt, reason: '两次申诉通过', rule: 1 },
    ]);
    // The colleagues' share of the department rises with it.
    expect(rows.find(({ number }: { number: string }) => number === '0002')).toMatchObject({
      counted: 13,
      appealed: 2,
      before: { counted: 11 },
    });
    expect(rows.map(({ number }: { number: string }) => number)).not.toContain('0004');
  });
});
