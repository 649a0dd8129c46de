import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { createActionSealer } from '../src/chat/action-id.ts';
import type { ChannelAdapter } from '../src/chat/adapter.ts';
import { text } from '../src/chat/message.ts';
import type { Quota } from '../src/chat/quota.ts';
import { type Database, openDatabase } from '../src/kernel/db.ts';
import { defineJob, type QueueJob } from '../src/kernel/jobs.ts';
import { silentLog } from '../src/kernel/log.ts';
import { systemClock, Temporal } from '../src/kernel/time.ts';
import { promise, type Recipient } from '../src/outbox/outbox.ts';
import { preflight } from '../src/outbox/preflight.ts';
import { createRelay } from '../src/outbox/relay.ts';
import { rushEnds } from '../src/outbox/release.rules.ts';
import { sendJob } from '../src/outbox/sender.ts';
import { createQueue, queueBackend } from '../src/scheduler/index.ts';
import { type Bench, median, say } from './bench.ts';
import { type BenchPlatform, dingtalk, feishu, type OpenPlatform, wecom } from './platforms.ts';

const unsuppressed = {
  rulesOf: async () => new Map(),
  budget: { perDay: 100, perWeek: 500, digestAt: Temporal.PlainTime.from('17:30') },
  digestCards: async () => new Map(),
};

