import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { text } from '../src/chat/message.ts';
import type { Quota } from '../src/chat/quota.ts';
import { type Db, openDatabase } from '../src/kernel/db.ts';
import { randomFrom } from '../src/kernel/random.ts';
import { Temporal } from '../src/kernel/time.ts';
import { promise } from '../src/outbox/outbox.ts';
import {
  easyRules,
  type Loopback,
  type LoopbackRules,
  startLoopback,
} from '../src/simulators/loopback/index.ts';
import type { WorkerChannel } from './worker-process.ts';

export interface ChaosOptions {
  databaseUrl: string;
  redisUrl?: string;
  seed: number;
  recipients: number;
  /** The run fails when it takes longer. */
  mostSeconds: number;
  outageSeconds: number;
  say(line: string): void;
}

const WORKERS = 2;
const BATCH = 50;
/** Calls a second and a minute, for each platform. */
const quotasOf = (channel: string): Quota[] => [
  quota(`${channel} a second`, 20, 1),
  quota(`${channel} a minute`, 1_000, 60),
  {
    ...quota(`${channel} a person`, 30, 60),
    per: 'person',
    counts: 'recipients',
    beyond: 'dropped',
  },
];
const quota = (name: string, most: number, seconds: number): Quota => ({
  name,
  ways: ['send'],
  counts: 'calls',
  per: 'account',
  most,
  window: { seconds },
  beyond: 'refused',
  source: 'chaos',
});

/** Three platforms: one repeats safely, one can be asked afterwards, one offers neither. */
const kinds = [
  { channel: 'feishu', repeatsSafely: true, tells: 'nothing', answers: 'delivered', silentDrops: 0 },
  {
    channel: 'wecom',
    repeatsSafely: false,
    tells: 'results-and-lost',
    answers: 'accepted',
    silentDrops: 0.01,
  },
  { channel: 'dingtalk', repeatsSafely: false, tells: 'nothing', answers: 'delivered', silentDrops: 0 },
] as const;

