import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'drizzle-orm';
import ExcelJS from 'exceljs';
import pg from 'pg';
import { audit } from '#src/features/audit/audit.tables.ts';
import {
  employees,
  employeeZones,
  identities,
  memberships,
} from '#src/features/directory/directory.tables.ts';
import {
  departmentOn,
  importDirectory,
  liaisonScope,
  listDepartments,
  listEmployees,
  readDirectory,
} from '#src/features/directory/index.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { actorAt, DEPARTMENTS, day, HEADINGS, imports, instant, people, told } from './organisation.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.execute(
    sql`truncate departments, employees, employee_zones, memberships, identities, employee_roles, audit cascade`,
  );
});

const idOf = async (number: string): Promise<string> => {
  const rows = await database.db.select().from(employees).where(sql`number = ${number}`);
  return rows[0]?.id ?? 'nobody';
};
const codeOn = async (number: string, iso: string): Promise<string | null> =>
  (await departmentOn(database.db, await idOf(number), day(iso)))?.code ?? null;

describe('a first import', () => {
  it('creates departments and people with everything their rows say', async () => {
    const row = '001,张三,EAST,RD,销售代表,America/New_York,en,liaison;hr,SALES;RD,2024-07-08,,advanced';
    const report = await imports(
      database.db,
      { departments: DEPARTMENTS, employees: people(HEADINGS, row) },
      '2026-11-22',
    );
    expect(report).toMatchObject({
      summary: '导入完成：部门 新增 4；员工 新增 1。',
      changed: true,
      totals: { departments: { created: 4 }, employees: { created: 1 } },
    });
    const found = await actorAt(database.db, '001', '2026-11-22T12:00Z');
    expect(found).toMatchObject({
      number: '001',
      name: '张三',
      zone: 'America/New_York',
      locale: 'en',
      level: 'advanced',
      roles: expect.arrayContaining(['liaison', 'hr']),
    });
    expect(await codeOn('001', '2026-11-22')).toBe('EAST');
    const scope = await liaisonScope(database.db, await idOf('001'), day('2026-11-22'));
    const codes = (await listDepartments(database.db))
      .filter(({ id }) => scope.includes(id))
      .map(({ code }) => code);
    expect(codes).toEqual(['EAST', 'RD', 'SALES']);
  });

  it('imports the organisation that is shipped, and again without a change', async () => {
    const folder = 'config/content/office-suite/organisation';
    const files = { departments: `${folder}/departments.csv`, employees: `${folder}/employees.csv` };
    const options = {
      at: instant('2026-11-22T04:00Z'),
      asOf: day('2026-11-22'),
      actor: { kind: 'cli', id: 'x' },
    } as const;
    const first = await importDirectory(database.db, await readDirectory(files), options);
    expect(told([...first.departments, ...first.employees].filter((row) => row.problems.length > 0))).toEqual(
      [],
    );
    expect(first.totals.employees.created).toBeGreaterThan(250);
    const again = await importDirectory(database.db, await readDirectory(files), {
      ...options,
      complete: true,
    });
    expect(again).toMatchObject({ changed: false, summary: '导入完成：没有任何变化。', absent: [] });
  });

  it('fills in Shanghai, Chinese and beginner, and imports a person without a department with a warning', async () => {
    const report = await imports(
      database.db,
      { employees: people('工号,姓名,部门编码', '7,李四,') },
      '2026-11-22',
    );
    expect(told(report.employees)).toEqual([
      '2 created | 第 2 行「部门编码」：没有填写部门，已按没有部门导入。',
    ]);
    const { items } = await listEmployees(database.db, { day: day('2026-11-22'), limit: 10 });
    expect(items).toMatchObject([
      { number: '7', zone: 'Asia/Shanghai', locale: 'zh-CN', level: 'beginner', department: null },
    ]);
  });

  it('makes codes of full-width letters and stray blanks, and reads roles and levels in Chinese', async () => {
    const row = '　Ｅ００１ ,王五, ＥＡＳＴ　,,,,中文,接口人；运营,ＲＤ、ＳＡＬＥＳ,2026年1月5日,,中级';
    const report = await imports(
      database.db,
      { departments: DEPARTMENTS, employees: people(HEADINGS, row) },
      '2026-11-22',
    );
    expect(told(report.employees)).toEqual(['2 created']);
    const { items } = await listEmployees(database.db, { day: day('2026-11-22'), limit: 10 });
    expect(items).toMatchObject([{ number: 'E001', level: 'intermediate', department: { code: 'EAST' } }]);
    expect(items[0]?.joinedOn?.toString()).toBe('2026-01-05');
    expect(items[0]?.roles.toSorted()).toEqual(['liaison', 'operator']);
  });

  it('takes a number cell among texts for its digits and says so', async () => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('部门').addRows([
      ['部门编码', '部门名称'],
      ['RD', '研发部'],
    ]);
    const sheet = book.addWorksheet('员工');
    sheet.addRows([
      ['工号', '姓名', '部门编码', '入职日期'],
      ['007', '张三', 'RD', new Date(Date.UTC(2026, 10, 1))],
      [42, '李四', 'RD', 46348],
    ]);
    const workbook = Buffer.from(await book.xlsx.writeBuffer());
    const report = await importDirectory(database.db, await readDirectory({ workbook }), {
      at: instant('2026-11-22T04:00Z'),
      asOf: day('2026-11-22'),
      actor: { kind: 'cli', id: 'x' },
    });
    expect(told(report.employees)).toEqual([
      '2 created',
      expect.stringContaining('3 created | 第 3 行「工号」：这一格是数字，其他行是文本；已按 42 导入'),
    ]);
    const { items } = await listEmployees(database.db, { day: day('2026-11-22'), limit: 10 });
    expect(items.map(({ number, joinedOn }) => `${number} ${joinedOn?.toString()}`).toSorted()).toEqual([
      '007 2026-11-01',
      '42 2026-11-22',
    ]);
  });
});

