import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { installedBinaries, usableBinaries } from '#src/embedded-postgres/binaries.ts';
import { findPlace, makeDataDir } from '#src/embedded-postgres/location.ts';
import { eventually } from '#src/embedded-postgres/processes.ts';
import { run, spawnOptions } from '#src/embedded-postgres/run.ts';
import { chooseRunAs } from '#src/embedded-postgres/run-as.ts';
import { startServer } from '#src/embedded-postgres/server.ts';
import {
  isRunning,
  itAsOrdinaryUser,
  itAsRoot,
  kill,
  leaveNote,
  named,
  notes,
  query,
  serverPid,
  workshop,
} from './support.ts';

const { dataDir, usedDataDir, start, keeper, endAll, removeAll } = workshop();
afterEach(endAll);
afterAll(removeAll);

describe('an ordinary start', () => {
  it('keeps the data from one start to the next, and the password too', async () => {
    const dir = await dataDir();
    const first = await start(dir);
    expect(first.owned).toBe(true);
    await leaveNote(first.url);
    await first.stop();
    const second = await start(dir);
    expect(await notes(second.url)).toEqual(['打卡']);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
  });

  it('listens on 127.0.0.1 only, asks for the password, and speaks UTF-8 with one order everywhere', async () => {
    const { url } = await start(await usedDataDir());
    expect(await query(url, 'SHOW listen_addresses')).toEqual(['127.0.0.1']);
    expect(await query(url, 'SHOW unix_socket_directories')).toEqual(['']);
    expect(await query(url, 'SHOW server_encoding')).toEqual(['UTF8']);
    expect(await query(url, `SELECT upper('é') || ('B' < 'a')`)).toEqual(['Étrue']);
    const stranger = new URL(url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps the password out of the logs and its file to the owner', async () => {
    const dir = await dataDir();
    const { url, lines } = await start(dir);
    const { password } = new URL(url);
    expect(password.length).toBeGreaterThan(20);
    expect((await stat(join(dir, 'postgres.secret'))).mode & 0o777).toBe(0o600);
    expect(lines.join('\n')).not.toContain(password);
    expect(await readFile(join(dir, 'postgres.log'), 'utf8')).not.toContain(password);
  });

  it('stops the server, gives up the claim, and may be asked to stop twice', async () => {
    const dir = await usedDataDir();
    const { stop } = await start(dir);
    const pid = await serverPid(dir);
    await Promise.all([stop(), stop()]);
    expect(await isRunning(pid)).toBe(false);
    expect(await named(dir, 'postgres.')).toEqual(['postgres.log', 'postgres.secret']);
  });

  it('says so when the server ends although nobody asked it to', async () => {
    const dir = await usedDataDir();
    const reasons: string[] = [];
    const { lines } = await start(dir, { onExit: (reason) => reasons.push(reason) });
    const pid = await serverPid(dir);
    process.kill(pid, 'SIGKILL');
    await eventually(async () => reasons.length > 0, 5000);
    expect(reasons).toEqual(['signal SIGKILL']);
    expect(lines.at(-1)).toBe(
      `PostgreSQL (pid ${pid}) ended unexpectedly (signal SIGKILL), see ${join(dir, 'postgres.log')}.`,
    );
  });

  it('does not report the end that was asked for', async () => {
    const reasons: string[] = [];
    const { stop } = await start(await usedDataDir(), { onExit: (reason) => reasons.push(reason) });
    await stop();
    expect(reasons).toEqual([]);
  });
});

describe('after a crash', () => {
  it('stops the server that a killed process left running and finds the data', async () => {
    const dir = await usedDataDir();
    const other = await keeper(dir);
    await leaveNote(other.url);
    await kill(other.child);
    const orphan = await serverPid(dir);
    expect(await isRunning(orphan)).toBe(true);
    const { url, owned } = await start(dir);
    expect(owned).toBe(true);
    expect(await isRunning(orphan)).toBe(false);
    expect(await notes(url)).toEqual(['打卡']);
  });

  it('stops an orphan even when its lock file is gone', async () => {
    const dir = await usedDataDir();
    const other = await keeper(dir);
    await leaveNote(other.url);
    await kill(other.child);
    const orphan = await serverPid(dir);
    await rm(join(dir, 'postgres', 'postmaster.pid'));
    const { url } = await start(dir);
    expect(await isRunning(orphan)).toBe(false);
    expect(await notes(url)).toEqual(['打卡']);
  });

  it('recovers when the server was killed as well', async () => {
    const dir = await usedDataDir();
    const other = await keeper(dir);
    await leaveNote(other.url);
    process.kill(await serverPid(dir), 'SIGKILL');
    await kill(other.child);
    expect(await notes((await start(dir)).url)).toEqual(['打卡']);
    expect(await readFile(join(dir, 'postgres.log'), 'utf8')).toContain('automatic recovery');
  });

  it('recovers when a backend outlives the killed server for a while', async () => {
    const dir = await usedDataDir();
    const other = await keeper(dir);
    await leaveNote(other.url);
    // counting in one go, it does not look whether the server still lives
    const busy = query(other.url, 'SELECT count(*) FROM generate_series(1, 200000000)').catch(
      () => undefined,
    );
    await sleep(300);
    process.kill(await serverPid(dir), 'SIGKILL');
    await kill(other.child);
    expect(await notes((await start(dir)).url)).toEqual(['打卡']);
    await busy;
  });

  it.each([
    [
      'names a pid that another program has now',
      (text: string, pid: number) => text.replace(/^\d+/, `${pid}`),
    ],
    ['is empty', () => ''],
    ['is half written', (text: string) => text.slice(0, 3)],
  ])('starts when postmaster.pid %s', async (_name, change) => {
    const dir = await usedDataDir();
    const other = await keeper(dir);
    await leaveNote(other.url);
    const lock = join(dir, 'postgres', 'postmaster.pid');
    const text = await readFile(lock, 'utf8');
    process.kill(await serverPid(dir), 'SIGKILL');
    await kill(other.child);
    // of the server's own user, because PostgreSQL itself sees that other users' processes are no servers of it
    const runAs = await chooseRunAs(join(dir, 'postgres'), () => undefined);
    const stranger = spawn('sleep', ['60'], spawnOptions(runAs));
    await writeFile(lock, change(text, stranger.pid ?? 0));
    expect(await notes((await start(dir)).url)).toEqual(['打卡']);
    expect(stranger.signalCode).toBe(null);
    stranger.kill();
  });

  it('takes over a claim whose pid belongs to another process now, or that was half written', async () => {
    const dir = await usedDataDir();
    const first = await start(dir);
    const file = join(dir, 'postgres.owner');
    const claim: object = JSON.parse(await readFile(file, 'utf8'));
    await first.stop();
    await writeFile(file, JSON.stringify({ ...claim, started: '1' }));
    await (await start(dir)).stop();
    await writeFile(file, '{"pid":');
    expect((await start(dir)).owned).toBe(true);
  });

  it('begins anew where initdb was cut short, and clears that away', async () => {
    const dir = await dataDir();
    await mkdir(join(dir, 'postgres.init-1', 'data', 'base'), { recursive: true });
    await writeFile(join(dir, 'postgres.init-1', 'data', 'PG_VERSION'), '18\n');
    const { url, lines } = await start(dir);
    expect(await query(url, 'SELECT 1')).toEqual([1]);
    expect(await named(dir, 'postgres.init-')).toEqual([]);
    expect(lines.join('\n')).toContain('cut short');
  });

  it('moves a directory without PG_VERSION aside and says where to', async () => {
    const dir = await dataDir();
    await mkdir(join(dir, 'postgres'));
    await writeFile(join(dir, 'postgres', 'thesis.txt'), 'mine');
    const { lines } = await start(dir);
    const [aside = ''] = await named(dir, 'postgres.moved-');
    expect(await readFile(join(dir, aside, 'thesis.txt'), 'utf8')).toBe('mine');
    expect(lines.join('\n')).toContain(aside);
  });

  it('gives the database a new password when the secret was lost, and when it is another one', async () => {
    const dir = await usedDataDir();
    const first = await start(dir);
    await leaveNote(first.url);
    await first.stop();
    await rm(join(dir, 'postgres.secret'));
    const second = await start(dir);
    expect(await notes(second.url)).toEqual(['打卡']);
    await second.stop();
    await writeFile(join(dir, 'postgres.secret'), 'from-another-backup\n');
    expect(await notes((await start(dir)).url)).toEqual(['打卡']);
  });

  it('starts on a directory that lost its strict mode, such as a restored copy', async () => {
    const dir = await usedDataDir();
    await (await start(dir)).stop();
    await chmod(join(dir, 'postgres'), 0o755);
    expect((await start(dir)).owned).toBe(true);
  });

  it('tries another port when the chosen one is taken before PostgreSQL binds it', async () => {
    const dir = await usedDataDir();
    await (await start(dir)).stop();
    const [taken, free] = [await listener(), await listener()];
    await free.close();
    const log = () => undefined;
    const place = await findPlace(dir, log);
    const binaries = await usableBinaries({
      native: installedBinaries(),
      runAs: place.runAs,
      copyRoots: [],
      log,
    });
    const ports = [taken.port, free.port];
    const choosePort = async () => ports.shift() ?? 0;
    const logFile = join(dir, 'postgres.log');
    const server = await startServer({ place, binaries, log, settings: {}, logFile, choosePort });
    expect(server.port).toBe(free.port);
    await server.stop();
    await taken.close();
  });
});

describe('several processes', () => {
  it('refuses a second owner in one sentence', async () => {
    const dir = await usedDataDir();
    const other = await keeper(dir);
    await expect(start(dir)).rejects.toThrow(
      `Another Cuhuo process (pid ${other.child.pid}) is using the database in ${dir}; stop it first, or choose another data directory with CUHUO_DATA_DIR.`,
    );
    expect(await query(other.url, 'SELECT 1')).toEqual([1]);
  });

  it('shares the server of a running process and leaves it running', async () => {
    const dir = await usedDataDir();
    const other = await keeper(dir);
    const { url, owned, stop } = await start(dir, { share: true });
    expect(owned).toBe(false);
    expect(url).toBe(other.url);
    await stop();
    expect(await query(other.url, 'SELECT 1')).toEqual([1]);
  });

  it('starts a server where there is none to share', async () => {
    const { owned, url } = await start(await dataDir(), { share: true });
    expect(owned).toBe(true);
    expect(await query(url, 'SELECT 1')).toEqual([1]);
  });

  it('lets exactly one of several simultaneous first starts own the server, and the others share it', async () => {
    const dir = await dataDir();
    const all = await Promise.all([
      start(dir, { share: true }),
      start(dir, { share: true }),
      keeper(dir, 'share'),
    ]);
    expect(all.filter(({ owned }) => owned)).toHaveLength(1);
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
  });
});

describe('private directories', () => {
  itAsOrdinaryUser('works in a directory that only its owner can enter', async () => {
    const dir = await dataDir();
    await chmod(dir, 0o700);
    const { url } = await start(dir);
    expect(await query(url, 'SHOW data_directory')).toEqual([join(dir, 'postgres')]);
  });

  itAsRoot(
    'puts the data where PostgreSQL can reach it, follows the pointer later, and keeps modes as they are',
    async () => {
      const dir = await dataDir();
      await chmod(join(dir, '..'), 0o700);
      const first = await start(dir);
      await leaveNote(first.url);
      const pgdata = (await readFile(join(dir, 'postgres.location'), 'utf8')).trim();
      expect(await query(first.url, 'SHOW data_directory')).toEqual([pgdata]);
      expect((await stat(pgdata)).uid).not.toBe(0);
      expect((await stat(join(dir, '..'))).mode & 0o777).toBe(0o700);
      await first.stop();
      const second = await start(dir);
      expect(await notes(second.url)).toEqual(['打卡']);
    },
  );

  itAsRoot('moves a database along that became unreachable', async () => {
    const dir = await dataDir();
    const first = await start(dir);
    await leaveNote(first.url);
    await first.stop();
    await chmod(join(dir, '..'), 0o700);
    expect(await notes((await start(dir)).url)).toEqual(['打卡']);
  });

  itAsRoot('refuses rather than begins empty when the place that the pointer names is gone', async () => {
    const dir = await dataDir();
    await writeFile(join(dir, 'postgres.location'), '/var/lib/cuhuo/gone/postgres\n');
    await expect(start(dir)).rejects.toThrow('which is gone; bring it back');
    await rm(join(dir, 'postgres.location'));
  });

  itAsRoot('runs as the user who owns the data already', async () => {
    const dir = await dataDir();
    const first = await start(dir);
    await leaveNote(first.url);
    await first.stop();
    await run('chown', ['-R', '12345:12345', join(dir, 'postgres')]);
    expect(await notes((await start(dir)).url)).toEqual(['打卡']);
    expect((await stat(join(dir, 'postgres', 'postmaster.pid'))).uid).toBe(12345);
  });
});

itAsRoot('makes a relative data directory of several levels that other users can enter', async () => {
  const base = relative(process.cwd(), await dataDir());
  await makeDataDir(join(base, 'a', 'b'));
  for (const made of ['a', 'a/b']) expect((await stat(join(base, made))).mode & 0o777).toBe(0o755);
  expect(await makeDataDir(join(base, 'a'))).toBe(resolve(base, 'a'));
});

it('names DATABASE_URL when the data directory cannot be used', async () => {
  const dir = await usedDataDir();
  await appendFile(join(dir, 'file'), '');
  await expect(start(join(dir, 'file', 'var'))).rejects.toThrow(
    /^The embedded PostgreSQL cannot use .* DATABASE_URL/,
  );
});

async function listener(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, close: async () => void (await once(server.close(), 'close')) };
}
