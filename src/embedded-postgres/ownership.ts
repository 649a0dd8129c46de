import { randomUUID } from 'node:crypto';
import { link, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { hasCode, readIfPresent } from './files.ts';
import { eventually, startOf } from './processes.ts';
import { run } from './run.ts';

const ownerSchema = z.object({
  token: z.string(),
  pid: z.number(),
  /** Start of that process, so that a recycled pid is not mistaken for it. */
  started: z.string(),
  /** The start of the machine, because pids and start times begin anew with it. */
  boot: z.string(),
  /** Host and pid namespace: elsewhere, such as in another container on the same volume, a pid says nothing. */
  place: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

export type Claim = { kind: 'mine'; release: () => Promise<void> } | { kind: 'theirs'; pid: number };

const heartbeatMs = 2000;

/**
 * Claims what `file` stands for, for as long as this process lives. A claim of a process that has died is taken over.
 * The file appears complete or not at all (it is linked into place), and only one process can link it.
 */
export async function claim(file: string): Promise<Claim> {
  const mine: Owner = { token: randomUUID(), pid: process.pid, ...(await whereAndWhen()) };
  for (;;) {
    if (await linkInto(file, mine)) return { kind: 'mine', release: keep(file, mine) };
    const seen = await readIfPresent(file);
    if (seen === undefined) continue;
    const owner = parse(seen);
    if (owner && (await isAlive(owner, file))) return { kind: 'theirs', pid: owner.pid };
    await removeStale(file, seen);
  }
}

/** The pid of the living process that holds the claim. */
export async function ownerOf(file: string): Promise<number | undefined> {
  const owner = parse((await readIfPresent(file)) ?? '');
  return owner && (await isAlive(owner, file)) ? owner.pid : undefined;
}

function parse(text: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined; // cut short by a power cut: nobody is alive who wrote it
  }
}

async function linkInto(file: string, owner: Owner): Promise<boolean> {
  const draft = `${file}.${owner.token}`;
  try {
    await writeFile(draft, JSON.stringify(owner), { flag: 'wx', mode: 0o644 });
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes the file away only when it still is the one judged stale; another process may have been faster. */
async function removeStale(file: string, judged: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  try {
    if ((await readFile(aside, 'utf8')) !== judged) await link(aside, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function keep(file: string, mine: Owner): () => Promise<void> {
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, heartbeatMs).unref();
  return async () => {
    clearInterval(beat);
    if (parse((await readIfPresent(file)) ?? '')?.token === mine.token) await rm(file, { force: true });
  };
}

async function isAlive(owner: Owner, file: string): Promise<boolean> {
  const here = await whereAndWhen();
  if (owner.place !== here.place) return beats(file);
  return owner.boot === here.boot && (await startOf(owner.pid)) === owner.started;
}

/** For an owner whose pid we cannot look up: whether it touches its file. */
async function beats(file: string): Promise<boolean> {
  const touched = async () => (await stat(file).catch(() => undefined))?.mtimeMs;
  const before = await touched();
  if (before === undefined || Date.now() - before > 600_000) return false;
  return eventually(async () => {
    const now = await touched();
    return now !== undefined && now !== before;
  }, heartbeatMs * 2.5);
}

async function whereAndWhen(): Promise<Pick<Owner, 'started' | 'boot' | 'place'>> {
  const linux = process.platform === 'linux';
  const boot = linux
    ? await readIfPresent('/proc/sys/kernel/random/boot_id')
    : (await run('sysctl', ['-n', 'kern.bootsessionuuid'])).output;
  const namespace = linux ? await readlink('/proc/self/ns/pid').catch(() => '') : '';
  return {
    started: (await startOf(process.pid)) ?? '',
    boot: (boot ?? '').trim(),
    place: `${hostname()} ${namespace}`.trim(),
  };
}
