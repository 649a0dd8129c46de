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

const purposeWord = /(?:^|[\s,，;；])(?:用途|用于|for)\s*[:：]?(.*)$/isu;

/**
 * What stands behind 导出打卡: a month, then what for. The purpose follows 用途, or simply the month: `2026-11 年终考核`.
 * `month` is undefined when it is no month; nothing said of it is the month of `today`.
 */
export function askedFor(
  argument: string,
  today: Temporal.PlainDate,
): { month: Temporal.PlainYearMonth | undefined; purpose: string | undefined } {
  const named = purposeWord.exec(argument);
  const rest = named === null ? argument : argument.slice(0, named.index);
  const purpose = named?.[1];
  const whole = monthOf(rest, today);
  if (whole !== undefined || named !== null) return { month: whole, purpose: tidyPurpose(purpose) };
  const words = rest.trim().split(/\s+/);
  for (let length = words.length - 1; length > 0; length -= 1) {
    const month = monthOf(words.slice(0, length).join(' '), today);
    if (month !== undefined) return { month, purpose: tidyPurpose(words.slice(length).join(' ')) };
  }
  return { month: undefined, purpose: undefined };
}

const MOST_OF_PURPOSE = 200;

/** One line without what no sheet can hold; undefined when nothing is left to read. */
function tidyPurpose(said: string | undefined): string | undefined {
  const line = Array.from((said ?? '').replace(/[\p{Cc}\s]+/gu, ' ').trim())
    .slice(0, MOST_OF_PURPOSE)
    .join('');
  return line === '' ? undefined : line;
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
