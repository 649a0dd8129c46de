import { and, desc, eq, gte, inArray } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError, UserError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import { alikeIndex } from './engine/alike.ts';
import { contentIn, importEntries } from './faq.import.ts';
import { entryByKey, type Miss } from './faq.lists.ts';
import type { FaqFile } from './faq.schema.ts';
import { faqMisses } from './faq.tables.ts';

/** Misses that ask the same thing, the most frequent wording first. */
export interface MissCluster {
  question: string;
  count: number;
  /** How many departments asked. */
  departments: number;
  /** Wordings, each once. */
  texts: string[];
  ids: string[];
  /** The entry that came nearest for most of them. */
  nearest: string | null;
  lastAt: Temporal.Instant;
}

/** More would only find what is rare. */
const MOST_MISSES = 2_000;
/** From this share in common on, two misses ask the same. */
const SAME = 0.55;

/** What was missed since then and nobody has dealt with, in clusters, the largest first. */
export async function missClusters(
  tx: Db,
  { since, limit }: { since: Temporal.Instant; limit: number },
): Promise<MissCluster[]> {
  const misses = await tx
    .select()
    .from(faqMisses)
    .where(and(eq(faqMisses.state, 'open'), gte(faqMisses.at, since)))
    .orderBy(desc(faqMisses.at), desc(faqMisses.id))
    .limit(MOST_MISSES);
  return clustered(misses).slice(0, limit);
}

/** Each wording joins the most frequent wording that says the same; chains of likeness are not followed. */
export function clustered(misses: readonly Miss[]): MissCluster[] {
  const byText = new Map<string, Miss[]>();
  for (const miss of misses) byText.set(miss.text, [...(byText.get(miss.text) ?? []), miss]);
  const texts = [...byText].sort((a, b) => b[1].length - a[1].length).map(([text]) => text);
  const index = alikeIndex(texts.map((text, place) => ({ id: String(place), text })));
  const taken = new Set<number>();
  const clusters: MissCluster[] = [];
  for (const [place, text] of texts.entries()) {
    if (taken.has(place)) continue;
    const near = index
      .nearest(text, { not: String(place), limit: 40 })
      .filter(({ id, share }) => share >= SAME && !taken.has(Number(id)))
      .map(({ id }) => Number(id));
    const places = [place, ...near];
    for (const one of places) taken.add(one);
    clusters.push(
      clusterOf(
        places.map((one) => texts[one] ?? ''),
        byText,
      ),
    );
  }
  return clusters.sort((a, b) => b.count - a.count);
}

function clusterOf(texts: string[], byText: ReadonlyMap<string, Miss[]>): MissCluster {
  const all = texts.flatMap((text) => byText.get(text) ?? []);
  const times = all.map(({ at }) => at).sort((a, b) => b.since(a).sign);
  return {
    question: texts[0] ?? '',
    count: all.length,
    departments: new Set(all.map(({ department }) => department)).size,
    texts,
    ids: all.map(({ id }) => id),
    nearest: mostFrequent(all.flatMap(({ candidates }) => candidates[0]?.key ?? [])),
    lastAt: times[0] as Temporal.Instant,
  };
}

function mostFrequent(keys: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

export type Resolution = { as: 'draft' } | { as: 'similar'; entryKey: string } | { as: 'outside' };

/**
 * Deals with misses: makes a draft entry of them, adds them to an entry as similar questions, or keeps them as none of
 * our business, which calibration learns from. Resolves to the entry's key. Rejects with `faq.not-found`.
 */
export async function resolveMisses(
  tx: Db,
  ids: readonly string[],
  resolution: Resolution,
  at: Temporal.Instant,
): Promise<string | null> {
  const misses = await tx
    .select()
    .from(faqMisses)
    .where(and(inArray(faqMisses.id, [...ids]), eq(faqMisses.state, 'open')))
    .orderBy(desc(faqMisses.at))
    .for('update');
  const [first] = misses;
  if (first === undefined) throw new AppError('faq.no-misses', 'these misses have been dealt with');
  const texts = [...new Set(misses.map(({ text }) => text.replace(/\s+/g, ' ').trim().slice(0, 300)))].filter(
    (text) => text !== '',
  );
  const key = await keyFor(tx, first.id, texts, resolution, at);
  await tx
    .update(faqMisses)
    .set({ state: resolution.as, entryKey: key })
    .where(
      inArray(
        faqMisses.id,
        misses.map(({ id }) => id),
      ),
    );
  return key;
}

async function keyFor(
  tx: Db,
  id: string,
  texts: readonly string[],
  resolution: Resolution,
  at: Temporal.Instant,
): Promise<string | null> {
  switch (resolution.as) {
    case 'outside':
      return null;
    case 'draft': {
      const [question = '', ...similar] = texts;
      const key = `miss-${id}`;
      await write(
        tx,
        { id: key, question, similar: similar.slice(0, 50), tags: ['miss'], review: 'draft' },
        at,
      );
      return key;
    }
    case 'similar': {
      const entry = await entryByKey(tx, resolution.entryKey);
      if (entry.retiredAt !== null) throw new AppError('faq.not-found', 'the entry is retired');
      const similar = [...new Set([...entry.similar, ...texts])].filter((text) => text !== entry.question);
      if (similar.length > 50) throw new UserError('an entry has at most 50 similar questions');
      await write(tx, { ...fileOf(entry.key, contentIn(entry)), similar }, at);
      return entry.key;
    }
  }
}

async function write(tx: Db, entry: Partial<FaqFile>, at: Temporal.Instant): Promise<void> {
  const { rows } = await importEntries(tx, [{ line: 1, entry }], at);
  if (rows[0]?.outcome === 'refused') throw new UserError(rows[0].problems.join('; '));
}

/** An entry as the import takes it: what goes out comes in again unchanged. */
export function fileOf(id: string, content: ReturnType<typeof contentIn>): FaqFile {
  const { productVersion, validFrom, validUntil, ...rest } = content;
  return {
    id,
    ...rest,
    ...(productVersion === null ? {} : { version: productVersion }),
    ...(validFrom === null ? {} : { validFrom }),
    ...(validUntil === null ? {} : { validUntil }),
  };
}
