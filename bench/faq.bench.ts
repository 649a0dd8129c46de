import { existsSync, readFileSync } from 'node:fs';
import { buildIndex, type Ingredient, ingredients } from '../src/features/faq/engine/index.ts';
import { syllable } from '../src/features/faq/engine/sound.ts';
import { type Bench, say } from './bench.ts';
import { bigrams, bm25, type Entry, fused, miniSearch, type Search, words } from './faq-baselines.ts';
import { leftOut, shippedEntries } from './faq-left-out.ts';
import { measure, type Query, typist } from './faq-measures.ts';

interface DevSet {
  entries: Entry[];
  queries: Query[];
}

const DEV_SET = process.env['FAQ_DEV'] ?? '../shared/faq-dev/law.json';
const MANY = 10_000;

/** P8: finding answers, on one CPU and without a model, beside what else one could take. `--ablate` adds what each part brings. */
export async function p8(bench: Bench): Promise<void> {
  if (!existsSync(DEV_SET)) {
    say(`P8 left out: ${DEV_SET} is not there; FAQ_DEV=<path> names another development set`);
    return;
  }
  const set = JSON.parse(readFileSync(DEV_SET, 'utf8')) as DevSet;
  const { entries } = set;
  const queries = bench.quick ? set.queries.filter((_, place) => place % 8 === 0) : set.queries;
  const typed = withSlips(entries, queries);

  const before = process.memoryUsage().rss;
  const began = performance.now();
  const ours = searchWith(entries);
  const buildMs = performance.now() - began;
  const memory = (process.memoryUsage().rss - before) / 2 ** 20;

  const report = (figure: string, value: number, unit: string, target?: [string, boolean]) =>
    bench.report({
      id: 'P8',
      figure,
      n: queries.length,
      value: Math.round(value * 10_000) / 10_000,
      unit,
      ...(target === undefined ? {} : { target: target[0], met: target[1] }),
    });
  const atLeast = (value: number, least: number): [string, boolean] => [`>= ${least}`, value >= least];
  const atMost = (value: number, most: number): [string, boolean] => [`<= ${most}`, value <= most];

  const figures = measure(queries, ours);
  const slips = measure(typed, ours).hit1;
  const others = baselines(entries);
  const compared = Object.entries(others).map(([name, search]) => ({
    name,
    figures: measure(queries, search),
    slips: measure(typed, search).hit1,
  }));
  const lead = figures.hit1 - Math.max(...compared.map((other) => other.figures.hit1));

  report('Hit@1', figures.hit1, 'share', atLeast(figures.hit1, 0.95));
  report('Hit@3', figures.hit3, 'share', atLeast(figures.hit3, 0.987));
  report('MRR@10', figures.mrr10, 'share');
  report('AUC of answerable against refusable', figures.auc, 'share', atLeast(figures.auc, 0.87));
  report('best F1 of answering', figures.bestF1, 'share');
  report('Hit@1 with same-sound typos', slips, 'share', atLeast(slips, 0.92));
  report('lead in Hit@1 over the best of the others', lead, 'share', atLeast(lead, 0.06));
  for (const [kind, share] of Object.entries(figures.wrongAt80)) {
    report(`answered although out of scope (${kind}) at 80 % coverage`, share, 'share', atMost(share, 0.02));
  }
  report('p50 a query at 3,000 entries', figures.p50Ms, 'ms');
  report('p99 a query at 3,000 entries', figures.p99Ms, 'ms', atMost(figures.p99Ms, 5));
  report('building the index of 3,000 entries', buildMs / 1000, 's');
  report('memory of index, dictionary and sounds', memory, 'MB');
  for (const other of compared) {
    report(`${other.name}: Hit@1`, other.figures.hit1, 'share');
    report(`${other.name}: Hit@3`, other.figures.hit3, 'share');
    report(`${other.name}: MRR@10`, other.figures.mrr10, 'share');
    report(`${other.name}: AUC`, other.figures.auc, 'share');
    report(`${other.name}: best F1`, other.figures.bestF1, 'share');
    report(`${other.name}: Hit@1 with typos`, other.slips, 'share');
    report(`${other.name}: p99`, other.figures.p99Ms, 'ms');
  }

  const many = Array.from({ length: MANY }, (_, n) => variant(entries[n % entries.length] as Entry, n));
  const manyBegan = performance.now();
  const large = searchWith(many);
  report(
    'building the index of 10,000 entries',
    (performance.now() - manyBegan) / 1000,
    's',
    atMost((performance.now() - manyBegan) / 1000, 10),
  );
  const times = measure(queries.slice(0, 1_000), large);
  report('p50 a query at 10,000 entries', times.p50Ms, 'ms');
  report('p99 a query at 10,000 entries', times.p99Ms, 'ms', atMost(times.p99Ms, 20));

  if (process.argv.includes('--ablate')) ablate(entries, queries, typed);
}

function searchWith(entries: readonly Entry[], without: readonly Ingredient[] = []): Search {
  const index = buildIndex(
    entries.map((entry) => ({ ...entry, tags: entry.tags ?? [] })),
    new Set(without),
  );
  return (text) => index.search(text, { limit: 10 }).map(({ id, confidence }) => ({ id, score: confidence }));
}

function baselines(entries: readonly Entry[]): Record<string, Search> {
  const byWords = bm25(entries, words);
  const byBigrams = bm25(entries, bigrams);
  return {
    'MiniSearch (words)': miniSearch(entries, words),
    'MiniSearch (bigrams)': miniSearch(entries, bigrams),
    'BM25 (words)': byWords,
    'BM25 (bigrams)': byBigrams,
    'BM25 (fused)': fused(byWords, byBigrams),
  };
}

function withSlips(entries: readonly Entry[], queries: readonly Query[]): Query[] {
  const slip = typist(
    entries.flatMap(({ question, similar }) => [question, ...similar]),
    syllable,
  );
  return queries
    .filter(({ answer_id: answer }) => answer !== null)
    .map((query, seed) => ({ ...query, text: slip(query.text, seed + 1) }));
}

/** As many entries as are wanted, no two the same: further rounds swap the halves of their questions. */
function variant(entry: Entry, n: number): Entry {
  const turned = (text: string): string => {
    const half = Math.floor(text.length / 2);
    return n < 3_000 ? text : `${text.slice(half)}${text.slice(0, half)}${n % 7}`;
  };
  return {
    ...entry,
    id: `${entry.id}-${n}`,
    question: turned(entry.question),
    similar: entry.similar.map(turned),
  };
}

/**
 * For people: how the figures change without each part, on the half of the development queries that nothing was fitted
 * to, and on what we ship, each question left out of its entry.
 */
function ablate(entries: readonly Entry[], queries: readonly Query[], typed: readonly Query[]): void {
  const held = queries.filter((_, place) => place % 2 === 1);
  const heldTyped = typed.filter((_, place) => place % 2 === 1);
  const shipped = shippedEntries();
  const row = (name: string, without: readonly Ingredient[]) => {
    const search = searchWith(entries, without);
    const { hit1, hit3, auc } = measure(held, search);
    const slips = measure(heldTyped, search).hit1;
    const own = leftOut(shipped, without);
    const shares = [hit1, hit3, auc, slips, own.hit1, own.hit3].map((share) => share.toFixed(4));
    say(`| ${[name, ...shares].join(' | ')} |`);
  };
  say('| without | Hit@1 | Hit@3 | AUC | Hit@1, typos | shipped, Hit@1 | shipped, Hit@3 |');
  say('|---|---|---|---|---|---|---|');
  row('nothing', []);
  for (const ingredient of ingredients) row(ingredient, [ingredient]);
}
