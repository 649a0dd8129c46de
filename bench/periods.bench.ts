import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { verifyStreaks } from '../src/features/checkins/index.ts';
import { signerFrom } from '../src/features/periods/periods.keys.ts';
import type { RunDeps } from '../src/features/periods/periods.runs.ts';
import type { PerformanceRun } from '../src/features/periods/periods.tables.ts';
import { openDatabase } from '../src/kernel/db.ts';
import { manualClock, Temporal } from '../src/kernel/time.ts';
import { linesOf } from '../src/verify-export/lines.ts';
import { verifyPackage } from '../src/verify-export/verify.ts';
import { closePeriod } from '../test/support/year/close.ts';
import { liveAYear } from '../test/support/year/live.ts';
import { type Comparison, evaluatedAgain, streakReplay } from '../test/support/year/proof.ts';
import { type Bench, say } from './bench.ts';

const seconds = (since: number): number => Math.round((performance.now() - since) / 10) / 100;

/** Quarters: the same people, days and events as twelve months, in a third of the rows. */
const quarters = [
  { name: '2026-Q1', from: '2026-01-01', to: '2026-03-31' },
  { name: '2026-Q2', from: '2026-04-01', to: '2026-06-30' },
  { name: '2026-Q3', from: '2026-07-01', to: '2026-09-30' },
  { name: '2026-Q4', from: '2026-10-01', to: '2026-12-31' },
].map(({ name, from, to }) => ({
  name,
  from: Temporal.PlainDate.from(from),
  to: Temporal.PlainDate.from(to),
}));

/**
 * A year of an organisation through the product's own functions; each quarter is closed when it is over. Then, for every
 * row: the streaks that were kept one by one = recomputed from the evidence = replayed from the signed packages, and the
 * results that were closed = evaluated again = verified from the packages.
 */
export async function performancePeriods(bench: Bench): Promise<void> {
  const people = bench.quick ? 1_000 : 100_000;
  const database = openDatabase(bench.databaseUrl);
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-performance-'));
  const signer = signerFrom(Buffer.alloc(32, 3));
  const deps = { db: database.db, clock: manualClock('2027-01-10T02:00:00Z'), fileRoot, signer };
  const base = { id: 'PERFORMANCE', backend: 'postgres' };
  const time = (figure: string, n: number, since: number): void =>
    bench.report({ ...base, n, figure, value: seconds(since), unit: 's' });
  const equal = (figure: string, { rows, wrong, named }: Comparison, least: number): void => {
    for (const one of named) say(`PERFORMANCE: ${figure}: ${one}`);
    bench.report({
      ...base,
      n: rows,
      figure,
      value: wrong,
      unit: 'rows that differ',
      target: '0',
      met: wrong === 0 && rows >= least,
    });
  };
  try {
    const began = performance.now();
    const runs: PerformanceRun[] = [];
    let closing = 0;
    const { campaign, lived } = await liveAYear(database.db, people, async (of, month) => {
      const quarter = quarters.find(({ to }) => to.toPlainYearMonth().toString() === month);
      if (quarter !== undefined) {
        const start = performance.now();
        runs.push(await closePeriod(deps, of, quarter));
        closing += performance.now() - start;
      }
      say(`PERFORMANCE: ${month} is over after ${Math.round(seconds(began))} s`);
    });
    const { db } = database;
    bench.report({ ...base, n: people, figure: 'year lived', value: seconds(began + closing), unit: 's' });
    for (const [figure, value] of Object.entries(lived))
      bench.report({ ...base, n: people, figure: `year lived: ${figure}`, value, unit: 'deeds' });
    bench.report({
      ...base,
      n: people,
      figure: 'closing of four quarters',
      value: Math.round(closing / 10) / 100,
      unit: 's',
    });

    const streaks = await db.execute<{ n: number }>(sql`select count(*)::int as n from streaks`);
    const stored = streaks.rows[0]?.n ?? 0;
    let start = performance.now();
    const { checked, wrong } = await verifyStreaks(db);
    const words = wrong.map((one) => `${one.employeeId}: ${one.stored}, not ${one.recomputed}`).slice(0, 5);
    equal(
      'streaks: stored = recomputed from the evidence',
      { rows: checked, wrong: wrong.length, named: words },
      stored,
    );
    time('streaks: recomputed', checked, start);

    start = performance.now();
    const replay = streakReplay();
    for (const run of runs) await replay.read(pathOf(deps, run));
    equal(
      'streaks: stored = replayed from the signed packages',
      await replay.compare(db, campaign.id),
      stored,
    );
    time('streaks: replayed', stored, start);

    await proveResults(runs);

    async function proveResults(closed: readonly PerformanceRun[]): Promise<void> {
      const again: Comparison = { rows: 0, wrong: 0, named: [] };
      const proven: Comparison = { rows: 0, wrong: 0, named: [] };
      let [evaluating, verifying, bytes] = [0, 0, 0];
      for (const run of closed) {
        let at = performance.now();
        add(again, await evaluatedAgain(deps, campaign, run));
        evaluating += performance.now() - at;
        at = performance.now();
        add(proven, await verified(deps, run));
        verifying += performance.now() - at;
        bytes += run.packageBytes ?? 0;
      }
      const rows = closed.reduce((sum, { people: n }) => sum + (n ?? 0), 0);
      equal('results: closed = evaluated again from the tables', again, rows);
      bench.report({
        ...base,
        n: rows,
        figure: 'results: evaluated again',
        value: Math.round(evaluating / 10) / 100,
        unit: 's',
      });
      equal('results: closed = verified from the signed packages', proven, rows);
      bench.report({
        ...base,
        n: rows,
        figure: 'results: verified',
        value: Math.round(verifying / 10) / 100,
        unit: 's',
      });
      bench.report({
        ...base,
        n: rows,
        figure: 'four packages',
        value: Math.round(bytes / 1e5) / 10,
        unit: 'MB',
      });
    }
    const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
    bench.report({ ...base, n: people, figure: 'peak RSS', value: megabytes, unit: 'MB' });
    time('all of it', people, began);
  } finally {
    await rm(fileRoot, { recursive: true, force: true });
    await database.close();
  }
}

const pathOf = ({ fileRoot }: RunDeps, { packagePath }: PerformanceRun): string =>
  join(fileRoot, packagePath ?? '');

function add(sum: Comparison, { rows, wrong, named }: Comparison): void {
  sum.rows += rows;
  sum.wrong += wrong;
  sum.named.push(...named);
}

/** The package alone, with nothing but the public key; its receipt is the one that was kept. */
async function verified(deps: RunDeps, run: PerformanceRun): Promise<Comparison> {
  const found = await verifyPackage(linesOf(createReadStream(pathOf(deps, run))), {
    expectedKey: deps.signer.publicKey,
  });
  const named = found.findings.slice(0, 5).map(({ line, person, what }) => `line ${line} ${person}: ${what}`);
  const other = found.receipt === run.receipt ? 0 : 1;
  const unequal = (run.people ?? 0) - found.equal;
  return { rows: found.people, wrong: Math.max(found.found, unequal) + other, named };
}
