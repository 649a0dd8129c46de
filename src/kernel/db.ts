import { type SQL, sql } from 'drizzle-orm';
import { drizzle, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { PgColumn, PgDatabase } from 'drizzle-orm/pg-core';
import pg from 'pg';

/** A database handle: the pool itself or one transaction of it. */
export type Db = PgDatabase<NodePgQueryResultHKT, Record<string, never>>;

/**
 * `column = any(…)`: one parameter however many ids, where `inArray` takes one for each, which must be written, parsed and
 * planned anew for every length of the list.
 */
export function isOneOf(column: PgColumn, ids: readonly string[]): SQL {
  return sql`${column} = any(${sql.param([...ids])}::uuid[])`;
}

/** Columns keep PostgreSQL's own text for dates and times; `kernel/columns.ts` gives them their types. */
const AS_TEXT = new Set<number>([
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMPTZ,
  pg.types.builtins.TIMESTAMP,
]);
const asIs = (value: string): string => value;

export interface Database {
  db: Db;
  pool: pg.Pool;
  close(): Promise<void>;
}

export function openDatabase(
  url: string,
  options: { maxConnections?: number; onError?: (error: Error) => void } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 20,
    connectionTimeoutMillis: 10_000,
    options: '-c TimeZone=UTC',
    types: {
      getTypeParser: ((oid: number, format: 'text') =>
        AS_TEXT.has(oid) ? asIs : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  });
  // A connection may die at any moment, also between two statements of a transaction, when neither the pool nor a
  // query listens: without a listener of our own it would end the process. The pool replaces it; the query in hand,
  // or the next one, fails by itself.
  const heard = options.onError ?? (() => undefined);
  pool.on('error', heard);
  pool.on('connect', (client) => client.on('error', heard));
  return { db: drizzle({ client: pool }) as unknown as Db, pool, close: () => pool.end() };
}

const MIGRATION_LOCK = 7_220_771;

/** Brings the schema up to date. Several processes may call it at once: one works, the others wait. */
export async function migrateDatabase(url: string, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const db = drizzle({ client });
    await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrate(db, { migrationsFolder: folder });
  } finally {
    await client.end();
  }
}
