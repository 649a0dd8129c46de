import { normalise } from '../../chat/words.ts';
import { monthDays, Temporal } from '../../kernel/time.ts';

/** The days that an export covers, both ends included. */
export interface Period {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

const thisMonth = /^(本月|这个月|当月|this month)$/;
const lastMonth = /^(上月|上个月|last month)$/;
/** `2026-11`, `2026/1`, `2026.11`, `2026年11月(份)`, `202611`. */
const written = /^(\d{4})\s?(?:[-‐-―./]|年)\s?(\d{1,2})\s?(?:月份?)?$/;
const solid = /^(\d{4})(\d{2})$/;

/** The month that somebody means; nothing said is the month of `today`. `undefined` when it is no month. */
export function monthOf(argument: string, today: Temporal.PlainDate): Temporal.PlainYearMonth | undefined {
  const said = normalise(argument);
  if (said === '' || thisMonth.test(said)) return today.toPlainYearMonth();
  if (lastMonth.test(said)) return today.toPlainYearMonth().subtract({ months: 1 });
  const parts = written.exec(said) ?? solid.exec(said);
  if (parts === null) return undefined;
  const [year, month] = [Number(parts[1]), Number(parts[2])];
  if (year < 2000 || year > 2100 || month < 1 || month > 12) return undefined;
  return Temporal.PlainYearMonth.from({ year, month });
}

/** `2026-11` for a whole month, else `2026-11-03_2026-11-20`. */
export function periodName({ from, to }: Period): string {
  const month = from.toPlainYearMonth();
  const whole = monthDays(month);
  return whole.from.equals(from) && whole.to.equals(to)
    ? month.toString()
    : `${from.toString()}_${to.toString()}`;
}

export type Shape = { format: 'xlsx' } | { format: 'csv'; part: 'detail' | 'summary' };

/** What other slices have exported: one table. `supplement` is a number from 1, of a closed period. */
export interface OtherShape {
  format: 'xlsx' | 'csv' | 'json';
  supplement?: number;
}

/** `打卡导出-2026-11.xlsx`, `打卡明细-2026-11.csv`, `打卡汇总-2026-11.csv`. */
export function fileNameOf(period: Period, shape: Shape): string {
  const what = shape.format === 'xlsx' ? '导出' : shape.part === 'detail' ? '明细' : '汇总';
  return `打卡${what}-${periodName(period)}.${shape.format}`;
}

/** What a spreadsheet could take for a formula, also behind blanks and in full width. */
const formula = /^[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/**
 * Text that no spreadsheet reads as a formula: one apostrophe goes before what could be. In XLSX the cell is a plain
 * string anyway; the apostrophe is there too, so that the sheet saved as CSV and opened again does no harm either.
 */
export function harmless(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}