describe('a row that is wrong', () => {
  it.each([
    [
      'an unknown department',
      '1,甲,NONE,,,,,,,,,',
      '第 2 行「部门编码」：没有编码为 NONE 的部门；请先在部门表里加上它，或改成已有的编码。',
    ],
    ['an unknown second post', '1,甲,RD,NONE,,,,,,,,', '「兼职部门编码」：没有编码为 NONE 的部门'],
    ['no number', ',甲,RD,,,,,,,,,', '「工号」：不能为空'],
    ['no name', '1,,RD,,,,,,,,,', '「姓名」：不能为空'],
    ['a zone that is none', '1,甲,RD,,,Asia/Beijing,,,,,,', '「时区」：没有时区“Asia/Beijing”'],
    ['an offset for a zone', '1,甲,RD,,,+08:00,,,,,,', '请写成 Asia/Shanghai 这样的名称'],
    ['a language we do not speak', '1,甲,RD,,,,fr,,,,,', '「语言」：不认识语言“fr”'],
    ['a role that is none', '1,甲,RD,,,,,boss,,,,', '「角色」：不认识角色“boss”'],
    ['a liaison without departments', '1,甲,RD,,,,,liaison,,,,', '「接口部门编码」：角色有 liaison'],
    [
      'a liaison for an unknown department',
      '1,甲,RD,,,,,liaison,NONE,,,',
      '「接口部门编码」：没有编码为 NONE 的部门',
    ],
    ['a level that is none', '1,甲,RD,,,,,,,,,大师', '「水平」：不认识水平“大师”'],
    ['a day that does not exist', '1,甲,RD,,,,,,,2026-02-30,,', '「入职日期」：“2026-02-30”不是日期'],
    [
      'leaving before joining',
      '1,甲,RD,,,,,,,2026-02-03,2026-01-01,',
      '「离职日期」：离职日期早于入职日期 2026-02-03',
    ],
    ['digits that Excel lost', '1.23457E+17,甲,RD,,,,,,,,,', '「工号」：Excel 已把它变成数字'],
    ['an Excel error', '1,#N/A,RD,,,,,,,,,', '「姓名」：单元格里是 Excel 的错误值 #N/A'],
    ['a comma too many', '1,甲,RD,,,,,,,,,,beginner', '这一行的格数多于表头'],
    ['a name as long as a novel', `1,${'长'.repeat(101)},RD,,,,,,,,,`, '「姓名」：不能超过 100 个字'],
  ])('is refused for %s, and the good row beside it is imported', async (_name, row, sentence) => {
    const employees = people(HEADINGS, row, '2,乙,RD,,,,,,,,,');
    const report = await imports(database.db, { departments: DEPARTMENTS, employees }, '2026-11-22');
    expect(report.employees.map(({ outcome }) => outcome)).toEqual(['refused', 'created']);
    expect(report.employees[0]?.problems.join()).toContain(sentence);
    expect((await listEmployees(database.db, { day: day('2026-11-22'), limit: 10 })).items).toHaveLength(1);
  });

  it('is refused wherever one 工号 stands twice, because nobody can tell which is right', async () => {
    const employees = people('工号,姓名,部门编码', '1,甲,RD', '2,乙,RD', '１,丙,EAST');
    const report = await imports(database.db, { departments: DEPARTMENTS, employees }, '2026-11-22');
    expect(told(report.employees)).toEqual([
      '2 refused | 第 2 行「工号」：1 在第 2、4 行重复出现，请只保留一行。',
      '3 created',
      '4 refused | 第 4 行「工号」：1 在第 2、4 行重复出现，请只保留一行。',
    ]);
  });

  it('is told in English to who reads English', async () => {
    const employees = people('number,name,department', '1,A,NONE');
    const report = await imports(database.db, { employees }, '2026-11-22', { locale: 'en' });
    expect(told(report.employees)).toEqual([
      '2 refused | Line 2, "Department code": there is no department with the code NONE; please add it to the departments or use an existing code.',
    ]);
  });
});

