import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';

const ROWS_A_FETCH = 1_000;

/**
 * Reads a query through a cursor of the caller's transaction, batch by batch: neither side ever holds the whole. The
 * next batch is under way while the caller works on the one before.
 */
export async function* readByCursor<Row extends Record<string, unknown>>(
  tx: Db,
  name: string,
  query: SQL,
): AsyncGenerator<Row[]> {
  const cursor = sql.identifier(name);
  const fetch = async (): Promise<Row[]> =>
    (await tx.execute(sql`fetch ${sql.raw(String(ROWS_A_FETCH))} from ${cursor}`)).rows as Row[];
  await tx.execute(sql`declare ${cursor} no scroll cursor for ${query}`);
  let coming = fetch();
  for (;;) {
    const rows = await coming;
    if (rows.length === 0) break;
    coming = fetch();
    // Whoever stops reading early never awaits this one.
    coming.catch(() => undefined);
    yield rows;
  }
  await tx.execute(sql`close ${cursor}`);
}

/** Plans the queries of this transaction for a whole result, not for its first rows; compiling takes longer than it saves. */
export async function readWhole(tx: Db): Promise<void> {
  await tx.execute(sql`set local cursor_tuple_fraction = 1`);
  await tx.execute(sql`set local jit = off`);
  await tx.execute(sql`set local work_mem = '64MB'`);
}
