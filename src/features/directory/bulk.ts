import { type SQL, sql } from 'drizzle-orm';

const BATCH = 20_000;

/**
 * Rows as one parameter of a statement, to select from: `from ${recordset(rows, 'id uuid, name text')}` names them
 * `r`. A set of any size is one statement, where a list of values ends at 65,535 parameters.
 */
export function recordset(rows: readonly object[], columns: string): SQL {
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as r(${sql.raw(columns)})`;
}

/** Values as one parameter, to compare with: `= any(${textArray(codes)})`. */
export function textArray(values: readonly string[]): SQL {
  return sql`${sql.param([...values])}::text[]`;
}

export function uuidArray(values: readonly string[]): SQL {
  return sql`${sql.param([...values])}::uuid[]`;
}

/** Runs `write` on the rows in sets that PostgreSQL and the network take well. */
export async function inBatches<Row>(
  rows: readonly Row[],
  write: (batch: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH) await write(rows.slice(start, start + BATCH));
}
