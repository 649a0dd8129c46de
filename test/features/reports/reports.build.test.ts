import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type ExcelJS from 'exceljs';
import { buildCheckinExport } from '#src/features/reports/reports.build.ts';
import type { Shape } from '#src/features/reports/reports.rules.ts';
import { newId } from '#src/kernel/ids.ts';
import { monthDays, Temporal } from '#src/kernel/time.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { type Company, checkedIn, makeCompany, mark } from './company.ts';
import { collector, headingsOf, openWorkbook, rowsOf, sheetOf } from './workbook.ts';

let database: TestDatabase;
let company: Company;
const LONG = '000123456789012345';

beforeAll(async () => {
  database = await testDatabase();
  const since = '2026-01-01';
  company = await makeCompany(
    database.db,
    [
      { number: LONG, name: '张伟', posts: [['rd', since]] },
      {
        number: 'M1',
        name: '调动',
        posts: [
          ['rd', since, '2026-11-15'],
          ['east', '2026-11-16'],
        ],
      },
      { number: 'L1', name: '离职', leftOn: '2026-11-10', posts: [['rd', since, '2026-11-10']] },
      {
        number: 'R1',
        name: '返聘',
        posts: [
          ['rd', since, '2026-11-06'],
          ['sales', '2026-11-23'],
        ],
      },
      { number: 'NY', name: 'Alice', zone: 'America/New_York', posts: [['sales', since]] },
      { number: 'Z1', name: "=cmd|' /C calc'!A1", posts: [['rd', since]] },
      { number: 'N1', name: '十二月才来', joinedOn: '2026-12-01', posts: [['rd', '2026-12-01']] },
      { number: 'O1', name: '十月已走', leftOn: '2026-10-31', posts: [['rd', since, '2026-10-31']] },
      { number: 'P1', name: '没有部门', joinedOn: '2026-11-27', posts: [] },
    ],
    [
      { key: 'office', name: '新办公软件', from: '2026-10-26', days: 90 },
      { key: 'sales-only', name: '销售专场', from: '2026-11-01', days: 30, departments: ['sales'] },
    ],
  );
  const { db } = database;
  const tipId = newId();
  await db.execute(sql`
    insert into tips (id, key, title, body, try_now, feature, area, scene, tags, level, departments, position)
    values (${tipId}, 'fill', '＝号开头的公式怎么填充', '…', '…', 'f', 'a', 's', '{}', 'beginner', '{}', 0)`);
  // 张伟: Thu 29 and Fri 30 October, Mon 2 to Wed 4 November; then Fri 27 and Mon 30, a weekend between.
  for (const day of ['10-29', '10-30', '11-02', '11-03', '11-27', '11-30', '12-01']) {
    await checkedIn(db, company, { number: LONG, at: `2026-${day}T01:00:00Z` });
  }
  await checkedIn(db, company, { number: LONG, at: '2026-11-04T01:02:03Z', grade: 'answered', tipId });
  await checkedIn(db, company, { number: 'M1', at: '2026-11-13T01:00:00Z', grade: 'self-declared' });
  await checkedIn(db, company, { number: 'M1', at: '2026-11-16T01:00:00Z' });
  await checkedIn(db, company, { number: 'L1', at: '2026-11-09T01:00:00Z' });
  await checkedIn(db, company, { number: 'L1', at: '2026-11-10T01:00:00Z' });
  await checkedIn(db, company, { number: 'R1', at: '2026-11-06T01:00:00Z' });
  await checkedIn(db, company, { number: 'R1', at: '2026-11-24T01:00:00Z' });
  const zone = 'America/New_York';
  // 23:30 on Saturday 31 October and on Monday 30 November; 00:30 on Tuesday 1 December.
  await checkedIn(db, company, { number: 'NY', at: '2026-11-01T03:30:00Z', zone });
  await checkedIn(db, company, { number: 'NY', at: '2026-12-01T04:30:00Z', zone });
  await checkedIn(db, company, { number: 'NY', at: '2026-12-01T05:30:00Z', zone });
});
afterAll(() => database.close());

async function build(
  shape: Shape = { format: 'xlsx' },
  options: { month?: string; asOf?: string; mostRows?: number } = {},
): Promise<{ bytes: Buffer; built: Awaited<ReturnType<typeof buildCheckinExport>> }> {
  const { out, bytes } = collector();
  const { month = '2026-11', asOf = '2027-01-15T00:00:00Z', ...rest } = options;
  const built = await buildCheckinExport({
    db: database.db,
    period: monthDays(Temporal.PlainYearMonth.from(month)),
    shape,
    mark,
    asOf: Temporal.Instant.from(asOf),
    out,
    ...rest,
  });
  return { bytes: bytes(), built };
}

async function summary(options: Parameters<typeof build>[1] = {}) {
  const rows = rowsOf(sheetOf(await openWorkbook((await build({ format: 'xlsx' }, options)).bytes), '汇总'));
  return (number: string, campaign: string | null = '新办公软件') =>
    rows.find((row) => row['工号'] === number && (row['活动'] || null) === campaign);
}

