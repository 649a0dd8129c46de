/** A `Date` stands for a local day or wall-clock time: its UTC fields are what people read. */
export type Cell = string | number | Date | null;

/** `share` is a number shown in per cent, `number` one with two places. */
export type CellKind = 'text' | 'day' | 'time' | 'count' | 'share' | 'number';

export interface Column<Row> {
  heading: string;
  kind: CellKind;
  /** In characters, as spreadsheets count. */
  width: number;
  of(row: Row): Cell;
}

/** One table to be written, its rows in batches as the database gives them. */
export interface Table<Row> {
  name: string;
  columns: readonly Column<Row>[];
  rows: AsyncIterable<readonly Row[]>;
}
