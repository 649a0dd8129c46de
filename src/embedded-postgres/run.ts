import { type SpawnOptions, spawn } from 'node:child_process';

/** The unprivileged identity of the server when we are root. */
export interface RunAs {
  uid: number;
  gid: number;
}

/** What to say when the embedded server cannot be had. */
export const instead = 'set DATABASE_URL to a PostgreSQL ≥ 14';

/**
 * How PostgreSQL's programs are started: as `runAs`, in `/` (our own directory may be closed to that user), and with
 * an environment of their own, so that neither our secrets nor somebody's `PGOPTIONS` get in.
 */
export function spawnOptions(runAs: RunAs | undefined): SpawnOptions {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  return runAs ? { cwd: '/', env, uid: runAs.uid, gid: runAs.gid } : { cwd: '/', env };
}

/** Runs a program to its end. A program that cannot be started at all has the code -1 and says why in `output`. */
export async function run(
  command: string,
  args: string[],
  options: { runAs?: RunAs | undefined; input?: string } = {},
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    let child: ReturnType<typeof spawn>;
    try {
      child = spawn(command, args, { ...spawnOptions(options.runAs), stdio: 'pipe' });
    } catch (error) {
      resolve({ code: -1, output: String(error) });
      return;
    }
    child.stdout?.on('data', (chunk) => (output += String(chunk)));
    child.stderr?.on('data', (chunk) => (output += String(chunk)));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** The last line of a program's output that says something. */
export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() || 'no output';
}

/** The line of PostgreSQL's output that names the problem. */
export function problemIn(output: string): string {
  const lines = output.split('\n').filter((line) => /\b(FATAL|PANIC|error|could not|cannot)\b/.test(line));
  return (lines.at(-1) ?? lastLine(output)).replace(/^.*?\b(FATAL|PANIC|error):\s*/, '').trim();
}