describe('the workbook', () => {
  let workbook: ExcelJS.Workbook;
  let summarySheet: ExcelJS.Worksheet;
  let detailSheet: ExcelJS.Worksheet;
  beforeAll(async () => {
    workbook = await openWorkbook((await build()).bytes);
    summarySheet = sheetOf(workbook, '汇总');
    detailSheet = sheetOf(workbook, '明细');
  });

  it('has the two sheets with their headings, and the one that says what for', () => {
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['汇总', '明细', '导出说明']);
    expect(headingsOf(summarySheet).join()).toBe(
      '工号,姓名,部门,在职期间,活动,应打卡天数,打卡天数,打卡率,期末连续,最长连续,点按,自述,答题,积分,规则',
    );
    expect(headingsOf(detailSheet)).toEqual([
      '工号',
      '姓名',
      '部门',
      '活动',
      '日期',
      '打卡时间',
      '时区',
      '渠道',
      '证据等级',
      '小技巧',
    ]);
  });

  it('keeps the headings in sight, filters by them, and gives every column its room', () => {
    for (const sheet of [summarySheet, detailSheet]) {
      expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
      expect(sheet.autoFilter).toBe(`A1:${sheet.getRow(1).getCell(sheet.columnCount).address}`);
      expect(sheet.getRow(1).getCell(1).font).toMatchObject({ bold: true });
      expect(Math.min(...sheet.columns.map(({ width }) => width ?? 0))).toBeGreaterThanOrEqual(8);
    }
  });

  it('keeps every digit of a long employee number, as text', () => {
    const row = detailSheet.getRow(2);
    expect(row.getCell(1).value).toBe(LONG);
    expect(row.getCell(1).numFmt).toBe('@');
  });

  it('writes days and times as dates, on the wall clock of the person', () => {
    const row = detailSheet.getRow(4);
    expect(row.getCell(5).value).toEqual(new Date('2026-11-04T00:00:00Z'));
    expect(row.getCell(5).numFmt).toBe('yyyy-mm-dd');
    expect(row.getCell(6).value).toEqual(new Date('2026-11-04T09:02:03Z'));
    expect(row.getCell(6).numFmt).toBe('yyyy-mm-dd hh:mm:ss');
  });

  it('says how, where and with which tip a day was done, and defuses what could be a formula', () => {
    const rows = rowsOf(detailSheet);
    expect(rows[2]).toMatchObject({
      姓名: '张伟',
      活动: '新办公软件',
      时区: 'Asia/Shanghai',
      渠道: '沙盒',
      证据等级: '答题',
      小技巧: "'＝号开头的公式怎么填充",
    });
    expect(rowsOf(summarySheet).find((row) => row['工号'] === 'Z1')?.['姓名']).toBe("'=cmd|' /C calc'!A1");
  });

  it('gives the tap at 23:30 in New York to the 30th, and leaves out the ones of the months beside', () => {
    const alice = rowsOf(detailSheet).filter((row) => row['工号'] === 'NY');
    expect(alice).toHaveLength(1);
    expect(alice[0]).toMatchObject({
      日期: new Date('2026-11-30T00:00:00Z'),
      打卡时间: new Date('2026-11-30T23:30:00Z'),
      时区: 'America/New_York',
    });
  });

  it('puts a day into the department of that day, and the summary into that of the last one', () => {
    const moved = rowsOf(detailSheet).filter((row) => row['工号'] === 'M1');
    expect(moved.map((row) => row['部门'])).toEqual(['研发部', '华东']);
    expect(rowsOf(summarySheet).find((row) => row['工号'] === 'M1')?.['部门']).toBe('华东');
  });
});

