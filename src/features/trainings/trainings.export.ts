import ExcelJS from 'exceljs';
import type { Locale } from '../../chat/locale.ts';
import { Temporal } from '../../kernel/time.ts';
import { harmless } from '../reports/index.ts';
import type { PersonRow } from './trainings.lists.ts';
import { sheetText } from './trainings.sheet.text.ts';

/** Sign-ups and attendance as a workbook; no cell of it can be read as a formula. Moments are those of `zone`. */
export async function peopleWorkbook(
  people: readonly PersonRow[],
  { zone, locale }: { zone: string; locale: Locale },
): Promise<Buffer> {
  const t = sheetText[locale];
  const workbook = new ExcelJS.Workbook();
  workbook.creator = 'Cuhuo';
  const sheet = workbook.addWorksheet(t.sheet, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.addRow(t.headings).font = { bold: true };
  const moment = (iso: string | null): string =>
    iso === null
      ? ''
      : Temporal.Instant.from(iso)
          .toZonedDateTimeISO(zone)
          .toPlainDateTime()
          .toString({ smallestUnit: 'second' })
          .replace('T', ' ');
  const yesNo = (is: boolean): string => (is ? t.yes : t.no);
  for (const one of people) {
    sheet.addRow([
      harmless(one.number),
      harmless(one.name),
      harmless(one.department ?? ''),
      t.standing[one.standing],
      moment(one.movedUpAt),
      yesNo(one.present),
      moment(one.arrivedAt),
      yesNo(one.late),
      one.minutes,
      one.source === null ? '' : t.source[one.source],
      one.grade === null ? '' : t.grade[one.grade],
      harmless(one.reason ?? ''),
    ]);
  }
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
