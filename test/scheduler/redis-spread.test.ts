import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { defineJob } from '#src/kernel/jobs.ts';
import { silentLog } from '#src/kernel/log.ts';
import { createQueue, queueBackend } from '#src/scheduler/index.ts';
import type { RedisSpread } from '#src/scheduler/redis-client.ts';
import { freePort, hasRedis } from '../support/redis.ts';
import { eventually } from './backends.ts';

const step = hasRedis ? it : it.skip;
const MINUTE = 60_000;
const children: ChildProcess[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuhuo-redis-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

async function server(...more: string[]): Promise<number> {
  const port = await freePort();
  const common = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  children.push(spawn('redis-server', [...common, ...more], { stdio: 'ignore' }));
  await answering(port);
  return port;
}

async function answering(port: number, password?: string): Promise<void> {
  await ask(port, async (client) => client.ping(), password);
}

async function ask<Answer>(
  port: number,
  question: (client: Redis) => Promise<Answer>,
  password = '',
): Promise<Answer> {
  const client = new Redis({
    port,
    host: '127.0.0.1',
    password,
    maxRetriesPerRequest: 40,
    retryStrategy: () => 100,
  });
  client.on('error', () => undefined);
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

/** Puts a job on the queue and works it off. */
async function roundTrip(
  redisUrl: string,
  redisSpread: RedisSpread,
  between?: () => Promise<void>,
): Promise<number[]> {
  const done: number[] = [];
  const job = defineJob({
    name: 'test.count',
    payload: z.object({ n: z.number() }),
    run: async ({ n }) => void done.push(n),
  });
  const backend = queueBackend({ databaseUrl: 'postgres://unused', redisUrl, redisSpread, log: silentLog });
  const queue = createQueue({ backend, jobs: [job], log: silentLog, concurrency: 2 });
  try {
    await queue.start();
    await queue.enqueue([job.with({ n: 1 }), job.with({ n: 2 })]);
    await eventually(async () => done.length === 2);
    if (between !== undefined) {
      await between();
      await eventually(() =>
        queue.enqueue(job.with({ n: 3 })).then(
          () => true,
          () => false,
        ),
      );
      await eventually(async () => done.includes(3));
    }
    return done.sort((a, b) => a - b);
  } finally {
    await queue.close();
    await backend.close();
  }
}

describe('the queue', () => {
  step(
    'runs on a cluster',
    async () => {
      // A node that has met no other does not know its own address, and tells clients an empty one.
      const port = await server(
        '--cluster-enabled',
        'yes',
        '--cluster-config-file',
        join(folder, 'nodes.conf'),
        '--cluster-announce-ip',
        '127.0.0.1',
      );
      await ask(port, async (client) => client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383'));
      await ask(port, async (client) =>
        eventually(async () => String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')),
      );
      expect(await roundTrip('redis://unused', { cluster: [{ host: '127.0.0.1', port }] })).toEqual([1, 2]);
    },
    MINUTE,
  );

  step(
    'follows the sentinels to another primary when the first dies',
    async () => {
      const primary = await server();
      const replica = await server('--replicaof', `127.0.0.1 ${primary}`);
      const sentinel = await freePort();
      await writeFile(
        join(folder, 'sentinel.conf'),
        [
          `port ${sentinel}`,
          'bind 127.0.0.1',
          `sentinel monitor cuhuo 127.0.0.1 ${primary} 1`,
          'sentinel down-after-milliseconds cuhuo 500',
          'sentinel failover-timeout cuhuo 2000',
        ].join('\n'),
      );
      children.push(
        spawn('redis-server', [join(folder, 'sentinel.conf'), '--sentinel'], { stdio: 'ignore' }),
      );
      await answering(sentinel);
      await ask(sentinel, async (client) =>
        eventually(
          async () => ((await client.call('SENTINEL', 'REPLICAS', 'cuhuo')) as unknown[]).length === 1,
        ),
      );
      const spread = { sentinels: [{ host: '127.0.0.1', port: sentinel }], name: 'cuhuo' };
      const done = await roundTrip('redis://unused', spread, async () => {
        children[0]?.kill('SIGKILL');
        await ask(replica, async (client) =>
          eventually(async () => String(await client.info('replication')).includes('role:master')),
        );
      });
      expect(done).toEqual([1, 2, 3]);
    },
    MINUTE,
  );
});
