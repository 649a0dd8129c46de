import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import exceljs from 'exceljs';
import { type Rest, rest } from './rest.ts';

let api: Rest;
beforeAll(async () => {
  api = await rest();
});
afterAll(() => api.close());

const numbers = (items: unknown[]) => (items as { number: string }[]).map(({ number }) => number);

describe('departments', () => {
  it('come by code with the code of the one above', async () => {
    const items = (await api.all('departments')) as { code: string; parentCode: string | null }[];
    expect(items).toContainEqual({
      id: expect.any(String),
      code: 'FIN',
      name: '财务部',
      parentCode: 'ROOT',
    });
    expect(items.find(({ code }) => code === 'ROOT')?.parentCode).toBeNull();
  });
});

describe('employees', () => {
  it('come by number, each with department and roles', async () => {
    const { body } = await api.get('employees?limit=2');
    expect(body.items[1]).toEqual({
      id: expect.any(String),
      number: 'E0002',
      name: '周慧兰',
      position: '员工关系专员',
      zone: 'Asia/Shanghai',
      locale: 'zh-CN',
      level: 'intermediate',
      joinedOn: '2018-03-19',
      leftOn: null,
      department: { code: 'HR', name: '人力资源部' },
      roles: ['hr'],
    });
  });

  it('of a department include those of everything below it', async () => {
    const of = async (code: string) =>
      (await api.all(`employees?department=${code}`, { limit: 1000 })) as { department: { code: string } }[];
    const everybody = await of('ROOT');
    const abroad = await of('SALES-INTL');
    const sales = await of('SALES');
    expect(abroad.length).toBeGreaterThan(0);
    expect(new Set(abroad.map(({ department }) => department.code))).toEqual(new Set(['SALES-INTL']));
    expect(sales).toEqual(expect.arrayContaining(abroad));
    expect(sales.length).toBeGreaterThan(abroad.length);
    expect(everybody).toEqual(expect.arrayContaining(sales));
  });

  it('are found by the beginning of a number and by any part of a name', async () => {
    expect(numbers(await api.all('employees?search=e000'))).toHaveLength(9);
    expect(numbers(await api.all(`employees?search=${encodeURIComponent('晓雯')}`))).toContain('E0001');
    expect(numbers(await api.all(`employees?search=${encodeURIComponent('%')}`))).toEqual([]);
  });

  it('are those of a day, with that day’s departments, when a day is given', async () => {
    await api.send('POST', 'employees:import', {
      employees: [
        { number: 'X1', name: '早走', department: 'FIN', joinedOn: '2026-01-05', leftOn: '2026-09-10' },
        { number: 'X2', name: '晚来', department: 'FIN', joinedOn: '2026-09-18' },
      ],
    });
    const on = async (day: string) => numbers(await api.all(`employees?search=X&employedOn=${day}`));
    expect(await on('2026-09-17')).toEqual([]);
    expect(await on('2026-09-10')).toEqual(['X1']);
    expect(await on('2026-09-18')).toEqual(['X2']);
    expect(numbers(await api.all('employees?search=X'))).toEqual(['X1', 'X2']);
  });

  it('one by one with all posts and accounts', async () => {
    const { body } = await api.get('employees/E0001');
    expect(body).toMatchObject({
      number: 'E0001',
      posts: [{ department: { code: 'MKT' }, main: true, to: null }],
      accounts: [{ channel: 'sandbox', account: 'sandbox', platformId: 'E0001' }],
    });
  });

  it.each([
    ['employees/NOBODY', 'employee.not-found'],
    ['employees/NOBODY/evidence', 'employee.not-found'],
    ['employees?department=NONE', 'department.not-found'],
    ['points?employee=NOBODY', 'employee.not-found'],
    ['checkins?employee=NOBODY', 'employee.not-found'],
    ['streaks?department=NONE', 'department.not-found'],
    ['deliveries?employee=NOBODY', 'employee.not-found'],
  ])('%s is a problem that says what is missing', async (path, code) => {
    const { status, body } = await api.get(path);
    expect(status).toBe(404);
    expect(body).toMatchObject({ status: 404, code, type: `urn:cuhuo:problem:${code}` });
  });
});

