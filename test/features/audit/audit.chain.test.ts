import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordAudit, verifyAudit } from '#src/features/audit/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

const at = Temporal.Instant.from('2026-09-18T01:10:00.123456789Z');
const write = (subject: string, detail: Record<string, unknown> = {}) =>
  recordAudit(database.db, { at, actor: { kind: 'token', id: 't' }, action: 'tips.put', subject, detail });
const tamper = (statement: string) => database.pool.query(statement);
const wrong = async () => (await verifyAudit(database.db)).wrong;

async function fiveLines(): Promise<void> {
  for (const subject of ['a', 'b', 'c', 'd', 'e'])
    await write(subject, { rows: 3, z: [1, { y: 2, x: null }] });
}

describe('the chain', () => {
  it('is whole after lines were written', async () => {
    await fiveLines();
    expect(await verifyAudit(database.db)).toMatchObject({ checked: 5, older: 0, wrong: [] });
  });

  it.each([
    ["update audit set subject = 'x' where subject = 'c'", 'line 3 (id 3) was altered'],
    ["update audit set actor_id = 'u' where subject = 'a'", 'line 1 (id 1) was altered'],
    ["update audit set at = at + interval '1 microsecond' where subject = 'e'", 'line 5 (id 5) was altered'],
    [
      `update audit set detail = '{"z": [1, {"y": 2, "x": 0}], "rows": 3}' where subject = 'b'`,
      'line 2 (id 2) was altered',
    ],
    ["update audit set hash = reverse(hash) where subject = 'd'", 'line 4 (id 4) was altered'],
  ])('finds %s', async (statement, found) => {
    await fiveLines();
    await tamper(statement);
    expect(await wrong()).toContain(found);
  });

  it('finds a line that is missing in the middle, at the end, and at the beginning', async () => {
    await fiveLines();
    await tamper("delete from audit where subject = 'c'");
    expect((await wrong())[0]).toBe('between 2 and 4: 1 lines are missing');
    await tamper("delete from audit where subject = 'e'");
    expect(await wrong()).toContain('after 4: the last 1 lines are missing');
    await tamper("delete from audit where subject = 'a'");
    expect((await wrong())[0]).toBe('between 0 and 2: 1 lines are missing');
  });

  it('finds a line that somebody put beside it, and one that was taken out of it', async () => {
    await fiveLines();
    await tamper(
      "insert into audit (at, actor_kind, actor_id, action, subject, detail) values (now(), 'cli', 'x', 'a', 's', '{}')",
    );
    expect(await wrong()).toEqual(['1 lines stand outside of the chain']);
    await tamper("update audit set place = null, hash = null where subject = 'b'");
    expect(await wrong()).toContain('between 1 and 3: 1 lines are missing');
  });

  it('says how many lines are older than itself', async () => {
    await tamper(
      "insert into audit (at, actor_kind, actor_id, action, subject, detail) values (now(), 'cli', 'x', 'a', 's', '{}')",
    );
    await fiveLines();
    expect(await verifyAudit(database.db)).toMatchObject({ checked: 5, older: 1, wrong: [] });
  });

  it('stays whole when many write at once, and when some of them fail', async () => {
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const work = database.db.transaction(async (tx) => {
          await recordAudit(tx, { at, actor: { kind: 'token', id: 't' }, action: 'x', subject: `${n}` });
          if (n % 7 === 0) throw new Error('thought better of it');
        });
        await work.catch(() => undefined);
      }),
    );
    expect(await verifyAudit(database.db)).toMatchObject({ checked: 51, wrong: [] });
  });

  it('refuses a transaction that cannot see its end, rather than fork', async () => {
    await fiveLines();
    await database.db
      .transaction(
        async (tx) => {
          await tx.execute('select 1');
          await write('other');
          await recordAudit(tx, { at, actor: { kind: 'cli', id: 'c' }, action: 'x', subject: 'y' });
        },
        { isolationLevel: 'repeatable read' },
      )
      .then(
        () => expect('written').toBe('refused'),
        (error: unknown) => expect(error).toBeInstanceOf(Error),
      );
    expect(await wrong()).toEqual([]);
  });

  it('holds whatever a line tells', async () => {
    const json = fc.dictionary(
      fc.string().filter((key) => !key.includes('\0')),
      fc.jsonValue().filter((value) => !JSON.stringify(value).includes('\\u0000')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.string().filter((text) => !text.includes('\0')),
        json,
        async (subject, detail) => {
          await write(subject, detail);
          expect(await wrong()).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
