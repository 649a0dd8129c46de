import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, open, readFile, rename, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { readIfPresent } from './files.ts';
import { stopLeftovers } from './leftovers.ts';
import type { Place } from './location.ts';
import { clusterName } from './processes.ts';
import { instead, problemIn, spawnOptions } from './run.ts';

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** Resolves with the reason when the server has ended, wanted or not. */
  readonly ended: Promise<string>;
  /** Fast shutdown (open transactions are rolled back), after 8 s immediate shutdown. A repeat waits for the same end. */
  readonly stop: () => Promise<void>;
}

export interface ServerOptions {
  place: Place;
  binaries: Binaries;
  settings: Record<string, string>;
  logFile: string;
  log: (line: string) => void;
  /** A port that is free now. It may be taken before PostgreSQL binds it; then the next one is tried. */
  choosePort?: () => Promise<number>;
}

const defaults = {
  shared_buffers: '128MB',
  max_connections: '100',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // their paths may be too long
};
const logLimitBytes = 16 * 1024 * 1024;
const quietLimitMs = 60_000;

const children = new Set<ChildProcess>();

/** Starts PostgreSQL on an existing cluster and resolves once it takes connections. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { place, logFile, log } = options;
  await rotate(logFile);
  const deadline = performance.now() + 30_000;
  for (;;) {
    const port = await (options.choosePort ?? freePort)();
    const from = (await stat(logFile).catch(() => ({ size: 0 }))).size;
    const server = await launch(options, port);
    const problem = await untilReady(server, options, from);
    if (problem === undefined) return server;
    await server.stop();
    const portTaken = /could not bind|could not create any TCP\/IP/.test(problem);
    // children of a killed server that have not noticed yet that it is gone
    const dying = /shared memory block .* is still in use|lock file .* already exists/.test(problem);
    if ((!portTaken && !dying) || performance.now() > deadline)
      throw new Error(
        `PostgreSQL did not start (${problemIn(problem)}), see ${logFile}; fix that or ${instead}.`,
      );
    if (dying) {
      await sleep(500);
      await stopLeftovers(place.pgdata, log);
    }
  }
}

/** The server gets a process group of its own: Ctrl-C in the terminal is for us, who drain first and then stop it. */
async function launch(options: ServerOptions, port: number): Promise<Server & { failed: () => boolean }> {
  const { place, binaries, settings, logFile } = options;
  const all = { ...defaults, ...settings, port: String(port), cluster_name: clusterName(place.pgdata) };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = await open(logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(binaries.postgres, ['-D', place.pgdata, ...args], {
      ...spawnOptions(place.runAs),
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
  } finally {
    await output.close();
  }
  let over = false;
  const ended = new Promise<string>((resolve) => {
    const end = (reason: string) => {
      over = true;
      children.delete(child);
      clearInterval(watch);
      resolve(reason);
    };
    const watch = setInterval(() => void keepSmall(logFile), 60_000).unref();
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  stopAtExit(child);
  child.unref();

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    for (const [signal, waitMs] of [
      ['SIGINT', 8000],
      ['SIGQUIT', 6000],
      ['SIGKILL', 3000],
    ] as const) {
      if (over) return;
      child.kill(signal);
      await withinMs(ended, waitMs);
    }
  };
  return { port, pid: child.pid ?? 0, ended, failed: () => over, stop: () => (stopping ??= stop()) };
}

/** A process that exits without having called `stop` takes its server along. */
function stopAtExit(child: ChildProcess): void {
  if (children.size === 0 && !process.listeners('exit').includes(interruptAll))
    process.on('exit', interruptAll);
  children.add(child);
}

function interruptAll(): void {
  for (const child of children) child.kill('SIGINT');
}

/**
 * Waits for the word `ready` in the eighth line of postmaster.pid. Resolves to undefined then, or to what PostgreSQL wrote
 * when it ended instead, or when it wrote nothing for a minute (crash recovery writes its progress every 10 s).
 */
async function untilReady(
  server: Server & { failed: () => boolean },
  options: ServerOptions,
  from: number,
): Promise<string | undefined> {
  const { place, logFile, log } = options;
  const begun = performance.now();
  let said = false;
  let size = from;
  let heardAt = begun;
  for (;;) {
    if (server.failed()) return (await textFrom(logFile, from)) || (await server.ended);
    const lines = ((await readIfPresent(join(place.pgdata, 'postmaster.pid'))) ?? '').split('\n');
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return undefined;
    const now = performance.now();
    if (now - begun > 3000 && !said) {
      said = true;
      log('PostgreSQL is taking long to start; after a crash it first goes through its journal.');
    }
    const grown = (await stat(logFile)).size;
    if (grown !== size) [size, heardAt] = [grown, now];
    if (now - heardAt > quietLimitMs) return `it was not ready after ${Math.round((now - begun) / 1000)} s`;
    await sleep(20);
  }
}

async function textFrom(logFile: string, from: number): Promise<string> {
  return (await readFile(logFile)).subarray(from).toString('utf8');
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gives no free port on 127.0.0.1.'));
      });
    });
  });
}

/** One earlier log is kept. */
async function rotate(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  if (size > 1024 * 1024) await rename(logFile, `${logFile}.1`);
}

/** While the server runs it holds the file open and appends, so the file is emptied in place. */
async function keepSmall(logFile: string): Promise<void> {
  try {
    if ((await stat(logFile)).size < logLimitBytes) return;
    await copyFile(logFile, `${logFile}.1`);
    await truncate(logFile);
  } catch {
    // the disk is full or the file is gone: the next minute may be better
  }
}

async function withinMs(promise: Promise<unknown>, waitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([promise, new Promise((resolve) => (timer = setTimeout(resolve, waitMs)))]);
  clearTimeout(timer);
}
