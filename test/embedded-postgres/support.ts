import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from '@jest/globals';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#src/embedded-postgres/index.ts';
import { stopLeftovers } from '#src/embedded-postgres/leftovers.ts';
import { startOf } from '#src/embedded-postgres/processes.ts';

export const isRoot = process.getuid?.() === 0;

/** A test that only root can run; elsewhere the report says why it was skipped. */
export function itAsRoot(name: string, test: () => Promise<void>): void {
  if (isRoot) it(`as root, ${name}`, test);
  else it.skip(`as root, ${name} (skipped: these tests do not run as root)`, test);
}

/** The opposite: root may do what this test wants forbidden. */
export function itAsOrdinaryUser(name: string, test: () => Promise<void>): void {
  if (!isRoot) it(`as an ordinary user, ${name}`, test);
  else it.skip(`as an ordinary user, ${name} (skipped: these tests run as root)`, test);
}

/** Directories, servers and processes of one test file: `endAll` after each test, `removeAll` after the last. */
export function workshop() {
  const directories: string[] = [];
  const servers: EmbeddedPostgres[] = [];
  const keepers: ChildProcess[] = [];
  let used: string | undefined;

  /** A data directory that other users can reach, as a checkout outside private homes is. */
  async function dataDir(): Promise<string> {
    const base = await realpath(await mkdtemp(join(tmpdir(), 'cuhuo-embedded-')));
    directories.push(base);
    if (isRoot) await chmod(base, 0o755);
    await mkdir(join(base, 'var'));
    return join(base, 'var');
  }

  /** One that has been started before, the same for every test, since the first start takes a second. */
  async function usedDataDir(): Promise<string> {
    if (used) return used;
    used = await dataDir();
    await (await start(used)).stop();
    return used;
  }

  async function start(dir: string, options: { share?: boolean; onExit?: (reason: string) => void } = {}) {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const server = await startEmbeddedPostgres({ dataDir: dir, log, settings: { fsync: 'off' }, ...options });
    servers.push(server);
    return { ...server, lines };
  }

  /** Another Cuhuo process on the same data directory. */
  async function keeper(dir: string, ...args: string[]) {
    const script = new URL('./keeper.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--import', 'tsx', script, dir, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    keepers.push(child);
    if (!child.stdout) throw new Error('the keeper has no output');
    for await (const line of createInterface(child.stdout))
      return { child, ...(JSON.parse(line) as { url?: string; owned?: boolean; problem?: string }) };
    throw new Error('the keeper said nothing');
  }

  async function endAll(): Promise<void> {
    for (const server of servers.splice(0)) await server.stop();
    for (const child of keepers.splice(0)) await kill(child);
    for (const directory of directories)
      await stopLeftovers(await pgdataOf(join(directory, 'var')), () => {});
  }

  async function removeAll(): Promise<void> {
    for (const directory of directories.splice(0)) {
      const pgdata = await pgdataOf(join(directory, 'var'));
      if (pgdata.startsWith('/var/lib/cuhuo/')) await rm(join(pgdata, '..'), { recursive: true });
      await rm(directory, { recursive: true });
    }
  }

  return { dataDir, usedDataDir, start, keeper, endAll, removeAll };
}

/** As a power cut or the kernel's memory killer would. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export async function pgdataOf(dir: string): Promise<string> {
  const elsewhere = await readFile(join(dir, 'postgres.location'), 'utf8').catch(() => '');
  return elsewhere.trim() || join(dir, 'postgres');
}

/** The pid in the first line of postmaster.pid. */
export async function serverPid(dir: string): Promise<number> {
  return Number((await readFile(join(await pgdataOf(dir), 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

export async function isRunning(pid: number): Promise<boolean> {
  return (await startOf(pid)) !== undefined;
}

export async function query(url: string | undefined, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

/** Puts a note into the database, for `notes` to find after whatever happens in between. */
export async function leaveNote(url: string | undefined): Promise<void> {
  await query(url, 'DROP TABLE IF EXISTS notes');
  await query(url, "CREATE TABLE notes AS SELECT '打卡' AS text");
}

export async function notes(url: string | undefined): Promise<unknown[]> {
  return query(url, 'SELECT text FROM notes');
}

/** What lies in a directory whose name starts so. */
export async function named(directory: string, start: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.startsWith(start));
}
