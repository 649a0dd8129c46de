import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, loadConfig } from '../config.ts';
import { startEmbeddedPostgres } from '../embedded-postgres/index.ts';
import { type Database, migrateDatabase, openDatabase } from '../kernel/db.ts';
import { createLog, type Log } from '../kernel/log.ts';
import { packagePath } from '../kernel/package-path.ts';

export interface OpenedDatabase {
  database: Database;
  databaseUrl: string;
  /** Which PostgreSQL it is, for the log. */
  kind: 'embedded' | 'given';
  close(): Promise<void>;
}

/** The database of the configuration, migrated: the given one, else our own in the data directory. */
export async function openConfiguredDatabase(
  config: Config,
  options: { share: boolean; log: (line: string) => void; onExit?: (reason: string) => void },
): Promise<OpenedDatabase> {
  const server =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({
          dataDir: config.dataDir,
          log: options.log,
          share: options.share,
          ...(options.onExit === undefined ? {} : { onExit: options.onExit }),
        })
      : undefined;
  const databaseUrl = config.databaseUrl ?? (server?.url as string);
  try {
    await migrateDatabase(databaseUrl, packagePath('config/migrations'));
  } catch (error) {
    await server?.stop();
    throw error;
  }
  const database = openDatabase(databaseUrl);
  return {
    database,
    databaseUrl,
    kind: server === undefined ? 'given' : 'embedded',
    async close() {
      await database.close();
      await server?.stop();
    },
  };
}

export interface CommandContext extends OpenedDatabase {
  config: Config;
  log: Log;
}

/** For commands that do one thing: beside a running server they use its database. */
export async function withDatabase<Result>(
  work: (context: CommandContext) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig(process.env);
  await mkdir(config.dataDir, { recursive: true });
  const log = createLog('warn');
  const opened = await openConfiguredDatabase(config, { share: true, log: (line) => log.info(line) });
  try {
    return await work({ ...opened, config, log });
  } finally {
    await opened.close();
  }
}

/** Where the senders read file messages, exports among them. */
export function filesFolder(dataDir: string): string {
  return join(dataDir, 'files');
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
