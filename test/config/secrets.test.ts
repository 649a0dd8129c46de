import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { loadSecrets } from '#src/kernel/secrets.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-secrets-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

it('makes secrets once and finds them again', async () => {
  const first = await loadSecrets(join(dataDir, 'deep'), {});
  expect(first.generated).toBe(true);
  expect(first.secretKey).toHaveLength(32);
  expect(first.adminToken.length).toBeGreaterThanOrEqual(43);
  expect(await loadSecrets(join(dataDir, 'deep'), {})).toEqual({ ...first, generated: false });
});

it('lets only the owner read them, also after somebody loosened the mode', async () => {
  const path = join(dataDir, 'secrets.json');
  await loadSecrets(dataDir, {});
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const content = await readFile(path);
  await rm(path);
  await writeFile(path, content, { mode: 0o644 });
  await loadSecrets(dataDir, {});
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('writes no file when both are given', async () => {
  const secretKey = Buffer.alloc(32);
  expect(await loadSecrets(dataDir, { adminToken: 'mine', secretKey })).toEqual({
    adminToken: 'mine',
    secretKey,
    generated: false,
  });
  expect(await readdir(dataDir)).toEqual([]);
});

it('prefers what is given to what is kept', async () => {
  const kept = await loadSecrets(dataDir, {});
  expect(await loadSecrets(dataDir, { adminToken: 'mine' })).toMatchObject({
    adminToken: 'mine',
    secretKey: kept.secretKey,
  });
});

it('agrees among processes that start at once, and leaves no draft behind', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => loadSecrets(dataDir, {})));
  expect(new Set(all.map(({ adminToken }) => adminToken)).size).toBe(1);
  expect(all.filter(({ generated }) => generated)).toHaveLength(1);
  expect(await readdir(dataDir)).toEqual(['secrets.json']);
});

it.each(['', '{', '{"adminToken":""}'])(
  'refuses a damaged file %p instead of making new secrets',
  async (content) => {
    await writeFile(join(dataDir, 'secrets.json'), content);
    await expect(loadSecrets(dataDir, {})).rejects.toThrow(/secrets\.json: is damaged/);
  },
);
