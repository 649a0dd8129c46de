/** What a spreadsheet takes for a formula when a cell begins so. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
/** What a spreadsheet turns into a number or a date when it opens a CSV file: leading zeros and long digits are lost. */
const RETYPED = /^'*(?:0\d|\d{12}|\d+[eE]\d|\d+[-/.]\d)[\d\-/.eE]*$/;

export interface CellGuard {
  /** The cell as it is written. */
  guarded(cell: string): string;
  /** The cell as it was before. */
  unguarded(cell: string): string;
}

/**
 * A cell that a spreadsheet would not leave as it is gets an apostrophe in front, and loses it again when it is read;
 * one that begins with an apostrophe already gets one more. `asText` leaves digits alone: in a workbook the cells are
 * text by their format.
 */
export function cellGuard({ asText }: { asText: boolean }): CellGuard {
  const endangered = (cell: string): boolean => FORMULA.test(cell) || (!asText && RETYPED.test(cell));
  return {
    guarded: (cell) => (endangered(cell) ? `'${cell}` : cell),
    unguarded: (cell) => (cell.startsWith("'") && endangered(cell) ? cell.slice(1) : cell),
  };
}
