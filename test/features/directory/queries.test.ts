import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { employees, identities } from '#src/features/directory/directory.tables.ts';
import {
  actorsOf,
  departmentsOf,
  employeesIn,
  liaisonScope,
  listDepartments,
  listEmployees,
  reachable,
  sandboxPeople,
  subtree,
  zonesAt,
  zonesInUse,
} from '#src/features/directory/index.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { DEPARTMENTS, day, HEADINGS, imports, instant, people, tapOf } from './organisation.ts';

const PEOPLE = people(
  HEADINGS,
  '001,陈一,SALES,,总监,,,liaison,SALES,2020-01-01,,',
  '002,王二,EAST,RD,代表,America/New_York,en,,,2020-01-01,,',
  '003,张三,RD,,工程师,,,hr,,2020-01-01,,',
  '004,李四,RD,EAST,工程师,Asia/Urumqi,,,,2020-01-01,2026-11-30,',
  '005,赵五,RD,,工程师,,,,,2026-12-01,,',
  '100%,钱_六,,,,,,,,,,',
);

let database: TestDatabase;
let ids: Map<string, string>;
let numbers: Map<string, string>;
let codes: Map<string, string>;
beforeAll(async () => {
  database = await testDatabase();
  await imports(database.db, { departments: DEPARTMENTS, employees: PEOPLE }, '2026-11-22');
  const rows = await database.db.select().from(employees);
  ids = new Map(rows.map(({ number, id }) => [number, id]));
  numbers = new Map(rows.map(({ number, id }) => [id, number]));
  codes = new Map((await listDepartments(database.db)).map(({ id, code }) => [id, code]));
});
afterAll(() => database.close());

const id = (number: string): string => ids.get(number) ?? '';
const named = (found: readonly string[]): string[] => found.map((one) => numbers.get(one) ?? one).toSorted();
const coded = (found: readonly string[]): string[] => found.map((one) => codes.get(one) ?? one).toSorted();
const departmentId = (code: string): string => [...codes].find(([, one]) => one === code)?.[0] ?? '';

describe('an audience', () => {
  const on = (iso: string, audience: Parameters<typeof employeesIn>[1], zone?: string) =>
    employeesIn(database.db, audience, { day: day(iso), zone }).then(named);

  it('is everyone employed on that day', async () => {
    expect(await on('2026-11-30', 'everyone')).toEqual(['001', '002', '003', '004', '100%']);
    expect(await on('2026-12-01', 'everyone')).toEqual(['001', '002', '003', '005', '100%']);
  });

  it('is a department with everything below it, second posts included, each person once', async () => {
    expect(await on('2026-11-22', { departments: ['SALES'] })).toEqual(['001', '002', '004']);
    expect(await on('2026-11-22', { departments: ['ROOT', 'EAST'] })).toEqual(['001', '002', '003', '004']);
    expect(await on('2026-11-22', { departments: ['NONE'] })).toEqual([]);
  });

  it('can be narrowed to a zone', async () => {
    expect(await on('2026-11-22', { departments: ['SALES'] }, 'America/New_York')).toEqual(['002']);
  });
});

describe('departments', () => {
  it('are told for each person of a set, second posts apart', async () => {
    const found = await departmentsOf(database.db, [id('002'), id('004'), id('100%')], day('2026-11-22'));
    expect(found.get(id('002'))).toMatchObject({ main: { code: 'EAST' }, second: [{ code: 'RD' }] });
    expect(found.get(id('100%'))).toEqual({ main: null, second: [] });
    expect((await departmentsOf(database.db, [id('004')], day('2026-12-01'))).get(id('004'))?.main).toBe(
      null,
    );
  });

  it('come with everything below them, each once', async () => {
    expect(coded(await subtree(database.db, [departmentId('SALES'), departmentId('EAST')]))).toEqual([
      'EAST',
      'SALES',
    ]);
    expect(await subtree(database.db, [])).toEqual([]);
  });

  it('end where a circle closes, even if somebody made one by hand', async () => {
    const rollback = new Error('undo');
    await expect(
      database.db.transaction(async (tx) => {
        await tx.execute(
          sql`update departments set parent_id = ${departmentId('EAST')} where code = 'SALES'`,
        );
        expect(coded(await subtree(tx, [departmentId('SALES')]))).toEqual(['EAST', 'SALES']);
        throw rollback;
      }),
    ).rejects.toBe(rollback);
  });

  it('are served by a liaison with what lies below, and by nobody else', async () => {
    expect(coded(await liaisonScope(database.db, id('001'), day('2026-11-22')))).toEqual(['EAST', 'SALES']);
    expect(await liaisonScope(database.db, id('003'), day('2026-11-22'))).toEqual([]);
    expect(await liaisonScope(database.db, id('001'), day('2019-12-31'))).toEqual([]);
  });
});

