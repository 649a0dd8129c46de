import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '../support/redis.ts';

/** A workday with the tip's hour behind it. */
const NOON = '2026-09-18T04:00:00Z';
const PEOPLE = Array.from({ length: 280 }, (_, index) => `E${String(index + 1).padStart(4, '0')}`);

/** So many of them have left the sample organisation. */
const LEFT = 2;

let dataDir: string;
let port: number;
let server: ChildProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-power-cut-'));
  await chmod(dataDir, 0o755);
  await writeFile(join(dataDir, 'cuhuo.yaml'), `clock: { startAt: "${NOON}" }\n`);
  port = await freePort();
});
afterAll(async () => {
  server?.kill('SIGTERM');
  if (server?.exitCode === null) await once(server, 'exit');
  await rm(dataDir, { recursive: true, force: true });
});

it('loses and doubles no check-in when everything is killed in the middle of a burst', async () => {
  await start();
  const keys = new Map(PEOPLE.map((number) => [number, randomUUID()]));
  const acknowledged: string[] = [];
  const burst = Promise.all(
    PEOPLE.map(async (number) => {
      if (await checkIn(number, keys.get(number) as string)) acknowledged.push(number);
    }),
  );
  while (acknowledged.length < 40) await sleep(2);
  await killEverything();
  await burst;

  await start();
  const kept = await checkedIn();
  expect(acknowledged.filter((number) => !kept.includes(number))).toEqual([]);
  const lost = PEOPLE.length - acknowledged.length;
  expect(lost).toBeGreaterThan(0);

  // What the platform got no answer for it delivers again, and the rest by mistake.
  const taken: string[] = [];
  for (const number of PEOPLE) if (await checkIn(number, keys.get(number) as string)) taken.push(number);
  expect(PEOPLE.length - taken.length).toBe(LEFT);
  expect((await checkedIn()).sort()).toEqual(taken);
  expect(await verify('streaks')).toMatch(/all equal/);
  expect(await verify('points')).toMatch(/all equal/);
  const entries = (await (await api(`/points?employee=E0001`)).json()) as { items: { reason: string }[] };
  expect(entries.items.map(({ reason }) => reason)).toEqual(['check-in']);
}, 180_000);

function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PORT: String(port),
    CUHUO_DATA_DIR: dataDir,
    CUHUO_CONFIG: join(dataDir, 'cuhuo.yaml'),
    CUHUO_CLOCK: 'manual',
    CUHUO_ADMIN_TOKEN: 'power-cut',
    CUHUO_LOG_LEVEL: 'error',
  };
}

async function start(): Promise<void> {
  server = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'serve'], {
    env: environment(),
    stdio: 'ignore',
  });
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await sleep(50);
  }
}

async function killEverything(): Promise<void> {
  const postmaster = Number((await readFile(await postmasterFile(), 'utf8')).split('\n')[0]);
  server.kill('SIGKILL');
  process.kill(postmaster, 'SIGKILL');
  await once(server, 'exit');
}

/** Beside the data, or where the data had to be put. */
async function postmasterFile(): Promise<string> {
  const elsewhere = await readFile(join(dataDir, 'postgres.location'), 'utf8').catch(() => undefined);
  return join(elsewhere?.trim() ?? join(dataDir, 'postgres'), 'postmaster.pid');
}

/** Whether the server acknowledged it. */
async function checkIn(number: string, key: string): Promise<boolean> {
  const deed = { as: number, chatId: `private:${number}`, key, payload: { kind: 'text', text: '打卡' } };
  return fetch(`http://127.0.0.1:${port}/sandbox/api/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(deed),
  }).then(
    (response) => response.ok,
    () => false,
  );
}

function api(path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/api/v1${path}`, { headers: { authorization: 'Bearer power-cut' } });
}

async function checkedIn(): Promise<string[]> {
  const answer = await api('/checkins?limit=1000');
  const { items } = (await answer.json()) as { items: { employee: { number: string } }[] };
  return items.map(({ employee }) => employee.number);
}

async function verify(what: string): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'verify', what], {
    env: environment(),
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child, 'close');
  return output;
}
