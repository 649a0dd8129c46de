import ExcelJS from 'exceljs';

/** The cells of each sheet, without its empty places. */
export async function workbookRows(bytes: Buffer): Promise<Record<string, unknown[][]>> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  return Object.fromEntries(
    workbook.worksheets.map((sheet) => [
      sheet.name,
      sheet.getSheetValues().flatMap((row) => (Array.isArray(row) ? [row.slice(1)] : [])),
    ]),
  );
}

const ENTRY = Buffer.from('504b0102', 'hex');

/** The different times of the parts of an archive, as its directory gives them. */
export function packedAt(bytes: Buffer): string[] {
  const times = new Set<string>();
  for (let at = bytes.indexOf(ENTRY); at !== -1; at = bytes.indexOf(ENTRY, at + 4)) {
    const [time, date] = [bytes.readUInt16LE(at + 12), bytes.readUInt16LE(at + 14)];
    const two = (n: number) => String(n).padStart(2, '0');
    const day = `${(date >> 9) + 1980}-${two((date >> 5) & 15)}-${two(date & 31)}`;
    times.add(`${day} ${two(time >> 11)}:${two((time >> 5) & 63)}`);
  }
  return [...times];
}
