import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { holdLease, type Lease, type LeaseOptions } from '#src/kernel/lease.ts';
import { silentLog } from '#src/kernel/log.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
const held: Lease[] = [];
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.close());
afterEach(async () => {
  await Promise.all(held.splice(0).map((lease) => lease.release()));
});

/** Notes who works when; an owner works until it loses the lease. */
function worker(name: string, at: string[], options: Partial<LeaseOptions> = {}): Lease {
  const lease = holdLease({
    db: database.db,
    log: silentLog,
    name: 'connection',
    ttlMs: 600,
    work: async (lost) => {
      at.push(`${name} begins`);
      await new Promise((resolve) => lost.addEventListener('abort', resolve));
      at.push(`${name} ends`);
    },
    ...options,
  });
  held.push(lease);
  return lease;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

it('lets one of two work, and the other when the first gives back', async () => {
  const at: string[] = [];
  const first = worker('a', at);
  await until(() => at.length === 1);
  worker('b', at);
  await sleep(700);
  expect(at).toEqual(['a begins']);
  await first.release();
  await until(() => at.includes('b begins'));
  expect(at).toEqual(['a begins', 'a ends', 'b begins']);
});

it('passes to another when the owner is gone without a word', async () => {
  const at: string[] = [];
  await database.db.execute(sql`
    insert into leases (name, owner, until)
    values ('connection', gen_random_uuid(), now() + interval '300 milliseconds')`);
  worker('b', at);
  await until(() => at.includes('b begins'));
});

it('stops an owner whose lease somebody else has taken', async () => {
  const at: string[] = [];
  worker('a', at);
  await until(() => at.includes('a begins'));
  await database.db.execute(
    sql`update leases set owner = gen_random_uuid(), until = now() + interval '1 second'`,
  );
  await until(() => at.includes('a ends'));
  await until(() => at.filter((word) => word === 'a begins').length === 2);
});

it('asks again after work that failed', async () => {
  let tries = 0;
  worker('a', [], {
    work: async () => {
      tries += 1;
      throw new Error('no connection');
    },
  });
  await until(() => tries >= 2);
});
