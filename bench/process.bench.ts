import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../src/kernel/db.ts';
import { type Bench, median } from './bench.ts';
import { makeOrganisation } from './organisation.ts';
import { startServerProcess } from './server-process.ts';

const ROUNDS = 3;

/** P9: from spawn to ready, with an embedded database that is not there yet, and one that is. */
export async function p9(bench: Bench): Promise<void> {
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < (bench.quick ? 1 : ROUNDS); round += 1) {
    const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-bench-'));
    await chmod(dataDir, 0o755);
    for (const times of [first, again]) {
      const server = await startServerProcess({ CUHUO_DATA_DIR: dataDir });
      times.push(server.readyAfterMs / 1000);
      await server.stop();
    }
    await rm(dataDir, { recursive: true, force: true });
  }
  const report = (figure: string, values: number[], most: number) => {
    const value = Math.round(median(values) * 100) / 100;
    bench.report({
      id: 'P9',
      figure,
      n: values.length,
      value,
      unit: 's',
      target: `<= ${most}`,
      met: value <= most,
    });
  };
  report('first start to ready, with initdb and the sample campaign', first, 8);
  report('start to ready', again, 3);
}

/** P10: resident memory of one process with all roles after a day with 10,000 employees; PostgreSQL not counted. */
export async function p10(bench: Bench): Promise<void> {
  const people = bench.quick ? 2_000 : 10_000;
  const database = openDatabase(bench.databaseUrl);
  const { today } = await makeOrganisation(database.db, people);
  const adminToken = randomBytes(16).toString('hex');
  const server = await startServerProcess({
    DATABASE_URL: bench.databaseUrl,
    ...(bench.redisUrl === undefined ? {} : { REDIS_URL: bench.redisUrl }),
    CUHUO_SANDBOX: 'on',
    CUHUO_CLOCK: 'manual',
    CUHUO_ADMIN_TOKEN: adminToken,
    CUHUO_DATA_DIR: await mkdtemp(join(tmpdir(), 'cuhuo-bench-')),
  });
  try {
    // A day on which everybody gets the tip and the reminder.
    const now = today
      .add({ days: 1 })
      .toZonedDateTime({ timeZone: 'Asia/Shanghai', plainTime: '23:59:30' })
      .toInstant();
    const moved = await fetch(`${server.url}/api/v1/clock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ now: now.toString() }),
    });
    if (!moved.ok) throw new Error(`the clock did not move: ${await moved.text()}`);
    const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
    const megabytes = (name: string) =>
      Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
    const value = megabytes('VmRSS');
    bench.report({
      id: 'P10',
      figure: 'resident memory',
      n: people,
      value,
      unit: 'MB',
      target: '<= 350',
      met: value <= 350,
    });
    bench.report({
      id: 'P10',
      figure: 'resident memory at its highest',
      n: people,
      value: megabytes('VmHWM'),
      unit: 'MB',
    });
  } finally {
    await server.stop();
    await database.close();
  }
}
