import { sql } from 'drizzle-orm';
import { silentLog } from '#src/kernel/log.ts';
import { type QueueBackend, queueBackend } from '#src/scheduler/index.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { hasRedis, testRedis } from '../support/redis.ts';

/** What each suite here runs over. Where there is no Redis, `withoutRedis` says so in the report. */
export const backends: readonly ('postgres' | 'redis')[] = hasRedis ? ['postgres', 'redis'] : ['postgres'];
export const withoutRedis = !hasRedis;

export interface TestBackend {
  database: TestDatabase;
  redisUrl: string | undefined;
  /** A backend as one process has it; all of them are closed at the end. */
  open(): QueueBackend;
  /** Loses everything the queues hold. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export async function testBackend(kind: 'postgres' | 'redis'): Promise<TestBackend> {
  const database = await testDatabase();
  const redis = kind === 'redis' ? await testRedis() : undefined;
  const opened: QueueBackend[] = [];
  return {
    database,
    redisUrl: redis?.url,
    open() {
      const backend = queueBackend({ databaseUrl: database.url, redisUrl: redis?.url, log: silentLog });
      opened.push(backend);
      return backend;
    },
    async flush() {
      if (redis === undefined) await database.db.execute(sql`delete from bullmq.job`);
      else await redis.flush();
    },
    async close() {
      for (const backend of opened) await backend.close();
      await redis?.stop();
      await database.close();
    },
  };
}

/** Waits until `look` finds something. The test's own time limit ends it. */
export async function eventually<Found>(look: () => Promise<Found | undefined | false>): Promise<Found> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
