import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { readTable } from '#src/content/tables.ts';
import { Temporal } from '#src/kernel/time.ts';

const columns = {
  number: { names: ['工号', 'Employee no.'], required: true },
  name: { names: ['姓名', 'Name'], required: true },
  joinedOn: { names: ['入职日期', 'Joined on'] },
} as const;

const read = (text: string | Uint8Array, more: { name?: string; locale?: 'zh-CN' | 'en' } = {}) =>
  readTable(Buffer.from(text as string), { columns, ...more });

/** `工号,姓名⏎001,张三⏎` in GB18030, which Node can read but not write. */
const GB18030 = Buffer.from('b9a4bac52cd0d5c3fb0a3030312cd5c5c8fd0a', 'hex');

async function workbook(fill: (book: ExcelJS.Workbook) => void): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  fill(book);
  return Buffer.from(await book.xlsx.writeBuffer());
}

describe('a CSV table', () => {
  it.each([
    ['UTF-8', Buffer.from('工号,姓名\n001,张三\n')],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff工号,姓名\r\n001,张三\r\n')],
    ['GB18030', GB18030],
    ['UTF-16', Buffer.from('\ufeff工号\t姓名\n001\t张三\n', 'utf16le')],
    ['tabs', Buffer.from('工号\t姓名\n001\t张三')],
    ['semicolons', Buffer.from('工号;姓名\n001;张三')],
    ['English headings', Buffer.from('EMPLOYEE_NO,Name\n001,张三')],
    ['full-width headings with blanks', Buffer.from(' 工 号 ,姓名＊\n001,张三')],
  ])('is read with %s', async (_name, bytes) => {
    expect((await read(bytes)).rows).toEqual([{ line: 2, cells: { number: '001', name: '张三' } }]);
  });

  it('tells lines as an editor counts them, empty and quoted lines included', async () => {
    const { rows } = await read('工号,姓名\n\n1,"张\n三"\n,\n2,李四\n');
    expect(rows.map((row) => [row.line, row.cells.number])).toEqual([
      [3, '1'],
      [6, '2'],
    ]);
  });

  it('reports columns that nobody asked for', async () => {
    expect((await read('工号,星座,姓名\n1,狮子,张三')).unknownColumns).toEqual(['星座']);
  });

  it('marks a row that a comma too many has shifted', async () => {
    expect((await read('工号,姓名\n1,张,三\n2,李四,\n')).rows.map((row) => row.shifted)).toEqual([
      true,
      undefined,
    ]);
  });

  it('names every required column that is missing in one sentence', async () => {
    await expect(read('员工编码,部门\n1,2', { name: '员工.csv' })).rejects.toThrow(
      '员工.csv 缺少必需的列 「工号」「姓名」；文件里有的列是 「员工编码」「部门」。',
    );
    await expect(read('Name\nA', { name: 'e.csv', locale: 'en' })).rejects.toThrow(
      'e.csv lacks the required column "Employee no."; its columns are "Name".',
    );
  });

  it('refuses a column that stands twice, an empty file, a picture and a quote that is never closed', async () => {
    await expect(read('工号,姓名,姓名\n1,a,b')).rejects.toThrow('「姓名」一列出现了不止一次');
    await expect(read('\n\n')).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(read(Buffer.from([0x89, 0x50, 0, 0, 0xff, 0xff]))).rejects.toThrow('编码的文本');
    await expect(read('工号,姓名\n1,"张三\n2,李四\n', { name: 'e.csv' })).rejects.toThrow('e.csv 第');
  });

  it('holds no more than 300,000 rows', async () => {
    await expect(read(`工号,姓名\n${'1,a\n'.repeat(300_001)}`)).rejects.toThrow('超过 300,000 行');
  });
});

describe('an XLSX table', () => {
  let folder = '';
  let people: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cuhuo-tables-'));
    people = await workbook((book) => {
      const departments = book.addWorksheet('部门');
      departments.addRow(['工号', '姓名']);
      departments.addRow(['D', '不是这张']);
      const sheet = book.addWorksheet('员工');
      sheet.addRow([]);
      sheet.addRow(['工号', '姓名', '入职日期']);
      sheet.addRow(['007', { richText: [{ text: '张' }, { text: '三' }] }, new Date(Date.UTC(2026, 10, 22))]);
      sheet.addRow([8, { formula: '"李"&"四"', result: '李四' }, 46348]);
      sheet.addRow([]);
      sheet.addRow(['009', '王五 <总> & 副', '2026-11-22']);
      sheet.getColumn(3).numFmt = 'yyyy-mm-dd';
      sheet.getCell('C4').numFmt = 'General';
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('keeps text, numbers and days apart and finds the sheet by its name', async () => {
    const table = await readTable(people, { columns, sheet: { names: ['员工', 'employees'] } });
    expect(table.rows).toEqual([
      { line: 3, cells: { number: '007', name: '张三', joinedOn: Temporal.PlainDate.from('2026-11-22') } },
      { line: 4, cells: { number: 8, name: '李四', joinedOn: 46348 } },
      { line: 6, cells: { number: '009', name: '王五 <总> & 副', joinedOn: '2026-11-22' } },
    ]);
  });

  it('takes the first sheet unless only a named one will do', async () => {
    const first = await readTable(people, { columns, sheet: { names: ['nobody'] } });
    expect(first.rows[0]?.cells.name).toBe('不是这张');
    const none = await readTable(people, { columns, sheet: { names: ['nobody'], onlyNamed: true } });
    expect(none.rows).toEqual([]);
  });

  it('says in one sentence which file is broken, wherever it was cut', async () => {
    for (const length of [0, 3, 40, 1_000, Math.floor(people.length / 2), people.length - 1]) {
      const path = join(folder, '花名册.xlsx');
      await writeFile(path, people.subarray(0, length));
      await expect(readTable(path, { columns })).rejects.toThrow('花名册.xlsx 不是完整的 XLSX 工作簿');
    }
  });

  it('notices a bit that flipped within a sheet', async () => {
    const flipped = Buffer.from(people);
    const at = flipped.indexOf('xl/worksheets/sheet1.xml') + 60;
    flipped[at] = (flipped[at] ?? 0) ^ 0xff;
    await expect(readTable(flipped, { columns, name: 'f.xlsx' })).rejects.toThrow('f.xlsx 不是完整的');
  });

  it('notices content that unpacks well and is not what was packed', async () => {
    const changed = Buffer.from(people);
    let at = changed.indexOf(Buffer.from('504b0102', 'hex'));
    for (; at >= 0; at = changed.indexOf(Buffer.from('504b0102', 'hex'), at + 4))
      changed.writeUInt32LE(1, at + 16);
    await expect(readTable(changed, { columns, name: 'c.xlsx' })).rejects.toThrow('c.xlsx 不是完整的');
  });

  it('does not unpack an entry beyond what the directory admits', async () => {
    const lying = Buffer.from(people);
    let at = lying.indexOf(Buffer.from('504b0102', 'hex'));
    for (; at >= 0; at = lying.indexOf(Buffer.from('504b0102', 'hex'), at + 4))
      lying.writeUInt32LE(5, at + 24);
    await expect(readTable(lying, { columns })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('refuses old workbooks, files that are not there and files above 50 MB', async () => {
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(100)]);
    await expect(readTable(old, { columns, name: '旧.xls' })).rejects.toThrow('旧.xls 是旧版 .xls');
    await expect(readTable(join(folder, '没有.csv'), { columns })).rejects.toThrow('没有.csv');
    await expect(readTable(Buffer.alloc(50 * 1024 * 1024 + 1), { columns })).rejects.toThrow('超过 50 MB');
  });
});
