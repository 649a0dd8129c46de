import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type { DirectoryPage, DirectorySource, PlatformPerson } from '#src/chat/directory-source.ts';
import { reachable } from '#src/features/directory/index.ts';
import {
  confirmRun,
  type Run,
  refetch,
  runById,
  type SyncDeps,
  startRun,
  workOn,
} from '#src/features/directory/sync.service.ts';
import { PlatformError } from '#src/kernel/errors.ts';
import { silentLog } from '#src/kernel/log.ts';
import { manualClock, Temporal } from '#src/kernel/time.ts';
import { loadSmall } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

const person = (platformId: string, given: Partial<PlatformPerson> = {}): PlatformPerson => ({
  platformId,
  otherIds: {},
  name: platformId,
  number: undefined,
  position: undefined,
  departmentIds: ['rd'],
  mainDepartmentId: undefined,
  active: true,
  ...given,
});
const DEPARTMENTS = [
  { id: 'top', name: '云帆', parentId: null },
  { id: 'rd', name: '研发部', parentId: 'top' },
  { id: 'ops', name: '运维部', parentId: 'top' },
];

let database: TestDatabase;
let people: PlatformPerson[];
let failing: { page: number; error: Error } | undefined;
let failedPart: DirectoryPage['failed'];
const readPages: number[] = [];
const clock = manualClock('2026-09-18T02:00:00Z');

/** One page for the departments, then two people a page. */
const source: DirectorySource = {
  channel: 'feishu',
  account: 'cli_test',
  onHint: () => undefined,
  async *walk(cursor = '0') {
    const pages: Omit<DirectoryPage, 'cursor'>[] = [{ departments: DEPARTMENTS, people: [] }];
    for (let at = 0; at < people.length; at += 2)
      pages.push({ departments: [], people: people.slice(at, at + 2) });
    if (failedPart !== undefined) pages.push({ departments: [], people: [], failed: failedPart });
    for (let page = Number(cursor); page < pages.length; page += 1) {
      if (failing?.page === page) throw failing.error;
      readPages.push(page);
      yield { ...(pages[page] as DirectoryPage), cursor: String(page + 1) };
    }
  },
  person: async (id) => people.find(({ platformId }) => platformId === id) ?? 'gone',
};
let deps: SyncDeps;

beforeAll(async () => {
  database = await testDatabase();
  await loadSmall(database.db, '2026-09-10T00:00:00Z');
  deps = { db: database.db, clock, log: silentLog, zone: 'Asia/Shanghai', sources: [source] };
  people = [
    person('ou_1', { name: '张小满', number: 'E1' }),
    person('ou_2', { name: '李想', number: 'E2' }),
    ...Array.from({ length: 38 }, (_, n) => person(`ou_new${n}`, { number: `N${n}` })),
  ];
});
afterAll(() => database.close());

async function run(): Promise<Run> {
  clock.set(clock.now().add({ hours: 24 }));
  const { id } = await startRun(database.db, {
    channel: 'feishu',
    account: 'cli_test',
    cause: 'api',
    at: clock.now(),
  });
  await workOn(deps, id);
  return (await runById(database.db, id)) as Run;
}

async function rowsOf<Row extends Record<string, unknown>>(query: ReturnType<typeof sql>): Promise<Row[]> {
  return (await database.db.execute(query)).rows as unknown as Row[];
}
const employed = async (): Promise<string[]> =>
  (
    await rowsOf<{ number: string }>(sql`select number from employees where left_on is null order by number`)
  ).map(({ number }) => number);
const placesOf = (number: string) =>
  rowsOf<{ name: string; from_day: string; to_day: string | null }>(sql`
    select d.name, m.from_day::text, m.to_day::text from memberships m join departments d on d.id = m.department_id
    join employees e on e.id = m.employee_id where e.number = ${number} and m.main order by m.from_day`);

