import { type App, createApp } from '#src/app.ts';
import { behaviourSchema } from '#src/config/behaviour.ts';
import { type Database, openDatabase } from '#src/kernel/db.ts';
import { silentLog } from '#src/kernel/log.ts';

export interface ApplicationPlace {
  databaseUrl: string;
  dataDir: string;
  redisUrl: string | undefined;
  /** Where the manual clock stands. */
  now: string;
}

/** The application at work in a process of its own, on the database of the test. */
export async function application({
  databaseUrl,
  dataDir,
  redisUrl,
  now,
}: ApplicationPlace): Promise<{ app: App; database: Database }> {
  const database = openDatabase(databaseUrl, { maxConnections: 8 });
  const app = await createApp({
    config: {
      role: 'all',
      clock: 'manual',
      sandbox: true,
      dataDir,
      redisUrl,
      behaviour: behaviourSchema.parse({ clock: { startAt: now } }),
    },
    database,
    databaseUrl,
    secrets: { secretKey: Buffer.alloc(32, 7) },
    log: silentLog,
  });
  await app.startWorking();
  return { app, database };
}