interface Sending {
  /** Resolves when nothing is planned or queued any more. */
  done(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The engine as a worker runs it, on the queue of the benchmark. */
function sending(bench: Bench, database: Database, adapters: readonly ChannelAdapter[]): Sending {
  const { db } = database;
  const backend = queueBackend({
    databaseUrl: bench.databaseUrl,
    redisUrl: bench.redisUrl,
    log: silentLog,
    namespace: `d${randomUUID().slice(0, 8)}`,
  });
  const send: QueueJob<{ batchId: string }> = sendJob({
    db,
    clock: systemClock,
    sealer: createActionSealer(Buffer.alloc(32, 3)),
    adapterOf: (channel, account) =>
      adapters.find((one) => one.channel === channel && one.account === account),
    acted: async () => new Set(),
    rulesOf: unsuppressed.rulesOf,
    nudge: () => relay.nudge(),
  });
  const queue = createQueue({ backend, jobs: [send], log: silentLog, concurrency: 16 });
  const relay = createRelay({
    db,
    clock: systemClock,
    log: silentLog,
    adapters,
    ...unsuppressed,
    enqueue: (calls, options) => queue.enqueue(calls, options),
    send: (batchId) => send.with({ batchId }),
  });
  return {
    async start() {
      await queue.start();
      relay.nudge();
    },
    async done() {
      for (;;) {
        const { rows } = await db.execute(
          sql`select 1 from deliveries where state in ('planned', 'queued') limit 1`,
        );
        if (rows.length === 0) return;
        await sleep(10);
      }
    },
    async stop() {
      await relay.close();
      await queue.close();
      await backend.close();
    },
  };
}

async function promiseTo(
  database: Database,
  to: { channel: 'feishu' | 'wecom' | 'dingtalk'; account: string },
  people: readonly string[],
): Promise<void> {
  await database.db.transaction((tx) =>
    promise(tx, {
      purpose: 'bench',
      priority: 'campaign',
      content: text('今晚八点系统升级，请提前保存。'),
      recipients: people.map((platformId) => ({ employeeId: randomUUID(), address: { ...to, platformId } })),
      at: Temporal.Now.instant(),
    }),
  );
}

const clear = (database: Database) =>
  database.db.execute(sql`truncate outbox_messages, deliveries, send_batches, quota_use, channel_health`);

/**
 * P3: deliveries a second through the whole engine into a channel that costs no time, against bare BullMQ jobs that do
 * nothing, on the same backend. The two take turns.
 */
export async function p3(bench: Bench): Promise<void> {
  const n = bench.quick ? 20_000 : 100_000;
  const jobs = bench.quick ? 5_000 : 20_000;
  const database = openDatabase(bench.databaseUrl);
  const backend = bench.redisUrl === undefined ? 'postgres' : 'redis';
  const nothing: ChannelAdapter = {
    channel: 'wecom',
    account: 'bench',
    limits: { maxTextBytes: 4_000, maxCardBytes: 4_000 },
    ways: [{ name: 'send', batchSize: 1_000, repeatsSafely: true, serves: 'single', takes: () => true }],
    quotas: [],
    send: async (dispatches) => dispatches.map(({ key }) => ({ kind: 'delivered', platformMessageId: key })),
    update: () => Promise.resolve(),
    recall: () => Promise.resolve('recalled'),
    readiness: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
  const crowdIds = Array.from({ length: n }, (_, index) => `p${index}`);
  const runs: { ours: number; bare: number }[] = [];
  try {
    for (let round = 0; round < 3; round += 1) {
      await clear(database);
      await promiseTo(database, { channel: 'wecom', account: 'bench' }, crowdIds);
      await database.db.execute(sql`vacuum analyze deliveries`);
      const bare = await bareJobs(bench, jobs);
      const engine = sending(bench, database, [nothing]);
      const began = performance.now();
      await engine.start();
      await engine.done();
      const ours = n / ((performance.now() - began) / 1000);
      await engine.stop();
      runs.push({ ours, bare });
      say(`P3 round ${round + 1}: ${Math.round(ours)} deliveries/s, ${Math.round(bare)} bare jobs/s`);
    }
  } finally {
    await database.close();
  }
  const ratio = median(runs.map(({ ours, bare }) => ours / bare));
  const report = (figure: string, value: number, unit: string) =>
    bench.report({ id: 'P3', figure, backend, n, value, unit });
  report('deliveries a second', Math.round(median(runs.map(({ ours }) => ours))), '1/s');
  report('bare BullMQ jobs a second', Math.round(median(runs.map(({ bare }) => bare))), '1/s');
  bench.report({
    id: 'P3',
    figure: 'deliveries/s ÷ bare jobs/s',
    backend,
    n,
    value: Number(ratio.toFixed(2)),
    unit: 'ratio',
    target: '≥ 1',
    met: ratio >= 1,
  });
}

async function bareJobs(bench: Bench, n: number): Promise<number> {
  let done = 0;
  const job = defineJob({ name: 'bench.nothing', payload: z.object({}), run: async () => void (done += 1) });
  const backend = queueBackend({
    databaseUrl: bench.databaseUrl,
    redisUrl: bench.redisUrl,
    log: silentLog,
    namespace: `b${randomUUID().slice(0, 8)}`,
  });
  const queue = createQueue({ backend, jobs: [job], log: silentLog, concurrency: 8 });
  for (let start = 0; start < n; start += 1_000)
    await queue.enqueue(Array.from({ length: Math.min(1_000, n - start) }, () => job.with({})));
  const began = performance.now();
  await queue.start();
  while (done < n) await sleep(5);
  const rate = n / ((performance.now() - began) / 1000);
  await queue.close();
  await backend.close();
  return rate;
}

/** DingTalk takes twenty people a call and twenty calls a second: fewer people, so that the run ends. */
const laws: {
  channel: 'feishu' | 'wecom' | 'dingtalk';
  open: OpenPlatform;
  people: number;
  quick: number;
}[] = [
  { channel: 'wecom', open: wecom, people: 100_000, quick: 20_000 },
  { channel: 'feishu', open: feishu, people: 100_000, quick: 20_000 },
  { channel: 'dingtalk', open: dingtalk, people: 20_000, quick: 4_000 },
];

/**
 * P2: a plain notice to 100,000 people through the real adapters into the platforms' own strict simulators, which count
 * every call and every window. Planning is writing the deliveries and the pre-flight.
 */
export async function p2(bench: Bench): Promise<void> {
  const database = openDatabase(bench.databaseUrl);
  try {
    for (const { channel, open, people, quick } of laws) {
      await clear(database);
      const platform = await open(database, bench.quick ? quick : people);
      try {
        await notice(bench, database, channel, platform);
      } finally {
        await platform.close();
      }
    }
    await planningMemory(bench, database, 100_000);
    if (!bench.quick) await planningMemory(bench, database, 1_000_000);
  } finally {
    await database.close();
  }
}

async function notice(
  bench: Bench,
  database: Database,
  channel: 'feishu' | 'wecom' | 'dingtalk',
  { adapter, people, way, fewest, counts }: BenchPlatform,
): Promise<void> {
  const backend = bench.redisUrl === undefined ? 'postgres' : 'redis';
  const n = people.length;
  const engine = sending(bench, database, [adapter]);
  try {
    const began = performance.now();
    await promiseTo(database, { channel, account: adapter.account }, people);
    await checked(database, adapter, n);
    const planningS = (performance.now() - began) / 1000;
    // A channel that avoids the full hour would be measured by its waiting.
    while (adapter.avoid !== undefined && rushEnds(adapter.avoid, '0', Temporal.Now.instant()) !== undefined)
      await sleep(1_000);
    const from = performance.now();
    await engine.start();
    await engine.done();
    const took = (performance.now() - from) / 1000;
    const { calls, throttled, dropped } = await counts();
    const floor = floorSeconds(
      fewest,
      n,
      adapter.quotas.filter(({ ways }) => ways.includes(way)),
    );
    const report = (figure: string, value: number, unit: string, target: string, met: boolean) =>
      bench.report({ id: 'P2', figure: `${figure}, ${channel}`, backend, n, value, unit, target, met });
    report('calls ÷ fewest possible', Number((calls / fewest).toFixed(3)), 'ratio', '1', calls === fewest);
    report('planning', Number(planningS.toFixed(2)), 's', '≤ 10', planningS <= 10);
    report('calls refused for rate', throttled, 'calls', '0', throttled === 0);
    report('dropped in silence', dropped, 'messages', '0', dropped === 0);
    bench.report({
      id: 'P2',
      figure: `floor of the quotas, ${channel}`,
      backend,
      n,
      value: floor,
      unit: 's',
    });
    // Where the quotas let everything go at once, there is no floor to be compared with.
    if (floor === 0)
      bench.report({
        id: 'P2',
        figure: `sending, ${channel}`,
        backend,
        n,
        value: Number(took.toFixed(2)),
        unit: 's',
      });
    else report('finish ÷ floor', Number((took / floor).toFixed(3)), 'ratio', '≤ 1.05', took / floor <= 1.05);
  } finally {
    await engine.stop();
  }
}

/** Peak of this process while a notice to a million people is written, above what it had before. */
async function planningMemory(bench: Bench, database: Database, n: number): Promise<void> {
  await clear(database);
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const began = performance.now();
  await database.db.transaction((tx) =>
    promise(tx, {
      purpose: 'bench',
      priority: 'campaign',
      content: text('今晚八点系统升级，请提前保存。'),
      recipients: crowd(n),
      at: Temporal.Now.instant(),
    }),
  );
  clearInterval(watch);
  const seconds = (performance.now() - began) / 1000;
  const grown = Math.round((peak - before) / 1e6);
  bench.report({
    id: 'P2',
    figure: 'writing the deliveries',
    n,
    value: Number(seconds.toFixed(1)),
    unit: 's',
  });
  bench.report({
    id: 'P2',
    figure: 'memory while planning',
    n,
    value: grown,
    unit: 'MB',
    target: '≤ 200',
    met: grown <= 200,
  });
}

function* crowd(n: number): Iterable<Recipient> {
  for (let index = 0; index < n; index += 1)
    yield {
      employeeId: randomUUID(),
      address: { channel: 'wecom', account: 'bench', platformId: `p${index}` },
    };
}

async function checked(database: Database, adapter: ChannelAdapter, n: number): Promise<void> {
  const { rows } = await database.db.execute<{ id: string; p: string }>(sql`
    select employee_id as id, platform_id as p from deliveries`);
  const found = await preflight(
    database.db,
    { ...unsuppressed, clock: systemClock, adapters: [adapter] },
    {
      content: text('x'),
      priority: 'campaign',
      recipients: rows.map(({ id, p }) => ({
        employeeId: id,
        address: { channel: adapter.channel, account: adapter.account, platformId: p },
      })),
      at: Temporal.Now.instant(),
    },
  );
  if (found.recipients !== n) throw new Error(`pre-flight counted ${found.recipients}`);
}

/** The earliest moment of the last call, when each sliding window of the account is used to the full from the first on. */
function floorSeconds(calls: number, people: number, quotas: readonly Quota[]): number {
  return Math.max(
    0,
    ...quotas
      .filter(({ per }) => per === 'account')
      .map(({ most, window, counts }) => {
        const amount = counts === 'recipients' ? people : calls;
        return 'seconds' in window ? Math.floor((amount - 1) / most) * window.seconds : 0;
      }),
  );
}
