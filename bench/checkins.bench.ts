import { randomBytes, randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { sql } from 'drizzle-orm';
import { createActionSealer } from '../src/chat/action-id.ts';
import { verifyStreaks } from '../src/features/checkins/index.ts';
import { CHECK_IN, dayAction } from '../src/features/tips/index.ts';
import { openDatabase } from '../src/kernel/db.ts';
import { startBareProcess } from './bare-process.ts';
import { type Bench, median, say } from './bench.ts';
import { makeOrganisation } from './organisation.ts';
import { startServerProcess } from './server-process.ts';

const ROUNDS = 3;
/** Everybody taps at nine: many are on the line at once. */
const CONNECTIONS = 200;
/** How often the load generator looks whether it is done: its own clock would otherwise tick by the second. */
const SAMPLE_MS = 20;
/** 100,000 employees inside one minute. */
const EVERYBODY_A_MINUTE = 100_000 / 60;

/**
 * P1: taps on 打卡 through the sandbox's webhook path, against a bare Fastify route that does one
 * `INSERT … ON CONFLICT` with as many connections to the same PostgreSQL. The two take turns.
 */
export async function p1(bench: Bench): Promise<void> {
  const taps = bench.quick ? 2_000 : 20_000;
  const key = randomBytes(32);
  const database = openDatabase(bench.databaseUrl);
  const { campaignId, tipId, today, employeeIds } = await makeOrganisation(database.db, taps * (ROUNDS + 1));
  const sealer = createActionSealer(key);
  const bodies = employeeIds.map((employeeId, n) =>
    JSON.stringify({
      as: `B${n}`,
      chatId: `private:B${n}`,
      key: randomUUID(),
      payload: {
        kind: 'action',
        actionId: sealer.seal(dayAction(CHECK_IN, { campaignId, day: today, tipId }), employeeId),
        inputs: {},
        messageId: randomUUID(),
      },
    }),
  );
  const backend = bench.redisUrl === undefined ? 'postgres' : 'redis';
  const ours = await startServerProcess({
    DATABASE_URL: bench.databaseUrl,
    ...(bench.redisUrl === undefined ? {} : { REDIS_URL: bench.redisUrl }),
    CUHUO_SANDBOX: 'on',
    CUHUO_SECRET_KEY: key.toString('base64'),
    CUHUO_DATA_DIR: `/tmp/cuhuo-bench-${randomUUID()}`,
  });
  const bare = await startBareProcess(bench.databaseUrl);
  const runs: { ours: Load; bare: Load }[] = [];
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const from = round * taps;
      const run = {
        bare: await load(`${bare.url}/insert`, taps, () => JSON.stringify({ key: randomUUID() })),
        ours: await load(`${ours.url}/sandbox/api/events`, taps, (n) => bodies[from + n] ?? ''),
      };
      say(
        `P1 round ${round}: ours ${run.ours.perSecond.toFixed(0)}/s, bare ${run.bare.perSecond.toFixed(0)}/s`,
      );
      // The first round warms both up.
      if (round > 0) runs.push(run);
    }
    const counted = await database.db.execute<{ n: number }>(sql`select count(*)::int as n from checkins`);
    const { wrong } = await verifyStreaks(database.db);
    const report = (figure: string, value: number, unit: string, target?: string, met?: boolean) =>
      bench.report({
        id: 'P1',
        figure,
        backend,
        n: taps,
        value: Math.round(value * 1000) / 1000,
        unit,
        ...(target === undefined ? {} : { target, met: met === true }),
      });
    const perSecond = median(runs.map((run) => run.ours.perSecond));
    const ratio = median(runs.map((run) => run.ours.perSecond / run.bare.perSecond));
    const p99 = Math.max(...runs.map((run) => run.ours.p99));
    const slowest = Math.max(...runs.map((run) => run.ours.slowest));
    const lost = (ROUNDS + 1) * taps - (counted.rows[0]?.n ?? 0);
    report('bare insert route', median(runs.map((run) => run.bare.perSecond)), 'requests/s');
    report(
      'check-ins',
      perSecond,
      'requests/s',
      `>= ${Math.ceil(EVERYBODY_A_MINUTE)}`,
      perSecond >= EVERYBODY_A_MINUTE,
    );
    report('check-ins ÷ bare inserts', ratio, 'ratio', '>= 0.5', ratio >= 0.5);
    report('p99', p99, 'ms', '<= 300', p99 <= 300);
    report('slowest', slowest, 'ms', '<= 3000', slowest <= 3000);
    report('lost or doubled', lost, 'check-ins', '= 0', lost === 0);
    report('streaks that differ from the evidence', wrong.length, 'streaks', '= 0', wrong.length === 0);
  } finally {
    await ours.stop();
    await bare.stop();
    await database.close();
  }
}

interface Load {
  perSecond: number;
  p99: number;
  slowest: number;
}

async function load(url: string, amount: number, bodyOf: (n: number) => string): Promise<Load> {
  let next = 0;
  const began = performance.now();
  const result = await autocannon({
    url,
    amount,
    connections: CONNECTIONS,
    sampleInt: SAMPLE_MS,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    requests: [
      {
        setupRequest(request) {
          const body = bodyOf(next);
          next += 1;
          return { ...request, body };
        },
      },
    ],
  });
  const seconds = (performance.now() - began) / 1000;
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} of ${amount} requests to ${url} failed`);
  return { perSecond: amount / seconds, p99: result.latency.p99, slowest: result.latency.max };
}
