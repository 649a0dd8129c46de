import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../kernel/errors.ts';
import { type Cell, isBlank, type RawRow } from './cells.ts';
import { type Columns, type Header, readHeader } from './columns.ts';
import { readCsv } from './csv.ts';
import { tableTexts } from './tables.text.ts';
import { readXlsx, type SheetChoice } from './xlsx.ts';

export type { Cell } from './cells.ts';
export type { Columns } from './columns.ts';

const MAX_MEGABYTES = 50;
const MAX_ROWS = 300_000;

export interface Row<Key extends string = string> {
  line: number;
  /** An empty cell is `''`; a column that the file does not have is absent. */
  cells: Partial<Record<Key, Cell>>;
  /** The row has more filled cells than the header, so a comma too many has shifted them. */
  shifted?: true;
}

export interface Table<Key extends string = string> {
  rows: Row<Key>[];
  /** Headings that nobody asked for, as they stand in the file. */
  unknownColumns: string[];
}

export interface ReadTableOptions<Key extends string> {
  columns: Columns<Key>;
  /** Found out from the content when absent. */
  format?: 'csv' | 'xlsx';
  /** Which sheet of a workbook; the first one when absent. */
  sheet?: SheetChoice;
  /** What to call a buffer in sentences: the name under which it was uploaded. */
  name?: string;
  locale?: keyof typeof tableTexts;
}

/**
 * Reads a CSV or XLSX file of at most 50 MB and 300,000 rows by its header row. Empty rows are left out.
 * Rejects with UserError, in one sentence that names the file, when it is broken, too large, or lacks a column.
 */
export async function readTable<Key extends string>(
  source: string | Uint8Array,
  options: ReadTableOptions<Key>,
): Promise<Table<Key>> {
  const locale = options.locale ?? 'zh-CN';
  const text = tableTexts[locale];
  const name = options.name ?? (typeof source === 'string' ? basename(source) : 'file');
  const context = { name, text, english: locale === 'en' };
  const bytes = await bytesOf(source, context);
  const raw =
    (options.format ?? formatOf(name, bytes)) === 'xlsx'
      ? readXlsx(bytes, options.sheet ?? { names: [] }, context)
      : readCsv(bytes, context);
  let header: Header<Key> | undefined;
  const rows: Row<Key>[] = [];
  for await (const row of raw) {
    if (row.cells.every(isBlank)) continue;
    if (header === undefined) {
      header = readHeader(row.cells.map(String), options.columns, context);
    } else {
      if (rows.length === MAX_ROWS) throw new UserError(text.tooManyRows(name, MAX_ROWS));
      rows.push(rowOf(row, header.keys));
    }
  }
  if (header === undefined && !options.sheet?.onlyNamed) throw new UserError(text.empty(name));
  return { rows, unknownColumns: header?.unknown ?? [] };
}

async function bytesOf(
  source: string | Uint8Array,
  { name, text }: { name: string; text: (typeof tableTexts)['zh-CN'] },
): Promise<Uint8Array> {
  const limit = MAX_MEGABYTES * 1024 * 1024;
  if (typeof source !== 'string') {
    if (source.length > limit) throw new UserError(text.tooLarge(name, MAX_MEGABYTES));
    return source;
  }
  const info = await stat(source).catch(() => null);
  if (!info?.isFile()) throw new UserError(text.missingFile(name));
  if (info.size > limit) throw new UserError(text.tooLarge(name, MAX_MEGABYTES));
  return readFile(source).catch(() => {
    throw new UserError(text.missingFile(name));
  });
}

/** The name decides where it can, so that a workbook which is not one is called broken instead of read as text. */
function formatOf(name: string, bytes: Uint8Array): 'csv' | 'xlsx' {
  if (/\.xlsx?$/i.test(name)) return 'xlsx';
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  return start === '504b0304' || start === 'd0cf11e0' ? 'xlsx' : 'csv';
}

function rowOf<Key extends string>(row: RawRow, keys: readonly (Key | null)[]): Row<Key> {
  const cells: Partial<Record<Key, Cell>> = {};
  keys.forEach((key, position) => {
    if (key !== null) cells[key] = row.cells[position] ?? '';
  });
  const shifted = row.cells.length > keys.length && !row.cells.slice(keys.length).every(isBlank);
  return shifted ? { line: row.line, cells, shifted } : { line: row.line, cells };
}
