import { fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import ExcelJS from 'exceljs';
import { campaignFileSchema, loadCampaign } from '../src/features/campaigns/index.ts';
import { buildCheckinExport } from '../src/features/reports/reports.build.ts';
import { type DetailRow, detailColumns } from '../src/features/reports/reports.detail.ts';
import { type SummaryRow, summaryColumns } from '../src/features/reports/reports.summary.ts';
import type { Cell, Column } from '../src/features/reports/reports.table.ts';
import { formats, workbookOptions } from '../src/features/reports/reports.xlsx.ts';
import { type Db, openDatabase } from '../src/kernel/db.ts';
import { monthDays, Temporal } from '../src/kernel/time.ts';
import { workdayCalendar } from '../src/kernel/workdays.ts';
import { type Bench, median, say } from './bench.ts';

const MONTH = Temporal.PlainYearMonth.from('2026-11');
const WORKDAYS = 21;
const MOST_MEGABYTES = 400;

interface Task {
  kind: 'export' | 'bare';
  databaseUrl: string;
  path: string;
  people: number;
}

interface Done {
  seconds: number;
  rows: number;
  bytes: number;
  /** Peak of the process's memory. */
  megabytes: number;
}

/**
 * P6: a month of check-ins as HR gets it, against exceljs' own streaming writer given the same cells ready-made. Each
 * runs in a process of its own, one after the other, so that the peak of memory is its own, too.
 */
export async function p6(bench: Bench): Promise<void> {
  const n = bench.quick ? 50_000 : 1_000_000;
  const people = Math.ceil(n / WORKDAYS);
  const database = openDatabase(bench.databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'cuhuo-p6-'));
  try {
    say(`P6: writing ${people * WORKDAYS} check-ins`);
    await fill(database.db, people);
    await database.pool.query('vacuum (analyze)');
    const task = (kind: Task['kind']) =>
      inProcess({ kind, databaseUrl: bench.databaseUrl, path: join(folder, kind), people });
    const ours: Done[] = [];
    const bare: Done[] = [];
    for (let round = 0; round < (bench.quick ? 3 : 1); round += 1) {
      bare.push(await task('bare'));
      ours.push(await task('export'));
    }
    const rate = (done: Done[]) => median(done.map(({ rows, seconds }) => rows / seconds));
    const ratio = median(ours.map((one, round) => one.rows / one.seconds / rate([bare[round] as Done])));
    const peak = Math.max(...ours.map(({ megabytes }) => megabytes));
    const base = { id: 'P6', backend: 'postgres', n: ours[0]?.rows ?? 0 };
    bench.report({ ...base, figure: 'exceljs alone', value: Math.round(rate(bare)), unit: 'rows/s' });
    bench.report({
      ...base,
      figure: 'exceljs alone, peak RSS',
      value: Math.max(...bare.map((one) => one.megabytes)),
      unit: 'MB',
    });
    bench.report({ ...base, figure: 'export', value: Math.round(rate(ours)), unit: 'rows/s' });
    bench.report({
      ...base,
      figure: 'file',
      value: Math.round((ours[0]?.bytes ?? 0) / 1e5) / 10,
      unit: 'MB',
    });
    bench.report({
      ...base,
      figure: 'export ÷ exceljs alone',
      value: Math.round(ratio * 100) / 100,
      unit: 'ratio',
      target: '≥ 0.7',
      met: ratio >= 0.7,
    });
    bench.report({
      ...base,
      figure: 'export, peak RSS',
      value: peak,
      unit: 'MB',
      target: `≤ ${MOST_MEGABYTES}`,
      met: peak <= MOST_MEGABYTES,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await database.close();
  }
}

/** People in a hundred departments and three zones, some of whom moved; everybody on every workday, with points. */
async function fill(db: Db, people: number): Promise<void> {
  const { from } = monthDays(MONTH);
  const file = campaignFileSchema.parse({
    id: 'bench-export',
    name: '新办公软件促活',
    goal: 'Measure',
    zone: 'Asia/Shanghai',
    startsOn: from.toString(),
    days: 30,
    tipTime: '09:10',
    reminderTime: '16:40',
    audience: 'everyone',
    phases: [{ kind: 'sustain', name: '持续', fromDay: 0, toDay: 29, focus: '' }],
    tasks: { mode: 'any', of: ['learn-tip'] },
    points: { checkIn: 5 },
  });
  const at = Temporal.Instant.from(`${from.toString()}T00:00:00Z`);
  const { campaignId } = await loadCampaign(db, file, { today: from, calendar: workdayCalendar(), at });
  await db.execute(sql`
    insert into departments (id, code, name, created_at)
    select gen_random_uuid(), 'd' || n, '第' || n || '营业部', now() from generate_series(0, 99) n`);
  await db.execute(sql`
    insert into employees (id, number, name, locale, zone, level, created_at)
    select gen_random_uuid(), '0001' || lpad(n::text, 10, '0'), '员工' || n, 'zh-CN',
           (array['Asia/Shanghai', 'Asia/Shanghai', 'America/New_York'])[n % 3 + 1], 'beginner', now()
    from generate_series(1, ${people}::int) n`);
  await db.execute(
    sql`insert into employee_zones (employee_id, since, zone) select id, '2020-01-01', zone from employees`,
  );
  await db.execute(sql`
    with placed as (select id, right(number, 10)::int as n from employees)
    insert into memberships (id, employee_id, department_id, main, from_day, to_day)
    select gen_random_uuid(), p.id, d.id, true, '2026-01-01'::date, case when p.n % 20 = 0 then '2026-11-15'::date end
    from placed p join departments d on d.code = 'd' || p.n % 100
    union all
    select gen_random_uuid(), p.id, d.id, true, '2026-11-16'::date, null::date
    from placed p join departments d on d.code = 'd' || (p.n + 1) % 100 where p.n % 20 = 0`);
  await db.execute(sql`
    insert into tips (id, key, title, body, try_now, feature, area, scene, tags, level, departments, position)
    select gen_random_uuid(), 'tip-' || n, '第 ' || n || ' 条：用导航窗格在长文档里跳着走', '…', '…', 'f', 'a', 's', '{}', 'beginner', '{}', n
    from generate_series(1, ${WORKDAYS}::int) n`);
  await db.execute(sql`
    insert into checkins (campaign_id, employee_id, day, at, received_at, zone, grade, channel, tip_id)
    select ${campaignId}, e.id, d.day, t.at, t.at, e.zone,
           (array['tap', 'tap', 'answered', 'self-declared'])[d.ordinal % 4 + 1], 'wecom', tips.id
    from employees e
    join campaign_days d on d.campaign_id = ${campaignId} and d.workday
    join tips on tips.position = d.ordinal
    cross join lateral (select (d.day + time '09:00' + random() * interval '8 hours') at time zone e.zone as at) t`);
  await db.execute(sql`
    insert into point_entries (transfer_id, key, account_kind, account_id, campaign_id, amount, reason, at)
    select gen_random_uuid(), employee_id || ':' || day, 'employee', employee_id, campaign_id, 5, 'check-in', at
    from checkins`);
}

async function inProcess(task: Task): Promise<Done> {
  say(`P6: ${task.kind}`);
  const child = fork(fileURLToPath(import.meta.url), ['p6-task']);
  return new Promise((resolve, reject) => {
    let done: Done | undefined;
    child.on('message', (message) => {
      done = message as Done;
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      done === undefined ? reject(new Error(`${task.kind} ended with ${code}`)) : resolve(done),
    );
    child.send(task);
  });
}

async function work(task: Task): Promise<Done> {
  const { seconds, rows, bytes } = task.kind === 'export' ? await exportOnce(task) : await writeBare(task);
  return { seconds, rows, bytes, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) };
}

async function exportOnce({ databaseUrl, path }: Task): Promise<Omit<Done, 'megabytes'>> {
  const database = openDatabase(databaseUrl);
  try {
    const began = performance.now();
    const built = await buildCheckinExport({
      db: database.db,
      period: monthDays(MONTH),
      shape: { format: 'xlsx' },
      mark: {
        exportId: '00000000-0000-7000-8000-000000000000',
        by: '压测（B1）',
        at: '2026-12-02 08:00+08:00',
        purpose: '压测',
        approvedBy: null,
        until: '2027-01-01',
      },
      asOf: Temporal.Instant.from('2026-12-02T00:00:00Z'),
      out: createWriteStream(path),
    });
    return { ...built, seconds: (performance.now() - began) / 1000 };
  } finally {
    await database.close();
  }
}

/** exceljs as its manual shows it: the same sheets, columns and formats, and as many rows of cells, ready-made. */
async function writeBare({ path, people }: Task): Promise<Omit<Done, 'megabytes'>> {
  const columns = detailColumns();
  const sheets = [
    { name: '汇总', rows: people, columns: summaryColumns, cells: cellsOf(summaryColumns, summaryRow) },
    { name: '明细', rows: people * WORKDAYS, columns, cells: cellsOf(columns, detailRow) },
  ];
  const began = performance.now();
  const out = new PassThrough();
  let bytes = 0;
  out.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const stored = pipeline(out, createWriteStream(path));
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ ...workbookOptions, stream: out });
  for (const { name, rows, columns, cells } of sheets) {
    const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
    sheet.columns = columns.map(({ kind, width }) => ({ width, style: { numFmt: formats[kind] } }));
    for (let row = 0; row < rows; row += 1) {
      sheet.addRow(cells[row % cells.length]).commit();
      // Otherwise nothing is packed before the last row.
      if (row % 1000 === 999) await turn();
    }
    sheet.commit();
  }
  await workbook.commit();
  await stored;
  return { seconds: (performance.now() - began) / 1000, rows: people * WORKDAYS, bytes };
}

