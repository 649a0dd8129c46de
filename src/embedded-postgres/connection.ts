import pg from 'pg';
import { user } from './cluster.ts';
import { hasCode } from './files.ts';

const database = 'cuhuo';
const wrongPassword = '28P01';
const noSuchDatabase = '3D000';

/** Never to be logged: it holds the password. */
export function urlOf(port: number, password: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/** Connects and creates the database when it is not there yet. `wrong-password` when the cluster knows another one. */
export async function openDatabase(port: number, password: string): Promise<'open' | 'wrong-password'> {
  try {
    await ask(port, password, database, 'SELECT 1');
  } catch (error) {
    if (hasCode(error, wrongPassword)) return 'wrong-password';
    if (!hasCode(error, noSuchDatabase)) throw error;
    await ask(port, password, 'postgres', `CREATE DATABASE ${database}`);
  }
  return 'open';
}

/** Whether our database answers there. */
export async function answers(port: number, password: string): Promise<boolean> {
  try {
    await ask(port, password, database, 'SELECT 1');
    return true;
  } catch {
    return false;
  }
}

async function ask(port: number, password: string, name: string, sql: string): Promise<void> {
  const target = { host: '127.0.0.1', port, user, password, database: name, ssl: false };
  const client = new pg.Client({ ...target, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}