/** Plays the fault run and answers what was wrong, as sentences; empty when every promise held. */
export async function chaosDelivery(options: ChaosOptions): Promise<string[]> {
  const { seed, recipients, say } = options;
  const random = randomFrom(seed);
  const database = openDatabase(options.databaseUrl);
  const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-chaos-'));
  const platforms = await Promise.all(
    kinds.map(async ({ channel, repeatsSafely, ...more }, index) => {
      const rules: LoopbackRules = {
        ...easyRules,
        ...more,
        seed: seed + index,
        ways: [{ ...(easyRules.ways[0] as (typeof easyRules.ways)[0]), batchSize: BATCH, repeatsSafely }],
        quotas: quotasOf(channel),
        latencyMs: 20,
        lostAnswers: 0.05,
        refusals: 0.02,
      };
      return { channel, account: 'chaos', rules, platform: await startLoopback(rules), repeatsSafely };
    }),
  );
  const channels: WorkerChannel[] = platforms.map(({ channel, account, rules, platform }) => ({
    channel,
    account,
    rules,
    url: platform.url,
  }));
  const workers = new Set<ChildProcess>();
  const hire = () => {
    const { databaseUrl, redisUrl } = options;
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        join(import.meta.dirname, 'worker-process.ts'),
        JSON.stringify({ databaseUrl, redisUrl, dataDir, channels }),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    workers.add(child);
    child.once('exit', () => workers.delete(child));
  };
  const messageIds: string[] = [];
  let killed = 0;
  try {
    const planningFrom = performance.now();
    const ids = Array.from({ length: recipients }, () => randomUUID());
    for (const [index, word] of ['今晚八点系统升级，请提前保存。', '升级完成，可以正常使用了。'].entries()) {
      const share = index === 0 ? ids : ids.slice(0, Math.floor(recipients / 10));
      messageIds.push(
        await database.db.transaction((tx) =>
          promise(tx, {
            purpose: 'chaos',
            priority: 'campaign',
            content: text(word),
            recipients: share.map((employeeId, n) => {
              const { channel } = kinds[n % kinds.length] as (typeof kinds)[number];
              return { employeeId, address: { channel, account: 'chaos', platformId: `p${n}` } };
            }),
            at: Temporal.Now.instant(),
          }),
        ),
      );
    }
    say(
      `planned ${recipients} and a tenth of them again in ${Math.round(performance.now() - planningFrom)} ms`,
    );
    for (let n = 0; n < WORKERS; n += 1) hire();

    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    let nextKill = 6;
    let outage: 'before' | 'on' | 'over' = 'before';
    for (;;) {
      await sleep(500);
      if (outage === 'before' && seconds() > 15) {
        for (const { platform } of platforms) platform.outage(true);
        outage = 'on';
        say(`outage begins at ${Math.round(seconds())} s`);
      }
      if (outage === 'on' && seconds() > 15 + options.outageSeconds) {
        for (const { platform } of platforms) platform.outage(false);
        outage = 'over';
        say(`outage ends at ${Math.round(seconds())} s`);
      }
      if (seconds() > nextKill) {
        const victims = [...workers];
        victims[Math.floor(random() * victims.length)]?.kill('SIGKILL');
        killed += 1;
        hire();
        nextKill += 6 + random() * 6;
      }
      const open = await openOf(database.db);
      if (open === 0 && outage === 'over') break;
      if (seconds() > options.mostSeconds) {
        say(`gave up after ${Math.round(seconds())} s`);
        break;
      }
    }
    say(`${killed} workers killed; ended after ${Math.round(seconds())} s`);
    return await judge(database.db, platforms, say);
  } finally {
    for (const child of workers) child.kill('SIGKILL');
    for (const { platform } of platforms) await platform.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function openOf(db: Db): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from deliveries
    where state in ('planned', 'held', 'queued', 'accepted') or confirm_at is not null`);
  return rows[0]?.n ?? 0;
}

interface Played {
  channel: string;
  platform: Loopback;
  rules: LoopbackRules;
  repeatsSafely: boolean;
}

async function judge(db: Db, platforms: readonly Played[], say: (line: string) => void): Promise<string[]> {
  const wrong: string[] = [];
  for (const { channel, platform, rules, repeatsSafely } of platforms) {
    const { rows } = await db.execute<{ state: string; n: number }>(sql`
      select state, count(*)::int as n from deliveries where channel = ${channel} group by 1 order by 1`);
    const states = Object.fromEntries(rows.map(({ state, n }) => [state, n]));
    const tally = platform.tally();
    const twice = [...tally.arrived.values()].filter((times) => times > 1).length;
    const peaks = [...tally.peaks].map(([name, peak]) => `${name} ${peak}`).join(', ');
    say(
      `${channel}: ${JSON.stringify(states)}; ${tally.calls} calls, ${tally.lost} answers lost, ${tally.throttled} throttled, ` +
        `${tally.dropped.size} dropped in silence, ${twice} messaged twice; most in a window: ${peaks}`,
    );
    for (const state of ['planned', 'held', 'queued', 'accepted'])
      if ((states[state] ?? 0) > 0) wrong.push(`${channel}: ${states[state]} deliveries are still ${state}`);
    if (twice > 0) wrong.push(`${channel}: ${twice} people got a message twice`);
    if (tally.throttled > 0)
      wrong.push(`${channel}: ${tally.throttled} calls broke a quota: ${[...tally.broken].join(' ')}`);
    const knows = repeatsSafely || rules.tells === 'results-and-lost';
    if (knows && (states['unknown'] ?? 0) > 0)
      wrong.push(`${channel}: ${states['unknown']} are unknown although the platform could be asked`);
    const counted = await db.execute<{ key: string }>(sql`
      select message_id || ':' || recipient as key from deliveries
      where channel = ${channel} and state in ('delivered', 'read')`);
    const missing = counted.rows.filter(({ key }) => !tally.arrived.has(key)).length;
    if (missing > 0) wrong.push(`${channel}: ${missing} count as delivered and did not arrive`);
  }
  return wrong;
}
