import type { Cell, Columns, Row } from '../../content/tables.ts';
import { codeIn, hasLostDigits, isExcelError, textIn } from './cell-values.ts';
import type { DirectoryTexts } from './directory.text.ts';

const MAX_CODE = 64;
const MAX_TEXT = 100;

/** What one import is told in: its sentences and which heading names a column. */
export interface Wording {
  text: DirectoryTexts;
  english: boolean;
}

/** Reads the cells of one row and collects what is wrong with them, as sentences with line and column. */
export interface RowReader<Key extends string> {
  /** What keeps the row from being imported. */
  faults: string[];
  /** What somebody should look at although the row is imported. */
  warnings: string[];
  has(key: Key): boolean;
  cell(key: Key): Cell | undefined;
  /** A text of at most 100 characters; empty is a fault where `required`. */
  text(key: Key, required?: boolean): string;
  /** A code of at most 64 characters. */
  code(key: Key, required?: boolean): string;
  fault(key: Key, what: string): void;
  warn(key: Key, what: string): void;
}

/** `textual` are the columns in which some cell holds text: a number among texts may have lost its leading zeros. */
export function readRow<Key extends string>(
  row: Row<Key>,
  columns: Columns<Key>,
  textual: ReadonlySet<NoInfer<Key>>,
  { text, english }: Wording,
): RowReader<Key> {
  const say = (key: Key, what: string): string =>
    text.at(row.line, columns[key].names[english ? 1 : 0], what);
  const first = (Object.keys(columns) as Key[])[0] as Key;
  const reader: RowReader<Key> = {
    faults: row.shifted ? [say(first, text.shifted)] : [],
    warnings: [],
    has: (key) => row.cells[key] !== undefined,
    cell: (key) => row.cells[key],
    text: (key, required) => checked(key, textIn(row.cells[key]), MAX_TEXT, required),
    code(key, required) {
      const cell = row.cells[key];
      const code = checked(key, codeIn(cell), MAX_CODE, required);
      if (hasLostDigits(cell)) reader.fault(key, text.lostDigits(code));
      else if (typeof cell === 'number' && textual.has(key)) reader.warn(key, text.wasNumber(code));
      return code;
    },
    fault: (key, what) => reader.faults.push(say(key, what)),
    warn: (key, what) => reader.warnings.push(say(key, what)),
  };
  const checked = (key: Key, value: string, max: number, required = false): string => {
    if (required && value === '') reader.fault(key, text.empty);
    if (isExcelError(value)) reader.fault(key, text.excelError(value));
    if (value.length > max) reader.fault(key, text.tooLong(max));
    return value;
  };
  return reader;
}

/** The columns of `keys` in which at least one cell holds text. */
export function textualColumns<Key extends string>(
  rows: readonly Row<Key>[],
  keys: readonly Key[],
): Set<Key> {
  return new Set(
    keys.filter((key) =>
      rows.some(({ cells }) => {
        const cell: Cell | undefined = cells[key];
        return typeof cell === 'string' && cell.trim() !== '';
      }),
    ),
  );
}

/** The lines on which each code stands, for those that stand more than once. */
export function repeated(rows: readonly { line: number; code: string }[]): Map<string, number[]> {
  const lines = new Map<string, number[]>();
  for (const { line, code } of rows) {
    const before = lines.get(code);
    if (before === undefined) lines.set(code, [line]);
    else before.push(line);
  }
  for (const [code, found] of lines) if (found.length === 1 || code === '') lines.delete(code);
  return lines;
}
