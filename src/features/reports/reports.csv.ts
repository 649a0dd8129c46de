import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { Cell, CellKind, Table } from './reports.table.ts';
import { markedColumns, type Watermark } from './reports.watermark.ts';

/**
 * Writes one table as CSV: UTF-8 with a byte order mark, because Excel takes it for the local code page otherwise, and
 * lines that end with CR LF (RFC 4180). Long ids keep their digits in the file; whoever opens it in Excel by a double
 * click loses leading zeros there, so for Excel there is XLSX.
 */
export async function writeCsv(
  table: Table<unknown>,
  out: Writable,
  options: { signal?: AbortSignal; mark?: Watermark } = {},
): Promise<void> {
  const { signal, mark } = options;
  const columns = mark === undefined ? table.columns : markedColumns(table.columns, mark);
  const put = async (lines: Cell[][]): Promise<void> => {
    signal?.throwIfAborted();
    if (!out.write(stringify(lines, { record_delimiter: '\r\n' }))) {
      await once(out, 'drain', signal === undefined ? {} : { signal });
    }
  };
  out.write('\ufeff');
  await put([columns.map(({ heading }) => heading)]);
  for await (const batch of table.rows) {
    await put(batch.map((row) => columns.map((column) => written(column.kind, column.of(row)))));
  }
  out.end();
}

function written(kind: CellKind, cell: Cell): string | number | null {
  if (!(cell instanceof Date)) return cell;
  const iso = cell.toISOString();
  return kind === 'day' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}
