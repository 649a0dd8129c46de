import { Readable } from 'node:stream';
import ExcelJS from 'exceljs';
import { UserError } from '../kernel/errors.ts';
import { Temporal } from '../kernel/time.ts';
import type { Cell, RawRow } from './cells.ts';
import type { TableTexts } from './tables.text.ts';
import { openZip, storedZip, type ZipEntry } from './zip.ts';

const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
const OLD_WORKBOOK = Buffer.from('d0cf11e0a1b11ae1', 'hex');

export interface SheetChoice {
  /** The sheet by one of these names, else the first one. */
  names: readonly string[];
  /** No rows instead of the first sheet when none has one of the names. */
  onlyNamed?: boolean;
}

/** The rows of one sheet of a workbook. Throws UserError with one sentence when the file is not whole. */
export async function* readXlsx(
  bytes: Uint8Array,
  choice: SheetChoice,
  context: { name: string; text: TableTexts },
): AsyncGenerator<RawRow> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.subarray(0, 8).equals(OLD_WORKBOOK)) throw new UserError(context.text.oldWorkbook(context.name));
  try {
    const parts = await partsOf(file, choice);
    if (parts !== null) yield* rowsOf(parts);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(context.text.brokenWorkbook(context.name), { reason: String(error) });
  }
}

/**
 * What the streaming reader of exceljs needs, in the order in which it needs it. As files come, a sheet may stand
 * before the strings and styles that explain it, and the reader then takes dates for numbers and loses sheet names.
 */
async function partsOf(file: Buffer, choice: SheetChoice): Promise<Buffer[] | null> {
  const entries = openZip(file);
  const unpacked = [...entries.values()].reduce((sum, entry) => sum + entry.size, 0);
  if (unpacked > MAX_UNPACKED_BYTES) throw new Error(`unpacks to ${unpacked} bytes`);
  const workbook = await textOf(entries, 'xl/workbook.xml');
  const relations = await textOf(entries, 'xl/_rels/workbook.xml.rels');
  const sheet = chosenSheet(workbook, choice);
  if (sheet === null) return null;
  const target = tags(relations, 'Relationship').find((relation) => relation['Id'] === sheet['r:id'])?.[
    'Target'
  ];
  const path = target?.startsWith('/') ? target.slice(1) : `xl/${target}`;
  const date1904 = /date1904="(1|true)"/.test(workbook);
  const optional = ['xl/styles.xml', 'xl/sharedStrings.xml'].filter((name) => entries.has(name));
  return storedZip([
    { name: 'xl/workbook.xml', bytes: Buffer.from(plainWorkbook(date1904)) },
    { name: 'xl/_rels/workbook.xml.rels', bytes: Buffer.from(NO_RELATIONS) },
    ...(await Promise.all(optional.map(async (name) => ({ name, bytes: await contentOf(entries, name) })))),
    ...(entries.has('xl/sharedStrings.xml')
      ? []
      : [{ name: 'xl/sharedStrings.xml', bytes: Buffer.from(NO_STRINGS) }]),
    { name: 'xl/worksheets/sheet1.xml', bytes: await contentOf(entries, path) },
  ]);
}

const NO_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>';
const NO_STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>';
const plainWorkbook = (date1904: boolean): string =>
  `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
  `<workbookPr date1904="${date1904 ? 1 : 0}"/><sheets/></workbook>`;

function chosenSheet(workbook: string, choice: SheetChoice): Record<string, string> | null {
  const sheets = tags(workbook, 'sheet');
  const wanted = choice.names.map(sheetForm);
  const named = sheets.find((sheet) => wanted.includes(sheetForm(sheet['name'] ?? '')));
  if (named !== undefined) return named;
  if (choice.onlyNamed) return null;
  const first = sheets.find((sheet) => (sheet['state'] ?? 'visible') === 'visible');
  if (first === undefined) throw new Error('the workbook has no visible sheet');
  return first;
}

const sheetForm = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** The attributes of each element of this name, with or without a namespace prefix. */
function tags(xml: string, name: string): Record<string, string>[] {
  return [...xml.matchAll(new RegExp(`<(?:\\w+:)?${name}\\s([^>]*?)/?>`, 'g'))].map(([, attributes = '']) =>
    Object.fromEntries(
      [...attributes.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, key, double, single]) => [
        key,
        unescaped(double ?? single ?? ''),
      ]),
    ),
  );
}

function unescaped(value: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return value.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

async function textOf(entries: Map<string, ZipEntry>, name: string): Promise<string> {
  return (await contentOf(entries, name)).toString('utf8');
}

async function contentOf(entries: Map<string, ZipEntry>, name: string): Promise<Buffer> {
  const entry = entries.get(name);
  if (entry === undefined) throw new Error(`${name} is missing`);
  return entry.unpack();
}

async function* rowsOf(parts: Buffer[]): AsyncGenerator<RawRow> {
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(Readable.from(parts), {
    worksheets: 'emit',
    sharedStrings: 'cache',
    styles: 'cache',
    hyperlinks: 'ignore',
  });
  for await (const sheet of reader) {
    for await (const row of sheet) {
      const values = row.values as ExcelJS.CellValue[];
      yield { line: row.number, cells: Array.from(values.slice(1), cellOf) };
    }
  }
}

function cellOf(value: ExcelJS.CellValue | undefined): Cell {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isNaN(value) ? '' : value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? '' : Temporal.PlainDate.from(value.toISOString().slice(0, 10));
  }
  if ('richText' in value) return value.richText.map((part) => part.text).join('');
  if ('error' in value) return value.error;
  if ('result' in value) return cellOf(value.result);
  if ('text' in value) return cellOf(value.text as ExcelJS.CellValue);
  return '';
}