describe('a complete walk', () => {
  it('links people by 工号, adds who is new, and finds departments by their names', async () => {
    expect(await run()).toMatchObject({ state: 'done', created: 38, removed: 0, failures: [] });
    const [linked] = await rowsOf<{ number: string }>(sql`
      select e.number from identities i join employees e on e.id = i.employee_id where i.platform_id = 'ou_1'`);
    expect(linked?.number).toBe('E1');
    const named = await rowsOf<{ code: string }>(sql`select code from departments where name = '研发部'`);
    expect(named.map(({ code }) => code)).toEqual(['RD']);
    const added = await rowsOf<{ code: string }>(sql`select code from departments where name = '运维部'`);
    expect(added.map(({ code }) => code)).toEqual(['feishu:ops']);
  });

  it('again, changes nothing', async () => {
    expect(await run()).toMatchObject({ state: 'done', created: 0, changed: 0, removed: 0 });
  });

  it('leaves alone whom only the file of HR knows', async () => {
    expect(await employed()).toEqual(expect.arrayContaining(['E3', 'E4']));
  });

  it('dates a move: what was before stays', async () => {
    people = people.map((one) => (one.platformId === 'ou_1' ? { ...one, departmentIds: ['ops'] } : one));
    expect(await run()).toMatchObject({ changed: 1 });
    const places = await placesOf('E1');
    expect(places.map(({ name }) => name)).toEqual(['研发部', '运维部']);
    expect(places[0]?.to_day).toBe(
      Temporal.PlainDate.from(places[1]?.from_day ?? '')
        .subtract({ days: 1 })
        .toString(),
    );
  });

  it('lets one leave, and come back', async () => {
    const before = people;
    people = people.map((one) => (one.platformId === 'ou_new0' ? { ...one, active: false } : one));
    expect(await run()).toMatchObject({ state: 'done', removed: 1 });
    expect(await employed()).not.toContain('N0');
    people = before;
    expect(await run()).toMatchObject({ changed: 1 });
    expect(await employed()).toContain('N0');
  });
});

describe('a walk that is not complete', () => {
  it('removes nobody, and says what is missing', async () => {
    const before = people;
    people = people.slice(0, 39);
    failedPart = { what: 'department ops', reason: '40004' };
    expect(await run()).toMatchObject({ state: 'partial', removed: 0, failures: [failedPart] });
    expect(await employed()).toContain('N37');
    [people, failedPart] = [before, undefined];
  });

  it('goes on after the last page that was kept', async () => {
    clock.set(clock.now().add({ hours: 24 }));
    const lost = { platform: 'feishu', call: 'x', platformCode: 'TIMEOUT', fate: 'retry' } as const;
    failing = { page: 5, error: new PlatformError(lost) };
    const given = { channel: 'feishu', account: 'cli_test', cause: 'api', at: clock.now() } as const;
    const { id } = await startRun(database.db, given);
    await expect(workOn(deps, id)).rejects.toThrow(PlatformError);
    expect((await startRun(database.db, given)).id).toBe(id);
    failing = undefined;
    readPages.length = 0;
    await workOn(deps, id);
    expect(readPages[0]).toBe(5);
    expect(await runById(database.db, id)).toMatchObject({ state: 'done', removed: 0 });
  });

  it('that reads nobody at all removes nobody', async () => {
    const before = people;
    people = [];
    expect(await run()).toMatchObject({ removed: 0 });
    people = before;
  });
});

