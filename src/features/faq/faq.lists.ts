import { and, asc, desc, eq, gt, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { EntryRow } from './faq.import.ts';
import { faqEntries, faqMisses } from './faq.tables.ts';

export interface EntriesQuery {
  search?: string | undefined;
  retired: 'true' | 'false' | 'all';
  after: string | undefined;
  limit: number;
}

/** Entries by key. */
export async function entriesAfter(
  tx: Db,
  { search, retired, after, limit }: EntriesQuery,
): Promise<EntryRow[]> {
  const retiredness = {
    true: isNotNull(faqEntries.retiredAt),
    false: isNull(faqEntries.retiredAt),
    all: undefined,
  };
  return tx
    .select()
    .from(faqEntries)
    .where(
      and(
        after === undefined ? undefined : gt(faqEntries.key, after),
        search === undefined ? undefined : matches(search),
        retiredness[retired],
      ),
    )
    .orderBy(asc(faqEntries.key))
    .limit(limit);
}

function matches(search: string): SQL | undefined {
  const pattern = `%${search.normalize('NFKC').replace(/[\\%_]/g, '\\$&')}%`;
  return or(
    ...[faqEntries.key, faqEntries.question, faqEntries.answer].map(
      (column) => sql`${column} ilike ${pattern}`,
    ),
  );
}

/** Rejects with AppError `faq.not-found`. */
export async function entryByKey(tx: Db, key: string): Promise<EntryRow> {
  const [found] = await tx.select().from(faqEntries).where(eq(faqEntries.key, key));
  if (found === undefined) {
    throw new AppError('faq.not-found', `there is no entry with the id ${key}`, { details: { id: key } });
  }
  return found;
}

export type Miss = typeof faqMisses.$inferSelect;

/** Misses, the newest first. */
export async function missesBefore(
  tx: Db,
  { before, limit }: { before: { at: string; id: string } | undefined; limit: number },
): Promise<Miss[]> {
  return tx
    .select()
    .from(faqMisses)
    .where(
      before === undefined
        ? undefined
        : sql`(${faqMisses.at}, ${faqMisses.id}) < (${before.at}::timestamptz, ${before.id}::uuid)`,
    )
    .orderBy(desc(faqMisses.at), desc(faqMisses.id))
    .limit(limit);
}
