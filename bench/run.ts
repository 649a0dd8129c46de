import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/embedded-postgres/index.ts';
import { migrateDatabase } from '../src/kernel/db.ts';
import { hasRedis, testRedis } from '../test/support/redis.ts';
import { databaseUrl } from '../test/support/test-server.ts';
import { type Bench, say } from './bench.ts';
import { p1 } from './checkins.bench.ts';
import { c1 } from './console.bench.ts';
import { p2, p3 } from './delivery.bench.ts';
import { p6 } from './export.bench.ts';
import { p8 } from './faq.bench.ts';
import { performancePeriods } from './periods.bench.ts';
import { p9, p10 } from './process.bench.ts';
import { p7 } from './quizzes.bench.ts';
import { p4 } from './scheduler.bench.ts';
import { p5 } from './streaks.bench.ts';

/** Which backends a benchmark is run on: those that use the queue run on both. */
const benches: Record<
  string,
  { run: (bench: Bench) => Promise<void>; backends: readonly ('postgres' | 'redis')[] }
> = {
  P1: { run: p1, backends: ['postgres'] },
  P2: { run: p2, backends: ['postgres', 'redis'] },
  P3: { run: p3, backends: ['postgres', 'redis'] },
  P4: { run: p4, backends: ['postgres', 'redis'] },
  P5: { run: p5, backends: ['postgres'] },
  P6: { run: p6, backends: ['postgres'] },
  P7: { run: p7, backends: ['postgres'] },
  P8: { run: p8, backends: ['postgres'] },
  P9: { run: p9, backends: ['postgres'] },
  P10: { run: p10, backends: ['postgres'] },
  C1: { run: c1, backends: ['postgres'] },
  PERFORMANCE: { run: performancePeriods, backends: ['postgres'] },
};

const words = process.argv.slice(2);
const quick = words.includes('--quick');
/** What people say instead of a number. */
const names: Record<string, string> = { FAQ: 'P8', QUIZ: 'P7' };
const wanted = words
  .filter((word) => !word.startsWith('--'))
  .map((word) => names[word.toUpperCase()] ?? word.toUpperCase());
const unknown = wanted.filter((id) => !(id in benches));
if (unknown.length > 0) {
  say(`there is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

if (!existsSync('dist/main.js')) {
  say('building first');
  if (spawnSync('npm', ['run', 'build', '--silent'], { stdio: ['ignore', 2, 2] }).status !== 0)
    process.exit(1);
}

const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-bench-'));
await chmod(dataDir, 0o755);
const server = await startEmbeddedPostgres({ dataDir, log: () => undefined });
try {
  for (const [id, { run, backends }] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(id)) continue;
    for (const backend of backends) {
      if (backend === 'redis' && !hasRedis) {
        say(`${id} on Redis left out: redis-server is not on the PATH`);
        continue;
      }
      say(`${id} on ${backend}${quick ? ', quick' : ''} …`);
      await withDatabase(backend, run);
    }
  }
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function withDatabase(
  backend: 'postgres' | 'redis',
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  const name = `bench_${randomBytes(5).toString('hex')}`;
  await onServer(`create database ${name}`);
  const url = databaseUrl(server.url, name);
  await migrateDatabase(url, 'config/migrations');
  const redis = backend === 'redis' ? await testRedis() : undefined;
  try {
    await run({
      databaseUrl: url,
      ...(redis === undefined ? {} : { redisUrl: redis.url }),
      quick,
      report: (figure) => process.stdout.write(`${JSON.stringify(figure)}\n`),
    });
  } finally {
    await redis?.stop();
    await onServer(`drop database ${name} with (force)`);
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
