import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/embedded-postgres/index.ts';
import { migrateDatabase, openDatabase } from '../src/kernel/db.ts';
import { playSenders } from '../test/outbox/senders.ts';
import { hasRedis, testRedis } from '../test/support/redis.ts';
import { databaseUrl } from '../test/support/test-server.ts';
import { chaosDelivery } from './delivery.ts';

const USAGE = `npm run chaos -- delivery [--seed N] [--recipients N] [--redis] [--quick]   kills, losses, refusals, an outage
npm run chaos -- year [--seed N] [--days N]                                a year of twelve senders on a virtual clock`;

/**
 * Faults on purpose. The seed is printed; with the same one the same people are refused and the same workers die. Exit
 * code 0: every promise held.
 */
const words = process.argv.slice(2);
const numberAfter = (name: string, otherwise: number): number => {
  const at = words.indexOf(name);
  const value = at < 0 ? otherwise : Number(words[at + 1]);
  if (!Number.isSafeInteger(value) || value < 0) {
    console.error(`${name} needs a whole number`);
    process.exit(2);
  }
  return value;
};
const [run = ''] = words;
if (run !== 'delivery' && run !== 'year') {
  console.error(USAGE);
  process.exit(2);
}
const quick = words.includes('--quick');
const seed = numberAfter('--seed', randomBytes(4).readUInt32BE());
const withRedis = words.includes('--redis');
if (withRedis && !hasRedis) {
  console.error('redis-server is not on the PATH');
  process.exit(1);
}
console.log(`seed ${seed}, queue on ${withRedis ? 'Redis' : 'PostgreSQL'}`);

const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-chaos-pg-'));
await chmod(dataDir, 0o755);
const server = await startEmbeddedPostgres({ dataDir, log: () => undefined });
const redis = withRedis ? await testRedis() : undefined;
try {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('create database chaos');
  await client.end();
  const url = databaseUrl(server.url, 'chaos');
  await migrateDatabase(url, 'config/migrations');
  const wrong = run === 'year' ? await year(url) : await delivery(url);
  for (const line of wrong.slice(0, 50)) console.log(`WRONG  ${line}`);
  console.log(wrong.length === 0 ? 'every promise held' : `${wrong.length} promises did not hold`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await redis?.stop();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

function delivery(url: string): Promise<string[]> {
  const recipients = numberAfter('--recipients', quick ? 6_000 : 100_000);
  console.log(`${recipients} recipients`);
  return chaosDelivery({
    databaseUrl: url,
    ...(redis === undefined ? {} : { redisUrl: redis.url }),
    seed,
    recipients,
    mostSeconds: quick ? 240 : 900,
    outageSeconds: quick ? 15 : 60,
    say: (line) => console.log(line),
  });
}

async function year(url: string): Promise<string[]> {
  const database = { ...openDatabase(url), url };
  try {
    const days = numberAfter('--days', 366);
    const { promised, arrivals, digests, wrong } = await playSenders(database, {
      from: '2026-01-01',
      days,
      seed,
    });
    console.log(
      `${days} days, ${promised} messages to people, ${arrivals} arrived, ${digests} of them digests`,
    );
    return wrong;
  } finally {
    await database.close();
  }
}
