import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { hasRedis, testRedis } from '../support/redis.ts';
import type { ApplicationPlace } from './application.ts';

export const engines = ['PostgreSQL', 'Redis'] as const;
export type Engine = (typeof engines)[number];
export const isUsable = (engine: Engine): boolean => engine === 'PostgreSQL' || hasRedis;

export interface Place {
  database: TestDatabase;
  /** What a process of the application is told. */
  of(now: string): ApplicationPlace;
  /** A script of this folder as a process of its own, with one word of JSON. */
  start(script: string, given: object): { child: ChildProcess; lines: Interface; gone: Promise<unknown> };
  /** Kills whoever is left, and clears up. */
  leave(): Promise<void>;
}

/** Where processes live that are killed: a database, a data folder and, where the queue is there, a Redis. */
export async function place(engine: Engine): Promise<Place> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-breakage-'));
  const redis = engine === 'Redis' ? await testRedis() : undefined;
  const children = new Set<ChildProcess>();
  return {
    database,
    of: (now) => ({ databaseUrl: database.url, dataDir, redisUrl: redis?.url, now }),
    start(script, given) {
      const path = join(import.meta.dirname, script);
      const child = spawn(process.execPath, ['--import', 'tsx', path, JSON.stringify(given)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.add(child);
      child.once('exit', () => children.delete(child));
      return { child, lines: createInterface({ input: child.stdout }), gone: once(child, 'exit') };
    },
    async leave() {
      for (const child of children) child.kill('SIGKILL');
      await redis?.stop();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
