import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { installedBinaries, usableBinaries } from './binaries.ts';
import { ensureCluster, readOrMakeSecret, setPassword } from './cluster.ts';
import { answers, openDatabase, urlOf } from './connection.ts';
import { hasCode, readIfPresent, writeDurably } from './files.ts';
import { stopLeftovers } from './leftovers.ts';
import { copyRoots, findPlace, makeDataDir, moveIn, pointTo } from './location.ts';
import { type Claim, claim, ownerOf } from './ownership.ts';
import { instead } from './run.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';

export interface EmbeddedPostgres {
  /** postgres://… on 127.0.0.1, with the password: not for logs. */
  readonly url: string;
  /** True when this process started the server and so must stop it. */
  readonly owned: boolean;
  /** Fast shutdown, after 8 s immediate. Leaves a server alone that belongs to another process. A repeat does nothing. */
  readonly stop: () => Promise<void>;
}

export interface EmbeddedPostgresOptions {
  dataDir: string;
  log: (line: string) => void;
  /** Use the server of the Cuhuo process that runs on this data directory, when there is one. */
  share?: boolean;
  /** PostgreSQL settings over the defaults. `fsync: 'off'` also leaves out the wait for the disk in initdb. */
  settings?: Record<string, string>;
  /** Called when the server ends although nobody asked it to. */
  onExit?: (reason: string) => void;
}

const stateSchema = z.object({ port: z.number(), pid: z.number(), owner: z.number(), started: z.string() });

/**
 * Starts the server of `dataDir`, or, with `share: true`, connects to the one which a running Cuhuo process owns.
 * Whatever a killed process or a power cut left behind is recovered; data is never deleted.
 * Rejects with an Error of one sentence, also when another Cuhuo process owns the directory and `share` is not set.
 *
 * @example
 * const postgres = await startEmbeddedPostgres({ dataDir: './var', log: console.log });
 * const pool = new Pool({ connectionString: postgres.url });
 * await postgres.stop();
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32')
    throw new Error(`There is no embedded PostgreSQL on Windows; ${instead}.`);
  try {
    const dataDir = await makeDataDir(options.dataDir);
    const ownerFile = join(dataDir, 'postgres.owner');
    for (;;) {
      const claimed = await claim(ownerFile);
      if (claimed.kind === 'mine') return await startOwned(dataDir, claimed, options);
      if (!options.share) throw alreadyOwned(dataDir, claimed.pid);
      const shared = await connectToRunning(dataDir, claimed.pid);
      if (shared) return shared;
    }
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EBUSY', 'ENOTDIR')) throw error;
    const reason = (error as Error).message;
    throw new Error(
      `The embedded PostgreSQL cannot use ${options.dataDir} (${reason}); fix that or ${instead}.`,
      { cause: error },
    );
  }
}

function alreadyOwned(dataDir: string, pid: number): Error {
  return new Error(
    `Another Cuhuo process (pid ${pid}) is using the database in ${dataDir}; stop it first, or choose another data directory with CUHUO_DATA_DIR.`,
  );
}

async function startOwned(
  dataDir: string,
  claimed: Extract<Claim, { kind: 'mine' }>,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { log } = options;
  const stateFile = join(dataDir, 'postgres.json');
  const claims = [claimed];
  const release = async () => {
    for (const { release } of claims.reverse()) await release();
  };
  let server: Server | undefined;
  try {
    await rm(stateFile, { force: true });
    const place = await findPlace(dataDir, log);
    if (place.home !== dataDir) {
      // two data directories may name the same place when one was copied from the other
      const other = await claim(join(place.home, 'postgres.owner'));
      if (other.kind === 'theirs') throw alreadyOwned(place.home, other.pid);
      claims.push(other);
    }
    await moveIn(dataDir, place, log);
    const native = installedBinaries();
    const binaries = await usableBinaries({
      native,
      runAs: place.runAs,
      copyRoots: copyRoots(dataDir, place.runAs),
      log,
    });
    await stopLeftovers(place.pgdata, log);
    const { password, fresh } = await readOrMakeSecret(join(dataDir, 'postgres.secret'));
    const settings = options.settings ?? {};
    const cluster = await ensureCluster({
      place,
      binaries,
      password,
      sync: settings['fsync'] !== 'off',
      log,
    });
    await pointTo(dataDir, place);
    if (cluster === 'found' && fresh) {
      log('postgres.secret was missing; the database got a new password.');
      await setPassword({ place, binaries, password });
    }
    const serverOptions = { place, binaries, settings, logFile: join(dataDir, 'postgres.log'), log };
    server = await startKnowing(password, serverOptions);
    const { port, pid, ended, stop } = server;
    const state = { port, pid, owner: process.pid, started: new Date().toISOString() };
    await writeDurably(stateFile, `${JSON.stringify(state)}\n`, 0o644);
    let stopped: Promise<void> | undefined;
    const stopAndRelease = async () => {
      await stop();
      await rm(stateFile, { force: true });
      await release();
    };
    void ended.then((reason) => {
      if (stopped) return;
      log(`PostgreSQL (pid ${pid}) ended unexpectedly (${reason}), see ${serverOptions.logFile}.`);
      options.onExit?.(reason);
    });
    return { url: urlOf(port, password), owned: true, stop: () => (stopped ??= stopAndRelease()) };
  } catch (error) {
    await server?.stop();
    await release();
    throw error;
  }
}

/** A cluster that knows another password, such as one restored from a backup, is taught ours. */
async function startKnowing(password: string, options: ServerOptions): Promise<Server> {
  for (const attempt of ['first', 'second']) {
    const server = await startServer(options);
    try {
      if ((await openDatabase(server.port, password)) === 'open') return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
    await server.stop();
    if (attempt === 'second') break;
    options.log('The database did not accept the password in postgres.secret and is given it anew.');
    await setPassword({ place: options.place, binaries: options.binaries, password });
  }
  throw new Error(
    `The database in ${options.place.pgdata} does not accept our password; fix its pg_hba.conf, or ${instead}.`,
  );
}

/** Undefined when the owner has gone before its server answered. The owner may still be starting: up to 60 s. */
async function connectToRunning(dataDir: string, owner: number): Promise<EmbeddedPostgres | undefined> {
  const deadline = performance.now() + 60_000;
  while ((await ownerOf(join(dataDir, 'postgres.owner'))) === owner) {
    const state = await readState(join(dataDir, 'postgres.json'));
    const password = (await readIfPresent(join(dataDir, 'postgres.secret')))?.trim();
    if (state?.owner === owner && password && (await answers(state.port, password)))
      return { url: urlOf(state.port, password), owned: false, stop: async () => undefined };
    if (performance.now() > deadline)
      throw new Error(
        `The Cuhuo process with pid ${owner} owns the database in ${dataDir}, but its server does not answer.`,
      );
    await sleep(100);
  }
  return undefined;
}

async function readState(file: string): Promise<z.infer<typeof stateSchema> | undefined> {
  try {
    return stateSchema.parse(JSON.parse((await readIfPresent(file)) ?? ''));
  } catch {
    return undefined; // not written yet
  }
}
