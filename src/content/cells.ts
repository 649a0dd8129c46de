import type { Temporal } from '../kernel/time.ts';

/** What a cell holds. A CSV file knows only text; a workbook tells numbers and days apart. */
export type Cell = string | number | boolean | Temporal.PlainDate;

export interface RawRow {
  /** As an editor or Excel counts: the header is usually line 1. */
  line: number;
  cells: Cell[];
}

export function isBlank(cell: Cell): boolean {
  return typeof cell === 'string' && cell.trim() === '';
}
