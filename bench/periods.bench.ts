import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signerFrom } from '../src/features/periods/periods.keys.ts';
import { openDatabase } from '../src/kernel/db.ts';
import { manualClock } from '../src/kernel/time.ts';
import { linesOf } from '../src/verify-export/lines.ts';
import { verifyPackage } from '../src/verify-export/verify.ts';
import { closeMonth, liveAYear } from '../test/support/year.ts';
import { type Bench, say } from './bench.ts';

const MONTHS = ['2026-01', '2026-06', '2026-11'];
const seconds = (since: number): number => Math.round((performance.now() - since) / 10) / 100;

/** Closing months of a year, one under each version of the rule, and verifying them from their packages. */
export async function performancePeriods(bench: Bench): Promise<void> {
  const people = bench.quick ? 2_000 : 100_000;
  const database = openDatabase(bench.databaseUrl);
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-performance-'));
  try {
    say(`PERFORMANCE: a year of ${people} people`);
    const campaign = await database.db.transaction((tx) => liveAYear(tx, people));
    await database.pool.query('vacuum (analyze)');
    const signer = signerFrom(Buffer.alloc(32, 3));
    const deps = { db: database.db, clock: manualClock('2027-01-10T02:00:00Z'), fileRoot, signer };
    for (const month of MONTHS) {
      const before = performance.now();
      const run = await closeMonth(deps, campaign, month);
      const n = run.people ?? 0;
      const base = { id: 'PERFORMANCE', backend: 'postgres', n };
      bench.report({ ...base, figure: `close ${month}`, value: seconds(before), unit: 's' });
      bench.report({
        ...base,
        figure: `package of ${month}`,
        value: Math.round((run.packageBytes ?? 0) / 1e5) / 10,
        unit: 'MB',
      });
      const start = performance.now();
      const path = join(fileRoot, run.packagePath ?? '');
      const verified = await verifyPackage(linesOf(createReadStream(path)), {
        expectedKey: signer.publicKey,
      });
      bench.report({
        ...base,
        figure: `verify ${month}, rows that differ`,
        value: verified.found + (n - verified.equal),
        unit: 'rows',
        target: '0',
        met: verified.found === 0 && verified.equal === n,
      });
      bench.report({ ...base, figure: `verify ${month}`, value: seconds(start), unit: 's' });
    }
    const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
    bench.report({ id: 'PERFORMANCE', figure: 'peak RSS', n: people, value: megabytes, unit: 'MB' });
  } finally {
    await rm(fileRoot, { recursive: true, force: true });
    await database.close();
  }
}
