import { createHash, randomUUID } from 'node:crypto';
import { chmod, cp, lstat, realpath, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  hasCode,
  makeOpenDirectory,
  readIfPresent,
  syncDirectory,
  timestamp,
  writeDurably,
} from './files.ts';
import { instead, type RunAs, run } from './run.ts';
import { canEnter, chooseRunAs } from './run-as.ts';

export interface Place {
  /** The cluster's directory as the kernel names it; absent before the first start. */
  pgdata: string;
  /** The directory that holds it: the data directory, or one elsewhere when that is closed to the server's user. */
  home: string;
  runAs: RunAs | undefined;
}

/** Where root may put things that an unprivileged user has to reach. None is emptied by the system. */
const openRoots = ['/var/lib/cuhuo', '/opt/cuhuo', '/srv/cuhuo'];

/** Creates the data directory where needed and names it without symbolic links, so that it has one identity. */
export async function makeDataDir(path: string): Promise<string> {
  await makeOpenDirectory(path);
  return realpath(path);
}

/** Where copies of the binaries may go. */
export function copyRoots(dataDir: string, runAs: RunAs | undefined): string[] {
  return runAs ? openRoots.map((root) => join(root, 'binaries')) : [join(dataDir, 'postgres.binaries')];
}

/**
 * Decides where the cluster lies and who runs it. `postgres.location` in the data directory holds its path when that is
 * elsewhere. Nothing is moved yet, see `moveIn`.
 */
export async function findPlace(dataDir: string, log: (line: string) => void): Promise<Place> {
  const local = join(dataDir, 'postgres');
  const pointer = (await readIfPresent(join(dataDir, 'postgres.location')))?.trim();
  if (pointer) {
    const source = (await exists(pointer)) ? pointer : local;
    if (!(await exists(source)))
      throw new Error(
        `${join(dataDir, 'postgres.location')} names ${pointer}, which is gone; bring it back, or remove that file to begin with an empty database, or ${instead}.`,
      );
    const runAs = await chooseRunAs(source, log);
    return { pgdata: await canonical(pointer), home: dirname(pointer), runAs };
  }
  const pgdata = await canonical(local);
  const runAs = await chooseRunAs(pgdata, log);
  if ((await canEnter(dataDir, runAs)) && (await canEnter(dirname(pgdata), runAs)))
    return { pgdata, home: dataDir, runAs };
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  for (const root of openRoots) {
    const home = join(root, hash);
    try {
      await makeOpenDirectory(home);
    } catch {
      continue;
    }
    if (await canEnter(home, runAs)) return { pgdata: join(home, 'postgres'), home, runAs };
  }
  const why = (await canEnter('/', runAs))
    ? `no other user can get into ${dataDir}; choose a data directory that is not private`
    : 'switching to another user is forbidden here; start as an ordinary user';
  throw new Error(`PostgreSQL refuses to run as root, and ${why}, or ${instead}.`);
}

/** Brings a cluster that lies in a data directory closed to its user to its new place. A repeat goes on where it stopped. */
export async function moveIn(dataDir: string, place: Place, log: (line: string) => void): Promise<void> {
  if (place.home === dataDir) return;
  const local = join(dataDir, 'postgres');
  const pointed = (await readIfPresent(join(dataDir, 'postgres.location'))) !== undefined;
  if (!pointed && (await exists(place.pgdata))) {
    const aside = `${place.pgdata}.unlinked-${timestamp()}`;
    await rename(place.pgdata, aside);
    log(`${place.pgdata} belonged to an earlier data directory of the same name and was moved to ${aside}.`);
  }
  if ((await exists(place.pgdata)) || !(await exists(local))) return;
  await pointTo(dataDir, place);
  try {
    await rename(local, place.pgdata);
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error;
    await copyAcross(local, place);
    await rename(local, `${local}.moved-${timestamp()}`);
  }
  await syncDirectory(place.home);
  log(`The database was moved from ${local} to ${place.pgdata}, where PostgreSQL's user can reach it.`);
}

/** Leaves word of where the cluster lies. */
export async function pointTo(dataDir: string, place: Place): Promise<void> {
  if (place.home !== dataDir)
    await writeDurably(join(dataDir, 'postgres.location'), `${place.pgdata}\n`, 0o644);
}

/** The name is one that counts as half-finished, until it is renamed. */
async function copyAcross(local: string, place: Place): Promise<void> {
  const draft = `${place.pgdata}.init-${randomUUID()}`;
  await cp(local, draft, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  if (place.runAs) await giveTo(draft, place.runAs);
  await chmod(draft, 0o700);
  await run('sync', []);
  await rename(draft, place.pgdata);
}

/** Hands a tree to the server's user; symbolic links are not followed. */
export async function giveTo(path: string, runAs: RunAs): Promise<void> {
  const { code, output } = await run('chown', ['-Rh', `${runAs.uid}:${runAs.gid}`, path]);
  if (code !== 0)
    throw new Error(`${path} cannot be given to PostgreSQL's user (${output.trim()}); ${instead}.`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function canonical(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES')) return path;
    throw error;
  }
}
