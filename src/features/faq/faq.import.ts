import { isDeepStrictEqual } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { isStorable } from '../../kernel/shapes.ts';
import { Temporal } from '../../kernel/time.ts';
import { type FaqFile, faqFileSchema } from './faq.schema.ts';
import { type FaqContent, faqEntries, faqRevision, faqVersions } from './faq.tables.ts';

export const MOST_ENTRIES = 20_000;

export type FaqOutcome = 'created' | 'updated' | 'unchanged' | 'refused';

export interface FaqRow {
  /** As an editor counts; in JSON the place in the list, from 1. */
  line: number;
  id: string;
  outcome: FaqOutcome;
  problems: string[];
}

export interface FaqImported {
  totals: Record<FaqOutcome, number>;
  rows: FaqRow[];
}

/** What somebody wants to import, not looked at yet. */
export interface GivenEntry {
  line: number;
  entry: unknown;
}

/**
 * Writes entries by their ids and says of every row what became of it; a row that is not right is refused and the
 * others are written. The same rows again change nothing; an entry that is missing stays as it is; a retired one that
 * is given again comes back. Rejects with UserError when there are more than 20,000.
 */
export async function importEntries(
  tx: Db,
  given: readonly GivenEntry[],
  at: Temporal.Instant,
  /** Whether a picture or file is here; an entry whose file is missing is taken, and the report says so. */
  hasFile: (file: string) => boolean = () => true,
): Promise<FaqImported> {
  if (given.length > MOST_ENTRIES) {
    throw new UserError(`${given.length} entries are more than the ${MOST_ENTRIES} that one import takes`);
  }
  // Two imports go one after the other, so that versions count up without gaps.
  await lockEntries(tx);
  const known = new Map((await tx.select().from(faqEntries)).map((row) => [row.key, row]));
  const seen = new Set<string>();
  const rows: FaqRow[] = [];
  const writes: Write[] = [];
  for (const { line, entry } of given) {
    const { file, problems } = check(entry);
    if (file !== undefined && seen.has(file.id))
      problems.push(`id: ${file.id} stands in a row before this one`);
    if (file === undefined || problems.length > 0) {
      rows.push({ line, id: file?.id ?? idIn(entry), outcome: 'refused', problems });
      continue;
    }
    seen.add(file.id);
    const before = known.get(file.id);
    const content = contentOf(file);
    const same =
      before !== undefined && before.retiredAt === null && isDeepStrictEqual(content, contentIn(before));
    const outcome = before === undefined ? 'created' : same ? 'unchanged' : 'updated';
    if (outcome !== 'unchanged')
      writes.push({ id: before?.id ?? newId(), key: file.id, content, version: (before?.version ?? 0) + 1 });
    const missing = file.attachments.filter((one) => !hasFile(one.file));
    rows.push({
      line,
      id: file.id,
      outcome,
      problems: missing.map(({ name }) => `attachments: ${name} is not on this machine; upload it again`),
    });
  }
  await write(tx, writes, at);
  const totals = { created: 0, updated: 0, unchanged: 0, refused: 0 };
  for (const { outcome } of rows) totals[outcome] += 1;
  return { totals, rows };
}

interface Write {
  id: string;
  key: string;
  content: FaqContent;
  version: number;
}

async function write(tx: Db, writes: readonly Write[], at: Temporal.Instant): Promise<void> {
  if (writes.length === 0) return;
  for (let start = 0; start < writes.length; start += 500) {
    const batch = writes.slice(start, start + 500);
    const excluded = (column: string) => sql.raw(`excluded.${column}`);
    await tx
      .insert(faqEntries)
      .values(
        batch.map(({ id, key, content, version }) => ({
          id,
          key,
          ...columnsOf(content),
          version,
          updatedAt: at,
          retiredAt: null,
        })),
      )
      .onConflictDoUpdate({
        target: faqEntries.key,
        set: {
          question: excluded('question'),
          similar: excluded('similar'),
          answer: excluded('answer'),
          steps: excluded('steps'),
          attachments: excluded('attachments'),
          tags: excluded('tags'),
          productVersion: excluded('product_version'),
          departments: excluded('departments'),
          validFrom: excluded('valid_from'),
          validUntil: excluded('valid_until'),
          review: excluded('review'),
          active: excluded('active'),
          version: excluded('version'),
          updatedAt: excluded('updated_at'),
          retiredAt: excluded('retired_at'),
        },
      });
    await tx
      .insert(faqVersions)
      .values(batch.map(({ id, content, version }) => ({ entryId: id, version, content, at })));
  }
  await countRevision(tx);
}

/** Retires an entry: it is not answered with any more. Resolves to whether anything changed. */
export async function retireEntry(tx: Db, id: string, at: Temporal.Instant): Promise<void> {
  await tx.update(faqEntries).set({ retiredAt: at }).where(eq(faqEntries.id, id));
  await countRevision(tx);
}

/** Tells every process that its index is old. */
export async function countRevision(tx: Db): Promise<void> {
  await tx
    .insert(faqRevision)
    .values({ id: 1, revision: 1 })
    .onConflictDoUpdate({ target: faqRevision.id, set: { revision: sql`${faqRevision.revision} + 1` } });
}

const ENTRIES_LOCK = 7_220_772;

export async function lockEntries(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${ENTRIES_LOCK})`);
}

function check(entry: unknown): { file?: FaqFile; problems: string[] } {
  const parsed = faqFileSchema.safeParse(entry);
  if (!parsed.success) {
    return { problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  }
  return isStorable(parsed.data)
    ? { file: parsed.data, problems: [] }
    : { problems: ['must not contain U+0000'] };
}

function idIn(entry: unknown): string {
  const id = z.object({ id: z.string() }).safeParse(entry);
  return id.success ? id.data.id.slice(0, 100) : '';
}

export function contentOf(file: FaqFile): FaqContent {
  const { id: _id, version, validFrom, validUntil, ...rest } = file;
  return {
    ...rest,
    productVersion: version ?? null,
    validFrom: validFrom ?? null,
    validUntil: validUntil ?? null,
  };
}

export type EntryRow = typeof faqEntries.$inferSelect;

export function contentIn(row: EntryRow): FaqContent {
  const { question, similar, answer, steps, attachments, tags } = row;
  const { productVersion, departments, review, active } = row;
  const days = {
    validFrom: row.validFrom?.toString() ?? null,
    validUntil: row.validUntil?.toString() ?? null,
  };
  const words = { question, similar, answer, steps, attachments, tags };
  return { ...words, productVersion, departments, review, active, ...days };
}

function columnsOf({ validFrom, validUntil, ...rest }: FaqContent) {
  const dayOf = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));
  return { ...rest, validFrom: dayOf(validFrom), validUntil: dayOf(validUntil) };
}
