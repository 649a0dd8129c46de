import { z } from 'zod';
import { type Endpoint, postTo } from './endpoint.ts';
import type { Choosable } from './language-model.ts';

/** How near the nearest entry must be, and by how much nearer than the next. */
export interface Nearness {
  atLeast: number;
  lead: number;
}

const vector = z.array(z.number()).min(2).max(10_000);
const answerShape = z.object({
  data: z.array(z.object({ index: z.int().min(0).optional(), embedding: vector })).min(2),
});

/** The place of the entry that lies nearest to the question, which comes first; undefined for junk or when none leads. */
export function nearestIn(answer: unknown, entries: number, { atLeast, lead }: Nearness): number | undefined {
  const data = answerShape.safeParse(answer).data?.data;
  if (data === undefined || data.length !== entries + 1) return undefined;
  const vectors: number[][] = [];
  for (const [order, { index, embedding }] of data.entries()) {
    const place = index ?? order;
    // A list with one place far out is as long as that place is large.
    if (place > entries) return undefined;
    vectors[place] = embedding;
  }
  const [asked, ...others] = vectors;
  if (asked === undefined || others.length !== entries) return undefined;
  if (others.some((one) => one?.length !== asked.length)) return undefined;
  const ranked = others
    .map((one, place) => ({ place, near: cosine(asked, one) }))
    .sort((a, b) => b.near - a.near);
  const [first, second] = ranked;
  if (first === undefined || !(first.near >= atLeast)) return undefined;
  return first.near - (second?.near ?? -1) >= lead ? first.place : undefined;
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (const [place, one] of a.entries()) {
    const other = b[place] ?? 0;
    product += one * other;
    ofA += one * one;
    ofB += other * other;
  }
  return ofA === 0 || ofB === 0 ? 0 : product / Math.sqrt(ofA * ofB);
}

/** Resolves to the id of the nearest entry, null when none leads clearly. Rejects when no answer came. */
export async function askEmbedding(
  endpoint: Endpoint,
  nearness: Nearness,
  question: string,
  entries: readonly Choosable[],
): Promise<string | null> {
  const input = [question.slice(0, 300), ...entries.map((entry) => entry.question)];
  const answer = await postTo(endpoint, '/embeddings', { model: endpoint.model, input });
  const place = nearestIn(answer, entries.length, nearness);
  return place === undefined ? null : (entries[place]?.id ?? null);
}