function cellsOf<Row>(columns: readonly Column<Row>[], rowOf: (n: number) => Row): Cell[][] {
  return Array.from({ length: 1000 }, (_, n) => columns.map((column) => column.of(rowOf(n))));
}

const person = (n: number) => ({
  number: `0001${String(n).padStart(10, '0')}`,
  name: `员工${n}`,
  department: `第${n % 100}营业部`,
  campaign: '新办公软件促活',
});

const detailRow = (n: number): DetailRow => ({
  ...person(n),
  day: `2026-11-${String((n % 28) + 1).padStart(2, '0')}`,
  at_ms: Date.UTC(2026, 10, (n % 28) + 1, 1, n % 60, (n * 7) % 60, n),
  zone: n % 3 === 2 ? 'America/New_York' : 'Asia/Shanghai',
  channel: 'wecom',
  grade: 'tap',
  tip: `第 ${(n % 21) + 1} 条：用导航窗格在长文档里跳着走`,
});

const summaryRow = (n: number): SummaryRow => ({
  ...person(n),
  employee_id: '',
  rule: 'bench-export@01234567',
  stretches: null,
  due: 21,
  counted: 21,
  current: 21,
  best: 21,
  tapped: 10,
  declared: 5,
  answered: 6,
  points: 105,
});

async function answer(task: Task): Promise<void> {
  const done = await work(task);
  process.send?.(done);
  process.disconnect();
}

if (process.argv[2] === 'p6-task') {
  process.once('message', (task) => {
    answer(task as Task).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    });
  });
}
