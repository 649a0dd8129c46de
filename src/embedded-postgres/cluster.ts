import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { hasCode, readIfPresent, syncDirectory, timestamp, writeDurably } from './files.ts';
import { giveTo, type Place } from './location.ts';
import { instead, problemIn, run } from './run.ts';

export const user = 'cuhuo';

/** The password in `file`, generated at the first start. `fresh` when it was made now, so that the cluster has to learn it. */
export async function readOrMakeSecret(file: string): Promise<{ password: string; fresh: boolean }> {
  const kept = (await readIfPresent(file))?.trim();
  if (kept) return { password: kept, fresh: false };
  const password = randomBytes(24).toString('base64url');
  await writeDurably(file, `${password}\n`, 0o600);
  return { password, fresh: true };
}

/**
 * Makes sure that there is a cluster at `place.pgdata`. Leftovers of an unfinished initdb are removed: no server ever ran
 * on them. Anything else that is no cluster is moved aside. `sync: false` leaves out the wait for the disk (tests).
 */
export async function ensureCluster(options: {
  place: Place;
  binaries: Binaries;
  password: string;
  sync: boolean;
  log: (line: string) => void;
}): Promise<'found' | 'created'> {
  const { place, binaries, log } = options;
  await removeUnfinished(place.pgdata, log);
  const version = await versionOf(place.pgdata, log);
  if (version === undefined) {
    await initialise(options);
    return 'created';
  }
  if (version !== binaries.major)
    throw new Error(
      `The database in ${place.pgdata} was written by PostgreSQL ${version} and the installed one is ${binaries.major}; install the earlier version of Cuhuo's dependencies, or ${instead}.`,
    );
  const { mode, uid } = await stat(place.pgdata);
  if (place.runAs && uid !== place.runAs.uid) await giveTo(place.pgdata, place.runAs);
  if ((mode & 0o777) !== 0o700) await chmod(place.pgdata, 0o700); // PostgreSQL refuses to start on an open directory
  return 'found';
}

/**
 * Gives the cluster's user this password, through a single-user session, which asks for none. Needed when the secret was
 * lost or is another one's. The server must not be running.
 */
export async function setPassword(options: {
  place: Place;
  binaries: Binaries;
  password: string;
}): Promise<void> {
  const { place, binaries, password } = options;
  const sql = (await hasRole())
    ? `ALTER ROLE ${user} WITH LOGIN SUPERUSER PASSWORD '${password}'\n`
    : `CREATE ROLE ${user} WITH LOGIN SUPERUSER PASSWORD '${password}'\n`;
  await session(sql);

  async function hasRole(): Promise<boolean> {
    return (await session(`SELECT rolname FROM pg_roles WHERE rolname = '${user}'\n`)).includes(`"${user}"`);
  }
  async function session(input: string): Promise<string> {
    const args = ['--single', '-D', place.pgdata, '-c', 'log_min_error_statement=panic', 'postgres'];
    const { code, output } = await run(binaries.postgres, args, { runAs: place.runAs, input });
    if (code !== 0)
      throw new Error(`PostgreSQL did not accept a new password (${problemIn(output)}); ${instead}.`);
    return output;
  }
}

async function removeUnfinished(pgdata: string, log: (line: string) => void): Promise<void> {
  const names = await readdir(dirname(pgdata));
  for (const name of names.filter((name) => name.startsWith(`${basename(pgdata)}.init-`))) {
    const path = join(dirname(pgdata), name);
    try {
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
      log(`Removed ${path}, left over from a first start that was cut short.`);
    } catch {
      log(`${path} is left over from a first start that was cut short and cannot be removed now.`);
    }
  }
}

/** The cluster's major version; undefined, with the place free, when there is no cluster. */
async function versionOf(pgdata: string, log: (line: string) => void): Promise<string | undefined> {
  const found = await stat(pgdata).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (!found) return undefined;
  const self = process.getuid?.();
  if (self !== 0 && found.uid !== self)
    throw new Error(
      `The database in ${pgdata} belongs to another user (uid ${found.uid}); start as that user or as root, or ${instead}.`,
    );
  const version = /^(\d+)(\.\d+)?\s*$/.exec((await readIfPresent(join(pgdata, 'PG_VERSION'))) ?? '')?.[1];
  if (version) return version;
  if (found.isDirectory() && (await readdir(pgdata)).length === 0) {
    await rmdir(pgdata);
    return undefined;
  }
  const aside = `${pgdata}.moved-${timestamp()}`;
  await rename(pgdata, aside);
  log(`${pgdata} is no PostgreSQL database (PG_VERSION is missing or unreadable) and was moved to ${aside}.`);
  return undefined;
}

/** initdb works in a directory of its own, which is renamed when complete. */
async function initialise(options: {
  place: Place;
  binaries: Binaries;
  password: string;
  sync: boolean;
  log: (line: string) => void;
}): Promise<void> {
  const { place, binaries, password, sync, log } = options;
  log(`Creating the database in ${place.pgdata}.`);
  const draft = `${place.pgdata}.init-${randomUUID()}`;
  try {
    await mkdir(draft, { mode: 0o700 });
    const secret = join(draft, 'password');
    await writeFile(secret, `${password}\n`, { mode: 0o600 });
    if (place.runAs) {
      await chown(secret, place.runAs.uid, place.runAs.gid);
      await chown(draft, place.runAs.uid, place.runAs.gid);
    }
    const access = ['-U', user, '--pwfile', secret, '--auth', 'scram-sha-256'];
    // built into PostgreSQL, hence the same order and the same letters on every machine
    const locale = ['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'];
    const args = ['-D', join(draft, 'data'), ...access, '--encoding', 'UTF8', ...locale];
    const { code, output } = await run(binaries.initdb, sync ? args : [...args, '--no-sync'], {
      runAs: place.runAs,
    });
    if (code !== 0)
      throw new Error(`PostgreSQL's initdb failed (${problemIn(output)}); fix that or ${instead}.`);
    await rename(join(draft, 'data'), place.pgdata);
    await syncDirectory(dirname(place.pgdata));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