describe('departments', () => {
  const header = '部门编码,部门名称,上级部门编码';

  it('are refused when they go round in a circle, with the way round', async () => {
    const departments = people(header, 'A,甲,B', 'B,乙,C', 'C,丙,A', 'D,丁,', 'E,戊,E', 'F,己,A');
    const report = await imports(database.db, { departments }, '2026-11-22');
    expect(told(report.departments)).toEqual([
      expect.stringContaining('2 refused | 第 2 行「上级部门编码」：上级关系绕成了一圈：A → B → C → A'),
      expect.stringContaining('3 refused'),
      expect.stringContaining('4 refused'),
      '5 created',
      expect.stringContaining('6 refused | 第 6 行「上级部门编码」：上级关系绕成了一圈：E → E'),
      expect.stringContaining('7 refused | 第 7 行「上级部门编码」：上级部门 A 没有导入'),
    ]);
  });

  it('are refused when the circle closes through a department that is not in the file', async () => {
    await imports(database.db, { departments: people(header, 'A,甲,', 'B,乙,A', 'C,丙,B') }, '2026-11-22');
    const report = await imports(database.db, { departments: people(header, 'A,甲,C') }, '2026-11-23');
    expect(told(report.departments)[0]).toContain('A → C → B → A');
  });

  it('may stand in any order, be renamed and be moved; an unknown parent is refused', async () => {
    await imports(database.db, { departments: people(header, 'C,丙,B', 'B,乙,A', 'A,甲,') }, '2026-11-22');
    const departments = people(header, 'A,甲部,', 'B,乙,A', 'C,丙,A', 'D,丁,X');
    const report = await imports(database.db, { departments }, '2026-11-23');
    expect(report.departments.map(({ outcome }) => outcome)).toEqual([
      'updated',
      'unchanged',
      'moved',
      'refused',
    ]);
    expect((await listDepartments(database.db)).map(({ name, parentCode }) => [name, parentCode])).toEqual([
      ['甲部', null],
      ['乙', 'A'],
      ['丙', 'A'],
    ]);
  });
});

