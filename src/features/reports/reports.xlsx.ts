import { type EventEmitter, once } from 'node:events';
import type { Writable } from 'node:stream';
import ExcelJS from 'exceljs';
import type { CellKind, Table } from './reports.table.ts';
import { noteTable, pageMarks, type Watermark } from './reports.watermark.ts';

/** A sheet holds 1,048,576 rows; the first has the headings. */
const MOST_ROWS = 1_048_575;

export const formats: Record<CellKind, string> = {
  text: '@',
  day: 'yyyy-mm-dd',
  time: 'yyyy-mm-dd hh:mm:ss',
  count: '0',
  share: '0.0%',
  number: '0.00',
};

/** Level 1 packs nearly as well as 6 here, in a third of the time. */
export const workbookOptions = { useStyles: true, useSharedStrings: false, zip: { zlib: { level: 1 } } };

interface WriteOptions {
  mostRows?: number;
  signal?: AbortSignal;
  mark?: Watermark;
  /** The one moment that the file says, instead of now: the same tables then make the same bytes. */
  madeAt?: Date;
}

/**
 * Writes the tables as sheets, one after the other, in constant memory. A table that is longer than a sheet goes on in
 * `明细 2`, `明细 3`, each with its headings. With a `mark`, every page that is printed carries it and the sheet `导出说明`
 * comes last. Resolves when everything has been handed to `out`.
 */
export async function writeXlsx(
  tables: readonly Table<unknown>[],
  out: Writable,
  options: WriteOptions = {},
): Promise<void> {
  const { madeAt } = options;
  const given = { ...workbookOptions, stream: out };
  const workbook =
    madeAt === undefined
      ? new ExcelJS.stream.xlsx.WorkbookWriter(given)
      : new StillWorkbook({ ...given, created: madeAt, modified: madeAt });
  workbook.creator = 'Cuhuo';
  for (const table of tables) await writeTable(workbook, table, options);
  if (options.mark !== undefined) await writeTable(workbook, noteTable(options.mark), { mark: options.mark });
  await workbook.commit();
}

/** The parts of exceljs that its types leave out: the archive behind a workbook, and the first thing written to it. */
interface Packing {
  zip: { append(source: unknown, data: Record<string, unknown>): unknown };
  addThemes(): Promise<void>;
}

const Workbook = ExcelJS.stream.xlsx.WorkbookWriter as unknown as new (
  options: object,
) => ExcelJS.stream.xlsx.WorkbookWriter & Packing;

/**
 * A workbook that says one moment instead of now, in its properties and for every part in its archive, so that the same
 * tables make the same bytes. The first parts are packed while it is being constructed. The packer writes times in UTC,
 * wherever the server stands.
 */
class StillWorkbook extends Workbook {
  override addThemes(): Promise<void> {
    const { zip, created: date } = this;
    const append = zip.append.bind(zip);
    zip.append = (source, data) => append(source, { ...data, date });
    return super.addThemes();
  }
}

async function writeTable(
  workbook: ExcelJS.stream.xlsx.WorkbookWriter,
  table: Table<unknown>,
  { mostRows = MOST_ROWS, signal, mark }: WriteOptions,
): Promise<void> {
  let part = 1;
  let sheet = addSheet(workbook, table, part, mark);
  let rows = 0;
  for await (const batch of table.rows) {
    for (const row of batch) {
      if (rows === mostRows) {
        sheet.commit();
        part += 1;
        sheet = addSheet(workbook, table, part, mark);
        rows = 0;
      }
      sheet.addRow(table.columns.map((column) => column.of(row))).commit();
      rows += 1;
    }
    await drained(sheet, signal);
  }
  sheet.commit();
}

function addSheet(
  workbook: ExcelJS.stream.xlsx.WorkbookWriter,
  table: Table<unknown>,
  part: number,
  mark: Watermark | undefined,
): ExcelJS.Worksheet {
  const sheet = workbook.addWorksheet(part === 1 ? table.name : `${table.name} ${part}`, {
    views: [{ state: 'frozen', ySplit: 1 }],
    ...(mark === undefined ? {} : { headerFooter: pageMarks(mark) }),
  });
  sheet.columns = table.columns.map(({ kind, width }) => ({ width, style: { numFmt: formats[kind] } }));
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: table.columns.length } };
  const headings = sheet.addRow(table.columns.map(({ heading }) => heading));
  headings.eachCell((cell) => {
    cell.style = { font: { bold: true }, numFmt: formats.text };
  });
  headings.commit();
  return sheet;
}

/** The parts of exceljs and of the packer behind it that their types leave out: where rows wait to be packed. */
interface SheetStream {
  stream?: { pipes?: (EventEmitter & { _writableState?: { needDrain?: boolean } })[] };
}

/**
 * Waits until the packer has caught up. exceljs takes rows without ever saying stop and would keep what is not packed
 * yet in memory (exceljs issues 464 and 734, read 2026-11-23), so the pipe behind the sheet is asked: a stream of
 * readable-stream 2, which tells its state only there.
 */
async function drained(sheet: ExcelJS.Worksheet, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  for (const pipe of (sheet as unknown as SheetStream).stream?.pipes ?? []) {
    if (pipe._writableState?.needDrain) await once(pipe, 'drain', signal === undefined ? {} : { signal });
  }
}
