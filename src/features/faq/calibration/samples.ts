import { setImmediate as others } from 'node:timers/promises';
import { buildIndexInBackground, type Candidate, type EngineEntry, type Index } from '../engine/index.ts';
import type { Signals } from '../engine/weights.ts';

/**
 * One question whose right answer is known: `as-written` one that stands in an entry; `left-out` one that an entry
 * answers but does not have; `held-out` one whose entry is hidden, so that every answer is wrong; `outside` one that no
 * entry answers.
 */
export const sampleKinds = ['as-written', 'left-out', 'held-out', 'outside'] as const;
export interface Sample {
  kind: (typeof sampleKinds)[number];
  /** The entry it was taken from, so that halves can be made of entries; empty for `outside`. */
  entry: string;
  /** Of the three best candidates, best first. */
  found: { signals: Signals; right: boolean }[];
}

/** How many times the index is built; each time every entry hides at most one of its questions. */
const FOLDS = 10;
/** So many questions say enough; more would only take longer. */
const MOST_QUESTIONS = 4_000;
const FOUND = 3;

/**
 * Leaves the questions of the entries out one at a time and asks them. An entry with a single question cannot lose it
 * and is only asked as `held-out`. Takes about a minute for 3,000 entries; other work gets its turns.
 */
export async function leaveOneOut(
  entries: readonly EngineEntry[],
  outside: readonly string[],
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const questions = entries.reduce((sum, { similar }) => sum + 1 + similar.length, 0);
  const every = Math.max(1, Math.ceil(questions / MOST_QUESTIONS));
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const hidden = entries.map((entry, place) => hiddenOf(entry, place, fold));
    const index = await buildIndexInBackground(
      entries.map((entry, place) => (hidden[place] === undefined ? entry : without(entry, hidden[place]))),
    );
    for (const [place, entry] of entries.entries()) {
      const question = hidden[place];
      if (question === undefined || (place * FOLDS + fold) % every !== 0) continue;
      samples.push(...asked(index, entry, question));
      if (samples.length % 50 === 0) await others();
    }
  }
  const index = await buildIndexInBackground(entries);
  const whole = (kind: Sample['kind'], entry: string, text: string) =>
    samples.push({ kind, entry, found: seen(index.search(text, { limit: FOUND }), entry) });
  for (const [place, { id, question, similar }] of entries.entries()) {
    const all = [question, ...similar];
    whole('as-written', id, all[place % all.length] ?? question);
    if (place % 50 === 0) await others();
  }
  for (const text of outside) whole('outside', '', text);
  return samples;
}

/** Which question an entry hides in this fold: all of its questions take their turn, no two entries in step. */
function hiddenOf({ question, similar }: EngineEntry, place: number, fold: number): string | undefined {
  return [question, ...similar].find((_, at) => (at * 7 + place * 3) % FOLDS === fold);
}

function without(entry: EngineEntry, hidden: string): EngineEntry {
  const [question = '', ...similar] = [entry.question, ...entry.similar].filter((text) => text !== hidden);
  return { ...entry, question, similar };
}

function asked(index: Index, entry: EngineEntry, question: string): Sample[] {
  const found = (allows: (id: string) => boolean) =>
    seen(index.search(question, { limit: FOUND, allows }), entry.id);
  const heldOut: Sample = { kind: 'held-out', entry: entry.id, found: found((id) => id !== entry.id) };
  if (entry.similar.length === 0) return [heldOut];
  return [{ kind: 'left-out', entry: entry.id, found: found(() => true) }, heldOut];
}

function seen(candidates: readonly Candidate[], right: string): Sample['found'] {
  return candidates.map(({ id, signals }) => ({ signals, right: id === right }));
}
