import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** Whether a real Redis can be started here. Where it cannot, tests say so by name instead of passing silently. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

if (!hasRedis && process.env['CI'] === 'true')
  throw new Error('CI installs redis-server, but it is not there');

export interface TestRedis {
  url: string;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis of this test file alone, on a free port, that keeps nothing. */
export async function testRedis(): Promise<TestRedis> {
  const port = await freePort();
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'],
    {
      stdio: 'ignore',
    },
  );
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await client.connect().catch(() => undefined);
  for (let tries = 0; tries < 100 && client.status !== 'ready'; tries += 1) await sleep(50);
  return {
    url,
    async flush() {
      await client.flushall();
    },
    async stop() {
      client.disconnect();
      child.kill();
      await once(child, 'exit');
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
