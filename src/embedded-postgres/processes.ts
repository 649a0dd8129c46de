import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './files.ts';
import { run } from './run.ts';

interface ProcessRow {
  pid: number;
  parent: number;
  /** Differs between two processes that had the same pid since the machine started. */
  started: string;
  command: string[];
}

const linux = process.platform === 'linux';

/** Goes into the titles of all processes of a server, so that they can be told from another server's. */
export function clusterName(pgdata: string): string {
  return `cuhuo-${createHash('sha256').update(pgdata).digest('hex').slice(0, 16)}`;
}

/** When the process started, as text to compare; undefined when there is none, or when it is dead but not yet buried. */
export async function startOf(pid: number): Promise<string | undefined> {
  if (linux) return readProcess(pid)?.started;
  return (await listWithPs(['-p', String(pid)]))[0]?.started;
}

/** The living processes of the server that works on `pgdata`, its first process before its children. */
export async function serverProcesses(pgdata: string): Promise<ProcessRow[]> {
  const title = `postgres: ${clusterName(pgdata)}:`;
  const rows = (linux ? listProc() : await listWithPs(['-A'])).filter((row) => {
    const command = row.command.join(' ');
    if (command.startsWith(title)) return true;
    if (linux) return worksOn(row, pgdata);
    return /(^|\/)postgres -D /.test(command) && command.includes(` -D ${pgdata} `);
  });
  const isChild = (row: ProcessRow) => rows.some((other) => other.pid === row.parent);
  return [...rows.filter((row) => !isChild(row)), ...rows.filter(isChild)];
}

/** Sends a signal; a process that has gone meanwhile is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

/** Resolves to true as soon as `condition` holds, to false when it does not within `waitMs`. */
export async function eventually(condition: () => Promise<boolean>, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

/** A server's first process by its `-D`; anything called postgres by its working directory, which survives a rename. */
function worksOn(row: ProcessRow, pgdata: string): boolean {
  const [program = '', ...args] = row.command;
  if (basename(program) !== 'postgres' && !program.startsWith('postgres: ')) return false;
  const at = args.indexOf('-D');
  const named = at < 0 ? undefined : args[at + 1];
  if (named === pgdata) return true;
  try {
    return (
      readlinkSync(`/proc/${row.pid}/cwd`) === pgdata ||
      (named !== undefined && realpathSync(named) === pgdata)
    );
  } catch {
    return false;
  }
}

function listProc(): ProcessRow[] {
  return readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : [],
  );
}

/** See proc_pid_stat(5): after the name in parentheses come state (field 3), parent (4), … start in ticks (22). */
function readProcess(pid: number): ProcessRow | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '').split('\0');
    return { pid, parent: Number(fields[1]), started: fields[19] ?? '', command };
  } catch {
    return undefined;
  }
}

async function listWithPs(which: string[]): Promise<ProcessRow[]> {
  const { output } = await run('ps', [...which, '-ww', '-o', 'pid=,ppid=,stat=,lstart=,command=']);
  return output.split('\n').flatMap((line) => {
    // lstart is five words: Sun Nov 22 02:45:01 2026
    const found = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+((?:\S+\s+){4}\S+)\s(.*)$/.exec(line);
    if (!found || found[3]?.startsWith('Z')) return [];
    return {
      pid: Number(found[1]),
      parent: Number(found[2]),
      started: found[4] ?? '',
      command: [found[5] ?? ''],
    };
  });
}
