import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { balanceOf, verifyPoints } from '#src/features/rewards/index.ts';
import { type Award, award, reverse } from '#src/features/rewards/rewards.ledger.ts';
import { instant } from '../../support/calendar.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

const at = instant('2026-09-18T01:10:00Z');
const campaignId = randomUUID();
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const points = (employeeId: string, key: string, amount = 5): Award => ({
  key,
  campaignId,
  employeeId,
  amount,
  reason: 'check-in',
  at,
});
const balance = (employeeId: string) => balanceOf(database.db, campaignId, employeeId);

describe('points', () => {
  it('are given once for a key, in one set, in two, and in ten at the same time', async () => {
    const me = randomUUID();
    const key = randomUUID();
    expect(await award(database.db, [points(me, key), points(me, key)])).toEqual(new Set([key]));
    expect(await award(database.db, [points(me, key)])).toEqual(new Set());
    const another = randomUUID();
    const given = await Promise.all(
      Array.from({ length: 10 }, () => award(database.db, [points(me, another)])),
    );
    expect(given.filter((keys) => keys.has(another))).toHaveLength(1);
    expect(await balance(me)).toBe(10);
  });

  it('of nought leave no trace', async () => {
    const me = randomUUID();
    expect(await award(database.db, [points(me, randomUUID(), 0)])).toEqual(new Set());
    const { rows } = await database.db.execute(sql`select 1 from point_entries where account_id = ${me}`);
    expect(rows).toEqual([]);
  });

  it('are taken back once, by a new entry beside the old one', async () => {
    const me = randomUUID();
    const key = randomUUID();
    await award(database.db, [points(me, key), points(me, randomUUID(), 7)]);
    expect(await Promise.all([reverse(database.db, { key, at }), reverse(database.db, { key, at })])).toEqual(
      expect.arrayContaining(['reversed', 'before']),
    );
    expect(await balance(me)).toBe(7);
    expect(await award(database.db, [points(me, key)])).toEqual(new Set());
    const { rows } = await database.db.execute<{ amount: number }>(sql`
      select amount from point_entries where account_id = ${me} order by amount`);
    expect(rows.map(({ amount }) => amount)).toEqual([-5, 5, 7]);
    expect(await reverse(database.db, { key: 'nothing', at })).toBe('unknown');
  });

  it('add up, whatever is given, given again and taken back', async () => {
    const people = [randomUUID(), randomUUID(), randomUUID()];
    const deed = fc.record({
      person: fc.nat({ max: 2 }),
      key: fc.nat({ max: 15 }),
      amount: fc.integer({ min: 1, max: 50 }),
      back: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 15 }), fc.uuid(), async (deeds, run) => {
        for (const { person, key, amount, back } of deeds) {
          const me = people[person] as string;
          const name = `${run}:${person}:${key}`;
          if (back) await reverse(database.db, { key: name, at });
          else await award(database.db, [points(me, name, amount)]);
        }
        expect((await verifyPoints(database.db)).wrong).toEqual([]);
      }),
      { numRuns: 20 },
    );
    const { rows } = await database.db.execute<{ total: string }>(
      sql`select sum(amount) as total from point_entries`,
    );
    expect(Number(rows[0]?.total)).toBe(0);
  });

  it('that somebody changed by hand are found', async () => {
    const me = randomUUID();
    await award(database.db, [points(me, randomUUID())]);
    await database.db.execute(sql`update point_balances set balance = 500 where employee_id = ${me}`);
    expect((await verifyPoints(database.db)).wrong).toEqual([
      { campaignId, employeeId: me, stored: 500, ledger: 5 },
    ]);
    await database.db.execute(sql`update point_balances set balance = 5 where employee_id = ${me}`);
  });
});