describe('the summary', () => {
  it('counts the days due and done, the streaks from the evidence of the whole campaign, and the points of the month', async () => {
    const of = await summary();
    expect(of(LONG)).toMatchObject({
      应打卡天数: 21,
      打卡天数: 5,
      打卡率: 0.2381,
      期末连续: 2,
      最长连续: 5,
      点按: 4,
      自述: 0,
      答题: 1,
      积分: 25,
      规则: expect.stringMatching(/^office@[0-9a-f]{8}$/),
    });
    expect(of(LONG)?.['在职期间'] || null).toBeNull();
  });

  it('does not change afterwards', async () => {
    const [then, later] = await Promise.all([
      build({ format: 'csv', part: 'summary' }, { asOf: '2026-12-02T00:00:00Z' }),
      build({ format: 'csv', part: 'summary' }, { asOf: '2030-01-01T00:00:00Z' }),
    ]);
    expect(then.built.sha256).toBe(later.built.sha256);
  });

  it('has everybody who was there, also without a single check-in, and nobody else', async () => {
    const of = await summary();
    expect(of('Z1')).toMatchObject({
      应打卡天数: 21,
      打卡天数: 0,
      打卡率: 0,
      期末连续: 0,
      最长连续: 0,
      积分: 0,
    });
    expect(of('P1')).toMatchObject({ 应打卡天数: 2, 在职期间: '2026-11-27 至 2026-11-30' });
    expect(of('N1')).toBeUndefined();
    expect(of('O1')).toBeUndefined();
  });

  it('counts for a leaver until the last day, and keeps the streak as it was then', async () => {
    const of = await summary();
    expect(of('L1')).toMatchObject({
      应打卡天数: 7,
      打卡天数: 2,
      期末连续: 2,
      部门: '研发部',
      在职期间: '2026-11-01 至 2026-11-10',
    });
  });

  it('has a returner once, with both stretches', async () => {
    const of = await summary();
    expect(of('R1')).toMatchObject({
      应打卡天数: 11,
      打卡天数: 2,
      期末连续: 0,
      最长连续: 1,
      部门: '销售部',
      在职期间: '2026-11-01 至 2026-11-06；2026-11-23 至 2026-11-30',
    });
  });

  it('has one row for each campaign, due only while the person is in its audience', async () => {
    const of = await summary();
    expect(of('M1')).toMatchObject({ 应打卡天数: 21, 打卡天数: 2, 自述: 1 });
    expect(of('M1', '销售专场')).toMatchObject({ 应打卡天数: 11, 打卡天数: 0 });
    expect(of(LONG, '销售专场')).toBeUndefined();
  });

  it('gives the points of the last evening in New York to its month', async () => {
    expect((await summary())('NY')).toMatchObject({ 打卡天数: 1, 积分: 5 });
    expect((await summary({ month: '2026-10' }))('NY')).toMatchObject({ 打卡天数: 1, 积分: 5 });
    expect((await summary({ month: '2026-12' }))('NY')).toMatchObject({ 打卡天数: 1, 积分: 5 });
  });

  it('does not hold against anybody a day that is not over', async () => {
    const morning = await summary({ asOf: '2026-11-04T00:30:00Z' });
    // Two days are over; the third is due for whoever has done it already.
    expect(morning('Z1')).toMatchObject({ 应打卡天数: 2 });
    const evening = await summary({ month: '2026-11', asOf: '2026-11-30T14:00:00Z' });
    expect(evening('Z1')).toMatchObject({ 应打卡天数: 20 });
    expect(evening(LONG)).toMatchObject({ 应打卡天数: 21, 期末连续: 2 });
  });

  it('shows who was there in a month without a campaign', async () => {
    const of = await summary({ month: '2026-09' });
    expect(of(LONG, null)).toMatchObject({ 应打卡天数: 0, 打卡天数: 0 });
    expect(of(LONG, null)?.['打卡率'] ?? null).toBeNull();
  });
});

describe('sizes', () => {
  it('counts people, check-ins and bytes, and gives the check sum of the file', async () => {
    const { bytes, built } = await build();
    const { createHash } = await import('node:crypto');
    expect(built).toEqual({
      people: 7,
      rows: 12,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it('goes on in another sheet when one is full, and loses no row', async () => {
    const workbook = await openWorkbook((await build({ format: 'xlsx' }, { mostRows: 10 })).bytes);
    const whole = await openWorkbook((await build()).bytes);
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['汇总', '明细', '明细 2', '导出说明']);
    expect(headingsOf(sheetOf(workbook, '明细 2'))).toEqual(headingsOf(sheetOf(workbook, '明细')));
    expect([...rowsOf(sheetOf(workbook, '明细')), ...rowsOf(sheetOf(workbook, '明细 2'))]).toEqual(
      rowsOf(sheetOf(whole, '明细')),
    );
  });

  it('has headings and nobody when there is nothing at all', async () => {
    const { bytes, built } = await build({ format: 'xlsx' }, { month: '2020-02' });
    const workbook = await openWorkbook(bytes);
    expect(built).toMatchObject({ people: 0, rows: 0 });
    expect(sheetOf(workbook, '明细').rowCount).toBe(1);
    expect(sheetOf(workbook, '汇总').rowCount).toBe(1);
  });
});

describe('CSV', () => {
  it('begins with a byte order mark, ends its lines with CR LF, and writes local times', async () => {
    const { bytes } = await build({ format: 'csv', part: 'detail' });
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const text = bytes.subarray(3).toString('utf8');
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('工号,姓名,部门,活动,日期,打卡时间,时区,渠道,证据等级,小技巧,导出编号');
    expect(lines[3]).toBe(
      `${LONG},张伟,研发部,新办公软件,2026-11-04,2026-11-04 09:02:03,Asia/Shanghai,沙盒,答题,'＝号开头的公式怎么填充,${mark.exportId}`,
    );
    expect(lines).toHaveLength(1 + 12 + 1);
  });

  it('holds the summary when asked for it', async () => {
    const { bytes, built } = await build({ format: 'csv', part: 'summary' });
    const lines = bytes.toString('utf8').trimEnd().split('\r\n');
    expect(built).toMatchObject({ people: 7, rows: 10 });
    expect(lines[1]).toContain(`${LONG},张伟,研发部,,新办公软件,21,5,0.2381,2,5,4,0,1,25,office@`);
  });
});