describe('as time goes by', () => {
  const columns = '工号,姓名,部门编码,兼职部门编码,时区,角色,接口部门编码,离职日期';
  const first = people(columns, '1,甲,SALES,RD,,hr,,', '2,乙,SALES,,,liaison,SALES,', '3,丙,RD,,,,,');
  beforeEach(() => imports(database.db, { departments: DEPARTMENTS, employees: first }, '2026-10-01'));

  it('a move ends one membership on the eve and opens another, and last month stays as it was', async () => {
    const report = await imports(
      database.db,
      { employees: people(columns, '1,甲,EAST,RD,,hr,,') },
      '2026-11-22',
    );
    expect(told(report.employees)).toEqual(['2 moved']);
    expect(await codeOn('1', '2026-10-31')).toBe('SALES');
    expect(await codeOn('1', '2026-11-21')).toBe('SALES');
    expect(await codeOn('1', '2026-11-22')).toBe('EAST');
    expect(await codeOn('1', '2026-09-30')).toBe(null);
  });

  it('a leaver keeps the past, loses memberships and roles and is no longer known by account', async () => {
    const report = await imports(
      database.db,
      { employees: people(columns, '2,乙,SALES,,,liaison,SALES,2026-11-21') },
      '2026-11-22',
    );
    expect(told(report.employees)).toEqual(['2 left']);
    expect(await codeOn('2', '2026-11-21')).toBe('SALES');
    expect(await codeOn('2', '2026-11-22')).toBe(null);
    expect(await liaisonScope(database.db, await idOf('2'), day('2026-11-22'))).toEqual([]);
    const known = async (at: string) => (await actorAt(database.db, '2', at)) !== undefined;
    expect(await known('2026-11-21T15:59:00Z')).toBe(true);
    expect(await known('2026-11-21T16:00:00Z')).toBe(false);
  });

  it('leaving that is announced ends things on that day, and can be taken back', async () => {
    const leaving = people(columns, '2,乙,SALES,,,liaison,SALES,2026-12-31');
    await imports(database.db, { employees: leaving }, '2026-11-22');
    expect(await codeOn('2', '2026-12-31')).toBe('SALES');
    expect(await codeOn('2', '2027-01-01')).toBe(null);
    const report = await imports(database.db, { employees: first }, '2026-11-23');
    expect(told(report.employees)).toEqual(['2 unchanged', '3 updated', '4 unchanged']);
    expect(await codeOn('2', '2027-01-01')).toBe('SALES');
  });

  it('a leaving that is heard of late changes no department of the past', async () => {
    await imports(database.db, { employees: people(columns, '3,丙,RD,,,,,2026-10-15') }, '2026-11-22');
    expect(await codeOn('3', '2026-10-31')).toBe('RD');
    expect(await codeOn('3', '2026-11-22')).toBe(null);
  });

  it('a rejoiner gets new rows and the gap stays a gap', async () => {
    await imports(database.db, { employees: people(columns, '1,甲,SALES,RD,,hr,,2026-10-20') }, '2026-10-21');
    const report = await imports(database.db, { employees: people(columns, '1,甲,EAST,,,,,') }, '2026-11-22');
    expect(told(report.employees)).toEqual(['2 rejoined']);
    expect([
      await codeOn('1', '2026-10-20'),
      await codeOn('1', '2026-11-01'),
      await codeOn('1', '2026-11-22'),
    ]).toEqual(['SALES', null, 'EAST']);
    const found = await actorAt(database.db, '1', '2026-11-22T04:00Z');
    expect(found?.roles).toEqual([]);
  });

  it('a second post comes and goes by itself, and a column that is absent leaves it alone', async () => {
    const short = people('工号,姓名,部门编码', '1,甲,SALES');
    expect(told((await imports(database.db, { employees: short }, '2026-11-01')).employees)).toEqual([
      '2 unchanged',
    ]);
    const without = people(columns, '1,甲,SALES,,,hr,,');
    expect(told((await imports(database.db, { employees: without }, '2026-11-02')).employees)).toEqual([
      '2 updated',
    ]);
    const rows = await database.db
      .select()
      .from(memberships)
      .where(sql`employee_id = ${await idOf('1')}`);
    expect(rows.map(({ main, toDay }) => `${main} ${toDay?.toString()}`).toSorted()).toEqual([
      'false 2026-11-01',
      'true undefined',
    ]);
  });

  it('a new zone holds from the moment of the import, the old one before', async () => {
    const report = await imports(
      database.db,
      { employees: people(columns, '3,丙,RD,,Europe/Berlin,,,') },
      '2026-11-22',
    );
    expect(told(report.employees)).toEqual(['2 updated']);
    const zone = async (at: string) => (await actorAt(database.db, '3', at))?.zone;
    expect(await zone('2026-11-22T03:59:59Z')).toBe('Asia/Shanghai');
    expect(await zone('2026-11-22T04:00:00Z')).toBe('Europe/Berlin');
    expect(await zone('2026-10-01T00:00:00Z')).toBe('Asia/Shanghai');
    expect(await database.db.$count(employeeZones)).toBe(4);
  });

  it('a correction on the same day leaves no membership that never was', async () => {
    await imports(database.db, { employees: people(columns, '3,丙,EAST,,,,,') }, '2026-11-22');
    await imports(database.db, { employees: people(columns, '3,丙,SALES,,,,,') }, '2026-11-22');
    const rows = await database.db
      .select()
      .from(memberships)
      .where(sql`employee_id = ${await idOf('3')}`);
    expect(rows).toHaveLength(2);
    expect(await codeOn('3', '2026-11-22')).toBe('SALES');
  });

  it('news older than what is known is refused with the day to use', async () => {
    await imports(database.db, { employees: people(columns, '3,丙,EAST,,,,,') }, '2026-11-22');
    const late = { at: instant('2026-11-23T04:00Z') };
    const report = await imports(
      database.db,
      { employees: people(columns, '3,丙,SALES,,,,,') },
      '2026-11-10',
      late,
    );
    expect(told(report.employees)[0]).toContain('此人在 2026-11-22 已有更新的记录，不能再按 2026-11-10 导入');
  });

  it('a day that has not begun anywhere is refused as the day of an import', async () => {
    const early = { at: instant('2026-11-20T09:59:00Z') };
    await expect(imports(database.db, { employees: first }, '2026-11-21', early)).rejects.toThrow(
      '2026-11-21 在将来',
    );
    await expect(
      imports(database.db, { employees: first }, '2026-11-21', { at: instant('2026-11-20T10:00Z') }),
    ).resolves.toMatchObject({ changed: false });
  });

  it('the same file again changes nothing, says so and leaves no line in the audit', async () => {
    const before = await database.db.$count(audit);
    const report = await imports(database.db, { departments: DEPARTMENTS, employees: first }, '2026-11-22');
    expect(report).toMatchObject({ changed: false, summary: '导入完成：没有任何变化。' });
    expect(report.totals.employees).toMatchObject({ unchanged: 3 });
    expect(await database.db.$count(audit)).toBe(before);
    expect(await database.db.$count(memberships)).toBe(4);
  });
});

