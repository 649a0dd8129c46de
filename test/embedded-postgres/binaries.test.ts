import { chmod, cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { installedBinaries, usableBinaries } from '#src/embedded-postgres/binaries.ts';
import { chooseRunAs } from '#src/embedded-postgres/run-as.ts';
import { itAsOrdinaryUser, itAsRoot } from './support.ts';

const lines: string[] = [];
const log = (line: string) => void lines.push(line);
let base = '';
let native = '';

/** An installation without the links that the install script makes. */
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'cuhuo-binaries-'));
  await chmod(base, 0o755);
  native = join(base, 'package', 'native');
  await cp(installedBinaries(), native, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) =>
      !/\.a$|postgresql\/(tsearch_data|timezone|[^/]*\.so)/.test(path.slice(path.indexOf('native'))),
  });
  for (const { target } of await links()) await rm(join(base, 'package', target), { force: true });
});

afterEach(async () => {
  await chmod(join(base, 'package'), 0o755);
  await chmod(join(native, 'lib'), 0o755);
  await rm(base, { recursive: true });
});

async function links(): Promise<{ target: string }[]> {
  return JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
}

async function open(runAs: Awaited<ReturnType<typeof chooseRunAs>>) {
  return usableBinaries({ native, runAs, copyRoots: [join(base, 'copies')], log });
}

it('mends the library links of an installation whose install scripts were blocked', async () => {
  const found = await open(await chooseRunAs(join(base, 'none'), log));
  expect(found).toMatchObject({ postgres: join(native, 'bin', 'postgres'), major: '18' });
  for (const { target } of await links())
    expect((await stat(join(base, 'package', target))).isFile()).toBe(true);
});

itAsRoot(
  'makes one copy when the installation cannot be reached by the server, and uses it again',
  async () => {
    const runAs = await chooseRunAs(join(base, 'none'), log);
    await chmod(join(base, 'package'), 0o700);
    const found = await open(runAs);
    expect(found.postgres.startsWith(join(base, 'copies'))).toBe(true);
    const { ino } = await stat(found.postgres);
    expect((await stat((await open(runAs)).postgres)).ino).toBe(ino);
    expect(await readdir(join(base, 'copies'))).toHaveLength(1);
  },
);

itAsOrdinaryUser('makes a mended copy when the installation cannot be written', async () => {
  await chmod(join(native, 'lib'), 0o555);
  const found = await open(undefined);
  expect(found.postgres.startsWith(join(base, 'copies'))).toBe(true);
});

it('names DATABASE_URL when the binaries do not run on this machine', async () => {
  await rm(join(native, 'bin', 'postgres'));
  await expect(open(undefined)).rejects.toThrow(/cannot be run here .*set DATABASE_URL to a PostgreSQL ≥ 14/);
});