describe('importing', () => {
  const CSV = 'text/csv; charset=utf-8';
  const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

  it('takes the good rows, and says of the others by line and column what is wrong', async () => {
    const file = [
      '工号,姓名,部门编码,时区,入职日期',
      'N1,新同事,FIN,Asia/Shanghai,2026-09-01',
      'N2,没有部门,NOWHERE,Asia/Shanghai,2026-09-01',
      ',没有工号,FIN,,2026-09-01',
      'N4,日期不对,FIN,,2026-02-30',
      'N5,在纽约,FIN,America/New_York,2026-09-01',
    ].join('\n');
    const refreshed = api.refreshed();
    const { status, body } = await api.send('POST', 'employees:import?kind=employees', file, CSV);
    expect(status).toBe(200);
    expect(body.employees.map((row: { line: number; outcome: string }) => [row.line, row.outcome])).toEqual([
      [2, 'created'],
      [3, 'refused'],
      [4, 'refused'],
      [5, 'refused'],
      [6, 'created'],
    ]);
    expect(body.employees[1].problems[0]).toContain('NOWHERE');
    expect(body.totals.employees).toMatchObject({ created: 2, refused: 3 });
    expect(api.refreshed()).toBe(refreshed + 1);
    const { body: schedules } = await api.get('schedules?job=tips.push&limit=1000');
    const zones = schedules.items.map(({ zone }: { zone: string }) => zone);
    expect(zones).toContain('America/New_York');
  });

  it('says in Chinese what is wrong to whoever reads Chinese', async () => {
    const response = await api.server.inject({
      method: 'POST',
      url: '/api/v1/employees:import?kind=employees&dryRun=true',
      headers: {
        authorization: 'Bearer the-first-administrator',
        'accept-language': 'zh-CN',
        'content-type': CSV,
      },
      payload: '工号,姓名,部门编码\nN9,某人,NOWHERE\n',
    });
    expect(response.json().employees[0].problems[0]).toMatch(/^第 2 行/);
  });

  it('of a dry run reports the same and changes nothing', async () => {
    const rows = {
      departments: [{ code: 'LAB', name: '实验室', parent: 'ROOT' }],
      employees: [{ number: 'D1', name: '试运行', department: 'LAB', roles: ['operator', 'support'] }],
    };
    const refreshed = api.refreshed();
    const lines = await api.audited(async () => {
      const { body } = await api.send('POST', 'employees:import?dryRun=true', rows);
      expect(body).toMatchObject({
        dryRun: true,
        changed: true,
        departments: [{ line: 1, code: 'LAB', outcome: 'created' }],
        employees: [{ line: 1, number: 'D1', outcome: 'created' }],
      });
    });
    expect(lines).toEqual(['directory.preview directory@2026-09-18']);
    expect(api.refreshed()).toBe(refreshed);
    expect((await api.get('employees/D1')).status).toBe(404);

    const { body } = await api.send('POST', 'employees:import', rows);
    expect(body).toMatchObject({ dryRun: false, totals: { employees: { created: 1 } } });
    expect((await api.get('employees/D1')).body.roles).toEqual(['operator', 'support']);
    expect((await api.send('POST', 'employees:import', rows)).body).toMatchObject({ changed: false });
  });

  it('of JSON rows refuses the broken ones alone', async () => {
    const { body } = await api.send('POST', 'employees:import', {
      employees: [{ number: 'J1', name: '好的', department: 'FIN' }, { name: '没有工号' }, { number: 'J3' }],
    });
    expect(body.employees.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'created',
      'refused',
      'refused',
    ]);
  });

  it('takes a workbook with both sheets', async () => {
    const workbook = new exceljs.Workbook();
    workbook.addWorksheet('部门').addRows([
      ['部门编码', '部门名称', '上级部门编码'],
      ['ART', '设计部', 'ROOT'],
    ]);
    workbook.addWorksheet('员工').addRows([
      ['工号', '姓名', '部门编码', '备注'],
      ['007', '设计师', 'ART', '不读'],
    ]);
    const bytes = Buffer.from(await workbook.xlsx.writeBuffer());
    const lines = await api.audited(async () => {
      const { body } = await api.send('POST', 'employees:import', bytes, XLSX);
      expect(body).toMatchObject({
        departments: [{ code: 'ART', outcome: 'created' }],
        employees: [{ line: 2, number: '007', outcome: 'created' }],
        unknownColumns: { departments: [], employees: ['备注'] },
      });
    });
    expect(lines).toEqual(['directory.import directory@2026-09-18']);
  });

  it('keeps everybody when a complete list lacks too many, until somebody confirms', async () => {
    const rows = { employees: [{ number: 'E0001', name: '林晓雯', department: 'MKT' }] };
    const { body } = await api.send('POST', 'employees:import?complete=true&dryRun=true', rows);
    expect(body.absent.length).toBeGreaterThan(100);
    expect(new Set(body.absent.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
      new Set(['held']),
    );
    const confirmed = 'employees:import?complete=true&confirmed=true&dryRun=true';
    expect((await api.send('POST', confirmed, rows)).body.totals.employees.left).toBeGreaterThan(100);
    expect((await api.get('employees/E0002')).body.leftOn).toBeNull();
  });

  it.each([
    ['a CSV that may be either', 'employees:import', CSV, 'a,b', 'input.invalid'],
    [
      'a file without a required column',
      'employees:import?kind=employees',
      CSV,
      '姓名\n某人',
      'input.invalid',
    ],
    ['a workbook that is none', 'employees:import?kind=employees', XLSX, 'hello', 'input.invalid'],
    [
      'a column that nobody knows',
      'employees:import',
      'application/json',
      { employees: [{ nick: 'x' }] },
      'http.invalid',
    ],
    ['a filter that nobody knows', 'employees:import?kinds=employees', CSV, 'a,b', 'http.invalid'],
  ])('refuses %s', async (_name, path, type, payload, code) => {
    expect((await api.send('POST', path, payload, type)).body).toMatchObject({ status: 400, code });
  });

  it('answers a repeat with the same key once', async () => {
    const send = () =>
      api.server.inject({
        method: 'POST',
        url: '/api/v1/employees:import?kind=employees',
        headers: {
          authorization: 'Bearer the-first-administrator',
          'content-type': CSV,
          'idempotency-key': 'import-1',
        },
        payload: '工号,姓名,部门编码\nK1,一次,FIN\n',
      });
    const first = await send();
    expect(first.json().totals.employees.created).toBe(1);
    const second = await send();
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.body).toBe(first.body);
  });
});
