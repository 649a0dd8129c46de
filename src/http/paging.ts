import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';

export { pageOf, pageQuery } from './paging.api.ts';

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/**
 * Where the page before ended, as `page` wrote it. Throws AppError `paging.bad-cursor` for anything else.
 *
 * @example
 * const after = readCursor(query.cursor, z.object({ id: z.string() }));
 * const rows = await tx.select().from(tips).where(after && gt(tips.id, after.id)).orderBy(tips.id).limit(query.limit + 1);
 * return page(rows, query.limit, ({ id }) => ({ id }));
 */
export function readCursor<Schema extends z.ZodType>(
  cursor: string | undefined,
  schema: Schema,
): z.output<Schema> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(decode(cursor));
  if (!parsed.success)
    throw new AppError('paging.bad-cursor', 'use a nextCursor as it came, with the same list');
  return parsed.data;
}

/** Makes a page of `rows`, which were read with a limit of `limit + 1`: the extra one says that more follow. */
export function page<Row>(rows: readonly Row[], limit: number, cursorOf: (last: Row) => unknown): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encode(cursorOf(last)) : null };
}

/**
 * A page of a short list that is read whole, in the order of the list. Whoever asks on after an item that has gone
 * meanwhile gets the list from its beginning.
 */
export function pageAmong<Row>(
  rows: readonly Row[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  keyOf: (row: Row) => string,
): Page<Row> {
  const after = readCursor(cursor, z.object({ key: z.string().max(500) }))?.key;
  const from = after === undefined ? 0 : rows.findIndex((row) => keyOf(row) === after) + 1;
  return page(rows.slice(from, from + limit + 1), limit, (row) => ({ key: keyOf(row) }));
}

function encode(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
