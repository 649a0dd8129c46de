import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfPresent } from './files.ts';
import { eventually, serverProcesses, signal, startOf } from './processes.ts';
import { instead } from './run.ts';

/**
 * Stops what an earlier process that was killed left running on `pgdata`, and removes a lock file that would keep
 * PostgreSQL from starting although no server stands behind it. The caller owns the cluster, so nobody needs that server.
 */
export async function stopLeftovers(pgdata: string, log: (line: string) => void): Promise<void> {
  const [first] = await serverProcesses(pgdata);
  if (first) {
    log(`Stopping the PostgreSQL (pid ${first.pid}) that a killed process left running.`);
    const nobodyLeft = async () => (await serverProcesses(pgdata)).length === 0;
    let gone = false;
    const steps = [
      ['SIGINT', 8000],
      ['SIGQUIT', 6000],
      ['SIGKILL', 3000],
    ] as const;
    for (const [name, waitMs] of steps) {
      if (gone) break;
      // its children follow the first process; orphaned children have nobody to follow
      const targets = await serverProcesses(pgdata);
      for (const { pid } of targets.filter((row) => !targets.some((other) => other.pid === row.parent)))
        signal(pid, name);
      gone = await eventually(nobodyLeft, waitMs);
    }
    if (!gone)
      throw new Error(
        `The PostgreSQL that an earlier start left running on ${pgdata} (pid ${first.pid}) cannot be stopped; stop it by hand, or ${instead}.`,
      );
  }
  await clearLockFile(pgdata, log);
}

/**
 * PostgreSQL itself gets over a lock file whose process is dead, and checks for shared memory in use, so that file stays.
 * It gives up over an empty one (power cut) and over a pid which now belongs to some other program.
 */
async function clearLockFile(pgdata: string, log: (line: string) => void): Promise<void> {
  const path = join(pgdata, 'postmaster.pid');
  const text = await readIfPresent(path);
  if (text === undefined) return;
  const pid = Number(/^(\d+)\n/.exec(text)?.[1] ?? 0);
  if (pid > 0 && !(await isTaken(pid))) return;
  await rm(path, { force: true });
  log(
    pid > 0 ? `Removed ${path}: pid ${pid} is another program now.` : `Removed ${path}: it names no process.`,
  );
}

/** As the kernel sees it, which counts a dead process that nobody has waited for. */
async function isTaken(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return (await startOf(pid)) !== undefined;
  }
}
