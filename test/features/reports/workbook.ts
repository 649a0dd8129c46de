import { Writable } from 'node:stream';
import ExcelJS from 'exceljs';

/** Collects what is written to it. */
export function collector(): { out: Writable; bytes: () => Buffer } {
  const chunks: Buffer[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { out, bytes: () => Buffer.concat(chunks) };
}

export async function openWorkbook(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ExcelJS.Buffer);
  return workbook;
}

export function sheetOf(workbook: ExcelJS.Workbook, name: string): ExcelJS.Worksheet {
  const sheet = workbook.getWorksheet(name);
  if (sheet === undefined)
    throw new Error(`no sheet ${name}: ${workbook.worksheets.map((one) => one.name).join(', ')}`);
  return sheet;
}

/** The rows of a sheet by their headings. */
export function rowsOf(sheet: ExcelJS.Worksheet): Record<string, ExcelJS.CellValue>[] {
  const headings = headingsOf(sheet);
  const rows: Record<string, ExcelJS.CellValue>[] = [];
  sheet.eachRow((row, line) => {
    if (line > 1)
      rows.push(
        Object.fromEntries(headings.map((heading, index) => [heading, row.getCell(index + 1).value])),
      );
  });
  return rows;
}

export function headingsOf(sheet: ExcelJS.Worksheet): string[] {
  return (sheet.getRow(1).values as string[]).slice(1);
}