describe('a complete file', () => {
  const columns = '工号,姓名,部门编码';
  const forty = Array.from({ length: 40 }, (_, i) => `${i + 1},员工${i + 1},RD`);
  const without = (count: number) => people(columns, ...forty.slice(count));
  beforeEach(() =>
    imports(database.db, { departments: DEPARTMENTS, employees: people(columns, ...forty) }, '2026-10-01'),
  );

  it('means that whoever is missing left on the eve', async () => {
    const report = await imports(database.db, { employees: without(2) }, '2026-11-22', { complete: true });
    expect(report.absent.map(({ number, outcome }) => `${number} ${outcome}`).toSorted()).toEqual([
      '1 left',
      '2 left',
    ]);
    expect(report.totals.employees).toMatchObject({ left: 2, unchanged: 38 });
    expect(await codeOn('1', '2026-11-21')).toBe('RD');
    expect(await codeOn('1', '2026-11-22')).toBe(null);
  });

  it('removes nobody when more than 5 % would go, until somebody confirms it', async () => {
    const report = await imports(database.db, { employees: without(3) }, '2026-11-22', { complete: true });
    expect(report).toMatchObject({
      changed: false,
      absent: [{ outcome: 'held' }, { outcome: 'held' }, { outcome: 'held' }],
    });
    expect(report.notices[0]).toContain('3 人，超过一次最多 2 人');
    const confirmed = await imports(database.db, { employees: without(3) }, '2026-11-22', {
      complete: true,
      confirmed: true,
    });
    expect(confirmed.totals.employees.left).toBe(3);
  });

  it('removes nobody while a row cannot be told', async () => {
    const employees = `${without(1)}1.2E+15,员工1,RD\n`;
    const report = await imports(database.db, { employees }, '2026-11-22', { complete: true });
    expect(report.notices[0]).toContain('有的行读不出工号');
    expect(report.absent).toEqual([{ number: '1', name: '员工1', outcome: 'held' }]);
  });

  it('does not take somebody for a leaver whose row was refused', async () => {
    const employees = `${without(1)}1,员工1,NONE\n`;
    const report = await imports(database.db, { employees }, '2026-11-22', { complete: true });
    expect(report.absent).toEqual([]);
  });

  it('removes nobody when it holds no row at all', async () => {
    const report = await imports(database.db, { employees: `${columns}\n` }, '2026-11-22', {
      complete: true,
      confirmed: true,
    });
    expect(report).toMatchObject({ changed: false, absent: [] });
  });
});

it('takes no more statements for thousands of people than for ten', async () => {
  const statementsFor = async (prefix: string, count: number): Promise<number> => {
    const rows = Array.from(
      { length: count },
      (_, i) => `${prefix}${i},员工${i},${i % 2 ? 'RD' : 'EAST'},SALES,,,en,hr,,2024-07-08,,`,
    );
    const query = jest.spyOn(pg.Client.prototype, 'query');
    await imports(
      database.db,
      { departments: DEPARTMENTS, employees: people(HEADINGS, ...rows) },
      '2026-11-22',
    );
    const statements = query.mock.calls.length;
    query.mockRestore();
    return statements;
  };
  await statementsFor('A', 1);
  expect(await statementsFor('C', 3_000)).toBe(await statementsFor('B', 10));
  expect(await database.db.$count(identities)).toBe(3_011);
});

it('lets two imports at once go one after the other', async () => {
  const employees = people('工号,姓名,部门编码', '1,甲,RD', '2,乙,RD');
  const reports = await Promise.all(
    [1, 2, 3].map(() => imports(database.db, { departments: DEPARTMENTS, employees }, '2026-11-22')),
  );
  expect(reports.filter(({ changed }) => changed)).toHaveLength(1);
});