describe('the visible range of the app', () => {
  const outOfRange = async (): Promise<string[]> =>
    (
      await rowsOf<{ id: string }>(sql`
        select platform_id as id from identities where hidden_since is not null and channel = 'feishu' order by id`)
    ).map(({ id }) => id);
  const idOf = async (number: string): Promise<string> =>
    (await rowsOf<{ id: string }>(sql`select id from employees where number = ${number}`))[0]?.id ?? '';

  it('shows whom a whole walk did not see, although they stay employed, until one sees them', async () => {
    const before = people;
    people = people.slice(0, 30);
    expect(await run()).toMatchObject({ state: 'held', removed: 0, held: 10 });
    expect(await outOfRange()).toHaveLength(10);
    expect(await employed()).toContain('N37');
    const hidden = await idOf('N37');
    const seen = await idOf('E1');
    const found = await reachable(database.db, [hidden, seen]);
    expect(found.get(hidden)).toMatchObject({ platformId: 'ou_new37', outOfRange: true });
    expect(found.get(seen)).not.toHaveProperty('outOfRange');
    people = before;
    await run();
    expect(await outOfRange()).toEqual([]);
  });

  it('is not judged by a walk that is not whole', async () => {
    const before = people;
    people = people.slice(0, 39);
    failedPart = { what: 'department ops', reason: '40004' };
    await run();
    expect(await outOfRange()).toEqual([]);
    [people, failedPart] = [before, undefined];
    await run();
  });

  it('follows a hint about one person at once', async () => {
    const who = { channel: 'feishu', account: 'cli_test', platformId: 'ou_new5' } as const;
    const hiding: DirectorySource = { ...source, person: async () => 'hidden' };
    expect(await refetch({ ...deps, sources: [hiding] }, who)).toBe('hidden');
    expect(await outOfRange()).toEqual(['ou_new5']);
    expect(await refetch(deps, who)).toBe('changed');
    expect(await outOfRange()).toEqual([]);
  });

  it('a second account that the app sees is used before one that it does not', async () => {
    const id = await idOf('N6');
    await database.db.execute(sql`
      insert into identities (channel, account, platform_id, employee_id) values ('dingtalk', 'ding1', 'd6', ${id})`);
    expect((await reachable(database.db, [id])).get(id)).toMatchObject({ channel: 'feishu' });
    await database.db.execute(sql`update identities set hidden_since = now() where platform_id = 'ou_new6'`);
    expect((await reachable(database.db, [id])).get(id)).toMatchObject({ channel: 'dingtalk' });
    await database.db.execute(sql`delete from identities where platform_id = 'd6'`);
    await run();
  });
});

describe('too many removals', () => {
  it('are held until somebody confirms them', async () => {
    people = people.slice(0, 30);
    const held = await run();
    expect(held).toMatchObject({ state: 'held', removed: 0, held: 10 });
    expect(await employed()).toContain('N37');
    expect(await confirmRun(deps, held.id)).toMatchObject({ state: 'done', removed: 10 });
    expect(await employed()).not.toContain('N37');
    await expect(confirmRun(deps, held.id)).rejects.toMatchObject({ code: 'directory.run-not-held' });
  });

  it('cannot be confirmed once a newer walk has ended', async () => {
    const before = people;
    people = people.slice(0, 10);
    const held = await run();
    people = before;
    await run();
    await expect(confirmRun(deps, held.id)).rejects.toMatchObject({ code: 'directory.run-not-held' });
  });
});

describe('odd people', () => {
  it('two accounts with one 工号 are not made one', async () => {
    people = [...people, person('ou_twin', { name: '冒名', number: 'E1' })];
    expect(await run()).toMatchObject({
      failures: [{ what: 'person ou_twin', reason: 'employee-number-taken' }],
    });
    const linked = await rowsOf<{ n: number }>(sql`
      select count(*)::int as n from identities where platform_id = 'ou_twin'`);
    expect(linked[0]?.n).toBe(0);
    people = people.filter(({ platformId }) => platformId !== 'ou_twin');
  });

  it('whoever stands in departments that could not be read keeps their place', async () => {
    people = people.map((one) => (one.platformId === 'ou_2' ? { ...one, departmentIds: ['unread'] } : one));
    const { failures } = await run();
    expect(failures).toEqual([{ what: 'person E2', reason: 'department-unknown' }]);
    expect((await placesOf('E2')).at(-1)).toMatchObject({ name: '研发部', to_day: null });
  });
});

describe('a hint', () => {
  const who = { channel: 'feishu', account: 'cli_test' } as const;

  it('reads one person again', async () => {
    people = people.map((one) => (one.platformId === 'ou_1' ? { ...one, name: '张大满' } : one));
    expect(await refetch(deps, { ...who, platformId: 'ou_1' })).toBe('changed');
    const [row] = await rowsOf<{ name: string }>(sql`select name from employees where number = 'E1'`);
    expect(row?.name).toBe('张大满');
  });

  it('removes nobody by itself', async () => {
    expect(await refetch(deps, { ...who, platformId: 'ou_missing' })).toBe('gone');
    expect(await employed()).toContain('E2');
  });
});
