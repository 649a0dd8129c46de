import type { Search } from './faq-baselines.ts';

export interface Query {
  text: string;
  answer_id: string | null;
  kind: string;
}

export interface Measures {
  hit1: number;
  hit3: number;
  mrr10: number;
  /** How well the first score tells answerable from refusable. */
  auc: number;
  bestF1: number;
  /** Answers given on out-of-scope queries, by kind, when 80 % of the answerable ones are answered. */
  wrongAt80: Record<string, number>;
  p50Ms: number;
  p99Ms: number;
}

const COVERAGE = 0.8;

export function measure(queries: readonly Query[], search: Search): Measures {
  const times: number[] = [];
  const results = queries.map((query) => {
    const began = performance.now();
    const found = search(query.text);
    times.push(performance.now() - began);
    const rank = found.findIndex(({ id }) => id === query.answer_id);
    return { query, score: found[0]?.score ?? 0, rank };
  });
  const answerable = results.filter(({ query }) => query.answer_id !== null);
  const refusable = results.filter(({ query }) => query.answer_id === null);
  const share = (most: number) =>
    answerable.filter(({ rank }) => rank >= 0 && rank < most).length / answerable.length;
  const scores = answerable.map(({ score }) => score).sort((a, b) => a - b);
  const threshold = scores[Math.floor(scores.length * (1 - COVERAGE))] ?? 0;
  const wrong = (kind: string | undefined) => {
    const of = refusable.filter(({ query }) => kind === undefined || query.kind === kind);
    return of.filter(({ score }) => score >= threshold).length / Math.max(1, of.length);
  };
  const kinds = [...new Set(refusable.map(({ query }) => query.kind))];
  return {
    hit1: share(1),
    hit3: share(3),
    mrr10:
      answerable.reduce((sum, { rank }) => sum + (rank < 0 || rank >= 10 ? 0 : 1 / (rank + 1)), 0) /
      answerable.length,
    auc: auc(
      answerable.map(({ score }) => score),
      refusable.map(({ score }) => score),
    ),
    bestF1: bestF1(
      results.map(({ score, rank }) => ({ score, right: rank === 0 })),
      answerable.length,
    ),
    wrongAt80: { all: wrong(undefined), ...Object.fromEntries(kinds.map((kind) => [kind, wrong(kind)])) },
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
  };
}

export function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

/** The chance that an answerable query scores above a refusable one; ties count half. */
function auc(positive: readonly number[], negative: readonly number[]): number {
  const sorted = [...negative].sort((a, b) => a - b);
  const below = (value: number, orEqual: boolean): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const smaller = orEqual ? (sorted[middle] ?? 0) <= value : (sorted[middle] ?? 0) < value;
      if (smaller) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const sum = positive.reduce((total, value) => total + (below(value, false) + below(value, true)) / 2, 0);
  return sum / positive.length / negative.length;
}

function bestF1(results: { score: number; right: boolean }[], answerable: number): number {
  let right = 0;
  let best = 0;
  [...results]
    .sort((a, b) => b.score - a.score)
    .forEach((result, place) => {
      if (result.right) right += 1;
      best = Math.max(best, (2 * right) / (place + 1 + answerable));
    });
  return best;
}

/** One in ten characters replaced by another of the same sound, at least one; the same seed makes the same slips. */
export function typist(
  texts: readonly string[],
  syllable: (character: string) => string,
): (text: string, seed: number) => string {
  const alike = new Map<string, string[]>();
  for (const character of new Set(texts.join('').match(/\p{Script=Han}/gu) ?? [])) {
    const sound = syllable(character);
    alike.set(sound, [...(alike.get(sound) ?? []), character]);
  }
  return (text, seed) => {
    const random = numbers(seed);
    const letters = Array.from(text);
    const others = (place: number) =>
      (alike.get(syllable(letters[place] ?? '')) ?? []).filter((other) => other !== letters[place]);
    const places = letters.flatMap((_, place) => (others(place).length > 0 ? [place] : []));
    const slips = Math.min(places.length, Math.max(1, Math.round(places.length / 10)));
    for (let slip = 0; slip < slips; slip += 1) {
      const [place = 0] = places.splice(Math.floor(random() * places.length), 1);
      const choice = others(place);
      letters[place] = choice[Math.floor(random() * choice.length)] ?? '';
    }
    return letters.join('');
  };
}

/** Xorshift: numbers from 0 to 1 that a seed decides. */
function numbers(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 88_172_645) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
}
