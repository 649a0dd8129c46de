import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { serveWeb } from '../src/app/web.ts';
import { createApp } from '../src/app.ts';
import { behaviourSchema } from '../src/config/behaviour.ts';
import { createApiToken } from '../src/http/credentials.ts';
import { type Database, openDatabase } from '../src/kernel/db.ts';
import { silentLog } from '../src/kernel/log.ts';
import { type Role, roles } from '../src/kernel/permissions.ts';
import { systemClock } from '../src/kernel/time.ts';
import { type Bench, say } from './bench.ts';
import { fillConsole } from './console.data.ts';
import { idsIn, lists, urlOf } from './console.lists.ts';
import { makeOrganisation } from './organisation.ts';

const TARGET_MS = 300;
const ONE_BY_ONE = 40;
const AT_ONCE = 4;
const ROUNDS = 10;

/**
 * C1: what the console asks for, at 50,000 employees in 200 departments, 1,000,000 check-ins and as many messages: the
 * 95th percentile of each list and board of the API, first pages and pages in the middle, one request after the other,
 * and four at once.
 */
export async function c1(bench: Bench): Promise<void> {
  const people = bench.quick ? 5_000 : 50_000;
  const database = openDatabase(bench.databaseUrl);
  try {
    say(`C1: writing ${people} employees and what they did`);
    const checkins = await fillConsole(database.db, await makeOrganisation(database.db, people));
    say(`C1: ${checkins} check-ins; asking`);
    bench.report({
      ...base(people),
      figure: 'check-ins looked at',
      value: checkins,
      unit: 'rows',
    });
    await askEverything(database, bench, people);
  } finally {
    await database.close();
  }
}

const base = (people: number) => ({ id: 'C1', backend: 'postgres', n: people });

/** On data that is there already. */
export async function askEverything(
  database: Database,
  bench: Pick<Bench, 'databaseUrl' | 'report'>,
  people: number,
  only: (name: string) => boolean = () => true,
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-bench-console-'));
  const config = {
    role: 'all',
    clock: 'system',
    sandbox: true,
    dataDir,
    redisUrl: undefined,
    behaviour: behaviourSchema.parse({}),
    publicUrl: 'http://127.0.0.1',
  } as const;
  const { databaseUrl } = bench;
  const secrets = { secretKey: Buffer.alloc(32, 7), adminToken: 'bench' };
  const app = await createApp({ config, database, databaseUrl, secrets, log: silentLog });
  const server = await serveWeb({ app, config, database, secrets, log: silentLog });
  try {
    const tokens = await tokensIn(database);
    const ids = await idsIn(database.db);
    for (const list of lists.filter(({ name }) => only(name))) {
      const ask = asker(server, tokens.get(list.as ?? 'admin') as string, list.body);
      const first = urlOf(list, ids);
      const times: number[] = [];
      let url = first;
      for (let n = 0; n < ONE_BY_ONE; n += 1) {
        const { ms, next } = await ask(url);
        times.push(ms);
        url = next == null ? first : `${first}${first.includes('?') ? '&' : '?'}cursor=${next}`;
      }
      bench.report({ ...base(people), ...p95(list.name, times) });
      const together: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        together.push(
          ...(await Promise.all(Array.from({ length: AT_ONCE }, () => ask(url)))).map(({ ms }) => ms),
        );
      bench.report({ ...base(people), ...p95(`${list.name}, ${AT_ONCE} at once`, together) });
    }
  } finally {
    await server.close();
    await app.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Resolves to how long an answer took and where the next page begins. */
function asker(server: FastifyInstance, token: string, body: object | undefined) {
  return async (url: string): Promise<{ ms: number; next: string | null | undefined }> => {
    const began = performance.now();
    const answer = await server.inject({
      method: body === undefined ? 'GET' : 'POST',
      url,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { payload: { definition: body } }),
    });
    const ms = performance.now() - began;
    if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${answer.body}`);
    return { ms, next: answer.json().nextCursor };
  };
}

async function tokensIn({ db }: Database): Promise<Map<Role, string>> {
  const secrets = new Map<Role, string>();
  for (const role of roles) {
    const departmentCodes = role === 'liaison' ? ['D7'] : [];
    const token = { name: role, now: systemClock.now(), roles: [role], departmentCodes };
    secrets.set(role, (await createApiToken(db, token)).secret);
  }
  return secrets;
}

function p95(figure: string, times: number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  const value = Math.round((sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0) * 10) / 10;
  return {
    figure: `${figure}, p95`,
    value,
    unit: 'ms',
    target: `≤ ${TARGET_MS}`,
    met: value <= TARGET_MS,
  };
}
