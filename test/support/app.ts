import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent } from '#src/app/content.ts';
import { type App, type AppOptions, createApp } from '#src/app.ts';
import { behaviourSchema } from '#src/config/behaviour.ts';
import { silentLog } from '#src/kernel/log.ts';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { type TestDatabase, testDatabase } from './database.ts';

export interface TestApp {
  app: App;
  database: TestDatabase;
  dataDir: string;
  config: AppOptions['config'];
  /** Moves the clock; everything that falls due on the way fires. */
  moveTo(instant: string): Promise<void>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** Where the manual clock starts. */
  startAt: string;
  /** A content folder to load, or nothing. */
  content?: string;
  redisUrl?: string | undefined;
  /** What the YAML file would say. */
  behaviour?: object | undefined;
}

/** The whole application on a database of its own, with the sandbox on and the clock in the test's hands. */
export async function testApp(options: TestAppOptions): Promise<TestApp> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-app-'));
  const behaviour = behaviourSchema.parse({ ...options.behaviour, clock: { startAt: options.startAt } });
  const config: AppOptions['config'] = {
    role: 'all',
    clock: 'manual',
    sandbox: true,
    dataDir,
    redisUrl: options.redisUrl,
    behaviour,
  };
  const app = await createApp({
    config,
    database,
    databaseUrl: database.url,
    secrets: { secretKey: Buffer.alloc(32, 7) },
    log: silentLog,
  });
  if (options.content !== undefined) {
    await loadContent(database.db, options.content, {
      at: Temporal.Instant.from(options.startAt),
      zone: 'Asia/Shanghai',
      calendar: workdayCalendar(),
      actor: { kind: 'system', id: 'test' },
      fileRoot: join(dataDir, 'files'),
    });
  }
  await app.refreshSchedules();
  await app.startWorking();
  await app.advance(Temporal.Instant.from(options.startAt));
  return {
    app,
    database,
    dataDir,
    config,
    moveTo: (instant) => app.advance(Temporal.Instant.from(instant)),
    async close() {
      await app.stop();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
