import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import MiniSearch from 'minisearch';

export interface Entry {
  id: string;
  question: string;
  similar: string[];
  answer: string;
  tags?: string[];
}

export interface Found {
  id: string;
  score: number;
}

/** A way to find entries: ours or one to compare with. */
export type Search = (text: string) => Found[];

const jieba = Jieba.withDict(dict);
const clean = (text: string): string => text.normalize('NFKC').toLowerCase();

export function words(text: string): string[] {
  return jieba.cut(clean(text), true).filter((word) => /[\p{L}\p{N}]/u.test(word));
}

export function bigrams(text: string): string[] {
  const units = clean(text).match(/[a-z0-9]+|\p{Script=Han}/gu) ?? [];
  return units.length < 2 ? units : units.slice(1).map((unit, before) => `${units[before]}${unit}`);
}

export function miniSearch(entries: readonly Entry[], tokenize: (text: string) => string[]): Search {
  const index = new MiniSearch({ fields: ['question', 'similar'], tokenize, processTerm: (term) => term });
  index.addAll(entries.map(({ id, question, similar }) => ({ id, question, similar: similar.join('\n') })));
  return (text) =>
    index
      .search(text)
      .slice(0, 10)
      .map(({ id, score }) => ({ id: String(id), score }));
}

const K1 = 1.2;
const B = 0.75;

/** Okapi BM25 over all questions of an entry as one text. */
export function bm25(entries: readonly Entry[], tokenize: (text: string) => string[]): Search {
  const postings = new Map<string, Map<number, number>>();
  const lengths = entries.map(({ question, similar }, place) => {
    const terms = [question, ...similar].flatMap(tokenize);
    for (const term of terms) {
      const list = postings.get(term) ?? new Map<number, number>();
      postings.set(term, list.set(place, (list.get(place) ?? 0) + 1));
    }
    return terms.length;
  });
  const usual = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, entries.length);
  return (text) => {
    const scores = new Map<number, number>();
    for (const term of new Set(tokenize(text))) {
      const list = postings.get(term);
      if (list === undefined) continue;
      const idf = Math.log(1 + (entries.length - list.size + 0.5) / (list.size + 0.5));
      for (const [place, count] of list) {
        const norm = count + K1 * (1 - B + (B * (lengths[place] ?? 0)) / usual);
        scores.set(place, (scores.get(place) ?? 0) + (idf * count * (K1 + 1)) / norm);
      }
    }
    return [...scores]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 10)
      .map(([place, score]) => ({ id: entries[place]?.id ?? '', score }));
  };
}

/** The sum of both, as a customer's search engine might be set up. */
export function fused(a: Search, b: Search): Search {
  return (text) => {
    const sums = new Map<string, number>();
    for (const { id, score } of [...a(text), ...b(text)]) sums.set(id, (sums.get(id) ?? 0) + score);
    return [...sums].sort((x, y) => y[1] - x[1]).map(([id, score]) => ({ id, score }));
  };
}
