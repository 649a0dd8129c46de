import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serveWeb } from '#src/app/web.ts';
import { createApp } from '#src/app.ts';
import { behaviourSchema } from '#src/config/behaviour.ts';
import { silentLog } from '#src/kernel/log.ts';
import { easyRules, type Loopback, loopbackAdapter, startLoopback } from '#src/simulators/loopback/index.ts';
import type { WorkerChannel } from '../../chaos/worker-process.ts';
import { loadSmall } from '../support/content.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { hasRedis, type TestRedis, testRedis } from '../support/redis.ts';
import { ADMIN_TOKEN } from '../support/server.ts';

const MINUTES = 60_000;
const PEOPLE = 240;
const BATCH = 10;
const BATCHES = PEOPLE / BATCH;

/** One that may be asked twice under the same key, and one that may not and tells nothing afterwards. */
const platforms = [
  { channel: 'feishu', repeatsSafely: true },
  { channel: 'dingtalk', repeatsSafely: false },
] as const;

/** A platform that takes one call a second, so that a worker can die in the middle. */
const rulesOf = (channel: string, repeatsSafely: boolean) => ({
  ...easyRules,
  ways: easyRules.ways.map((way) => ({ ...way, batchSize: BATCH, repeatsSafely })),
  latencyMs: 100,
  quotas: [
    {
      name: `${channel} a second`,
      ways: ['send'],
      counts: 'calls' as const,
      per: 'account' as const,
      most: 1,
      window: { seconds: 1 },
      beyond: 'refused' as const,
      source: 'test',
    },
  ],
});

describe.each(['PostgreSQL', 'Redis'] as const)('a notice that goes out with the queue on %s', (engine) => {
  const usable = engine === 'PostgreSQL' || hasRedis;
  const step = usable ? it : it.skip;
  if (!usable) it.skip('is skipped: there is no redis-server on the PATH', () => undefined);
  let database: TestDatabase;
  let dataDir: string;
  let redis: TestRedis | undefined;
  let loopbacks: Loopback[];
  let channels: WorkerChannel[];
  const workers = new Set<ChildProcess>();
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    if (!usable) return;
    database = await testDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-notice-'));
    redis = engine === 'Redis' ? await testRedis() : undefined;
    // A third has a second post, so that the departments of the notice overlap.
    const people = Array.from({ length: PEOPLE }, (_, n) => {
      const [main, second] = n % 2 === 0 ? ['RD', 'SALES'] : ['SALES', 'RD'];
      return `P${n + 1},员工${n + 1},${main},${n % 3 === 0 ? second : ''},,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner`;
    });
    await loadSmall(database.db, new Date().toISOString(), { people });
    await database.pool.query('delete from identities');
    await database.pool.query(
      `insert into identities (channel, account, platform_id, employee_id)
       select case when substr(number, 2)::int % 2 = 0 then 'feishu' else 'dingtalk' end, 'test', number, id from employees`,
    );
    loopbacks = await Promise.all(
      platforms.map(async ({ channel, repeatsSafely }) => startLoopback(rulesOf(channel, repeatsSafely))),
    );
    channels = platforms.map(({ channel, repeatsSafely }, n) => ({
      channel,
      account: 'test',
      rules: rulesOf(channel, repeatsSafely),
      url: loopbacks[n]?.url ?? '',
    }));
  });
  afterEach(async () => {
    for (const child of workers) child.kill('SIGKILL');
    for (const close of closing.splice(0).reverse()) await close();
    for (const loopback of loopbacks ?? []) await loopback.close();
    await redis?.stop();
    await database?.close();
    if (usable) await rm(dataDir, { recursive: true, force: true });
  });

  /** A worker of its own process, as soon as it works. */
  async function hire(): Promise<ChildProcess> {
    const given = { databaseUrl: database.url, redisUrl: redis?.url, dataDir, channels };
    const script = join(import.meta.dirname, '../../chaos/worker-process.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(given)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    workers.add(child);
    child.once('exit', () => workers.delete(child));
    await once(child.stdout, 'data');
    return child;
  }

  /** A web process of its own memory, with what calls its API. */
  async function web() {
    const config = {
      role: 'web' as const,
      clock: 'system' as const,
      sandbox: false,
      dataDir,
      redisUrl: redis?.url,
      behaviour: behaviourSchema.parse({}),
    };
    const app = await createApp({
      config,
      database,
      databaseUrl: database.url,
      secrets: { secretKey: Buffer.alloc(32, 7) },
      log: silentLog,
      channels: () => channels.map((one) => loopbackAdapter({ ...one, tellsForMs: 600_000 })),
    });
    closing.push(() => app.stop());
    const server = await serveWeb({
      app,
      database,
      config: { ...config, publicUrl: 'http://127.0.0.1' },
      secrets: { adminToken: ADMIN_TOKEN },
      log: silentLog,
    });
    closing.push(() => server.close());
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    return async (path: string, body: unknown) => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as { id: string } };
    };
  }

  const states = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await database.pool.query<{ state: string; n: number }>(
          `select d.state, count(*)::int as n from deliveries d join notice_messages m on m.message_id = d.message_id
           group by 1 order by 1`,
        )
      ).rows.map(({ state, n }) => [state, n]),
    );

  async function until(done: () => Promise<boolean> | boolean): Promise<void> {
    while (!(await done())) await pause(50);
  }

  step(
    'reaches each person once: two operators press Send at once, departments overlap, the worker is killed half-way',
    async () => {
      const [one, other] = [await web(), await web()];
      const { body: draft } = await one('/notices', {
        kind: 'document',
        title: '关于停电的通知',
        body: '周五 18:00 停电，请提前保存。',
        issuer: '综合办公室',
        documentNumber: '云办〔2026〕12 号',
        signatories: ['王总'],
        audience: { departments: ['RD', 'SALES', 'ROOT'] },
      });
      await database.pool.query(
        `update notices set state = 'approved', approved_by = prepared_by, reviewed_by = prepared_by`,
      );
      const pressed = await Promise.all([one, other].map((post) => post(`/notices/${draft.id}/send`, {})));
      expect(pressed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);

      const calls = () => loopbacks.reduce((sum, loopback) => sum + loopback.tally().calls, 0);
      const first = await hire();
      await until(() => calls() >= BATCHES / 2);
      first.kill('SIGKILL');
      await once(first, 'exit');
      expect(calls()).toBeLessThan(BATCHES);

      await hire();
      const open = ['planned', 'held', 'queued', 'accepted'];
      await until(async () => !Object.keys(await states()).some((state) => open.includes(state)));

      const total = await states();
      expect(Object.values(total).reduce((sum, n) => sum + n, 0)).toBe(PEOPLE);
      const [safe, unsafe] = loopbacks.map((loopback) => [...loopback.tally().arrived.values()]);
      // Half of the people each. Where a call may be repeated everybody has it, and once.
      expect(safe).toEqual(Array.from({ length: PEOPLE / 2 }, () => 1));
      // Where it may not, a call that was under way is unknown and is not repeated: nobody has it twice.
      expect(new Set(unsafe)).toEqual(new Set([1]));
      const unknown = total['unknown'] ?? 0;
      expect(total['delivered']).toBe(PEOPLE - unknown);
      expect(PEOPLE / 2 - (unsafe?.length ?? 0)).toBeLessThanOrEqual(unknown);
    },
    5 * MINUTES,
  );
});
