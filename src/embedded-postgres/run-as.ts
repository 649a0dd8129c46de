import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './files.ts';
import { instead, type RunAs, run } from './run.ts';

/**
 * Who the server has to be: undefined for ourselves. PostgreSQL refuses to be root, so for root it is whoever owns the
 * data already, or the user `cuhuo`, created when absent, or another user without rights that every system has.
 */
export async function chooseRunAs(pgdata: string, log: (line: string) => void): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await ownerOfDirectory(pgdata);
  if (owner && owner.uid !== 0) return owner;
  const user = (await lookUp('cuhuo')) ?? (await createUser(log));
  if (user) return user;
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const other = await lookUp(name);
    if (other) {
      log(`The user cuhuo cannot be created here; PostgreSQL runs as ${name}.`);
      return other;
    }
  }
  throw new Error(
    `PostgreSQL refuses to run as root and no unprivileged user can be created here; start as another user or ${instead}.`,
  );
}

/** Whether the server's user can get into the directory, through all directories above it. */
export async function canEnter(directory: string, runAs: RunAs | undefined): Promise<boolean> {
  if (!runAs) return true;
  return (await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { runAs })).code === 0;
}

async function ownerOfDirectory(path: string): Promise<RunAs | undefined> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function lookUp(name: string): Promise<RunAs | undefined> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  if (uid.code !== 0 || gid.code !== 0) return undefined;
  const found = { uid: Number(uid.output), gid: Number(gid.output) };
  return found.uid > 0 && Number.isInteger(found.gid) ? found : undefined;
}

/** Two starts at the same moment may both try; the slower one finds the other's user. */
async function createUser(log: (line: string) => void): Promise<RunAs | undefined> {
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--no-create-home', '--home-dir', '/', '--shell', '/bin/false', 'cuhuo']],
    ['adduser', ['-S', '-D', '-H', '-h', '/', '-s', '/bin/false', 'cuhuo']],
  ];
  for (const [command, args] of ways) {
    const { code } = await run(command, args);
    if (code !== 0) await sleep(200);
    const user = await lookUp('cuhuo');
    if (user) {
      if (code === 0) log('Created the system user cuhuo, because PostgreSQL refuses to run as root.');
      return user;
    }
  }
  return undefined;
}
