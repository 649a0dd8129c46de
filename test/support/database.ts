import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Database, openDatabase } from '#src/kernel/db.ts';
import { databaseUrl, TEMPLATE } from './test-server.ts';

export interface TestDatabase extends Database {
  url: string;
}

/** A fresh migrated database for one test file; `close` drops it. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_POSTGRES'];
  if (server === undefined) throw new Error('test/support/global-setup.mjs has not run');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${TEMPLATE}`);
  const url = databaseUrl(server, name);
  const database = openDatabase(url, { maxConnections: 10 });
  return {
    ...database,
    url,
    async close() {
      await database.close();
      await onServer(server, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Whether some transaction in this database waits for another one. */
export async function isAwaited({ pool }: Pick<Database, 'pool'>): Promise<boolean> {
  const { rows } = await pool.query(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    // Two files may clone the template at once, and PostgreSQL refuses a template that somebody is copying.
    await client.query('select pg_advisory_lock(1)');
    await client.query(statement);
  } finally {
    await client.end();
  }
}