describe('the people behind a set of events', () => {
  it('are found in one go, each at the moment of their own event', async () => {
    const found = await actorsOf(database.db, [
      tapOf('004', '2026-11-30T17:59:00Z'),
      tapOf('004', '2026-11-30T18:00:00Z'),
      tapOf('nobody', '2026-11-22T04:00:00Z'),
      tapOf('005', '2026-11-30T15:59:00Z'),
      tapOf('005', '2026-11-30T16:00:00Z'),
      tapOf('001', '2026-11-22T04:00:00Z'),
      tapOf('001', '2026-11-22T04:00:00Z', 'wecom'),
    ]);
    expect(found.map((actor) => actor?.number)).toEqual([
      '004',
      undefined,
      undefined,
      undefined,
      '005',
      '001',
      undefined,
    ]);
    expect(found[5]).toMatchObject({
      name: '陈一',
      zone: 'Asia/Shanghai',
      locale: 'zh-CN',
      roles: ['liaison'],
    });
  });

  it('lived in their first known zone before it was recorded', async () => {
    await imports(
      database.db,
      { employees: people('工号,姓名,部门编码,时区', '003,张三,RD,Europe/Berlin') },
      '2026-11-23',
    );
    const zone = async (at: string) => (await zonesAt(database.db, [id('003')], instant(at))).get(id('003'));
    expect(await zone('2026-01-01T00:00:00Z')).toBe('Asia/Shanghai');
    expect(await zone('2026-11-23T03:59:59.999Z')).toBe('Asia/Shanghai');
    expect(await zone('2026-11-23T04:00:00Z')).toBe('Europe/Berlin');
    const [actor] = await actorsOf(database.db, [tapOf('003', '2026-01-01T00:00:00Z')]);
    expect(actor?.zone).toBe('Asia/Shanghai');
    expect(await zonesInUse(database.db)).toEqual([
      'America/New_York',
      'Asia/Shanghai',
      'Asia/Urumqi',
      'Europe/Berlin',
    ]);
  });
});

it('reaches people through a real channel before the sandbox, and only through those switched on', async () => {
  await database.db.insert(identities).values([
    { channel: 'feishu', account: 'f', platformId: 'ou_1', employeeId: id('001') },
    { channel: 'wecom', account: 'w', platformId: 'chenyi', employeeId: id('001') },
  ]);
  const found = await reachable(database.db, [id('001'), id('002'), id('001')]);
  expect(found.get(id('001'))).toEqual({ channel: 'wecom', account: 'w', platformId: 'chenyi' });
  expect(found.get(id('002'))).toMatchObject({ channel: 'sandbox', platformId: '002' });
  const feishu = await reachable(database.db, [id('001'), id('002')], ['feishu']);
  expect([...feishu.values()]).toEqual([{ channel: 'feishu', account: 'f', platformId: 'ou_1' }]);
});

it('lists for the sandbox who is employed, with department and roles', async () => {
  const found = await sandboxPeople(database.db, day('2026-11-22'));
  expect(found.map(({ platformId }) => platformId)).toEqual(['001', '002', '003', '004', '100%']);
  expect(found[0]).toEqual({
    platformId: '001',
    name: '陈一',
    position: '总监',
    department: '销售部',
    roles: ['liaison'],
  });
});

describe('the list of people', () => {
  const list = (more: Partial<Parameters<typeof listEmployees>[1]>) =>
    listEmployees(database.db, { day: day('2026-11-22'), limit: 10, ...more });
  const found = async (more: Parameters<typeof list>[0]) =>
    (await list(more)).items.map(({ number }) => number);

  it('goes on page by page and ends', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 2, cursor });
      seen.push(...page.items.map(({ number }) => number));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['001', '002', '003', '004', '005', '100%']);
  });

  it('finds by the beginning of a number or any part of a name, signs taken literally', async () => {
    expect(await found({ search: '00' })).toHaveLength(5);
    expect(await found({ search: '四' })).toEqual(['004']);
    expect(await found({ search: '%' })).toEqual([]);
    expect(await found({ search: '100%' })).toEqual(['100%']);
    expect(await found({ search: '_' })).toEqual(['100%']);
  });

  it('shows one department, and to a liaison nobody outside their scope', async () => {
    expect(await found({ department: 'RD' })).toEqual(['003', '004']);
    const within = await liaisonScope(database.db, id('001'), day('2026-11-22'));
    expect(await found({ within })).toEqual(['001', '002']);
    expect(await found({ within, department: 'RD' })).toEqual([]);
    expect(await found({ within: [] })).toEqual([]);
  });

  it('refuses a cursor that is none', async () => {
    await expect(list({ cursor: 'eyJ9' })).rejects.toMatchObject({ code: 'input.invalid' });
  });
});
