import { type Analysed, analyse } from './analyse.ts';
import { entryCentres } from './centre.ts';
import { learnKept } from './kept.ts';
import { type Likeness, learnLikeness } from './likeness.ts';
import { type Overlap, overlapOf } from './overlap.ts';
import { soundsOf } from './sound.ts';
import { createTally, indexTerms, type Tally } from './terms.ts';
import {
  type Calibration,
  confidenceFrom,
  type Feature,
  type Features,
  MOST_GAP,
  type Signals,
  usualCalibration,
  weights,
} from './weights.ts';

export interface EngineEntry {
  id: string;
  /** The standard question. */
  question: string;
  similar: readonly string[];
  answer: string;
  tags: readonly string[];
}

export interface Candidate {
  id: string;
  /** The sum of `contributions`; for comparing candidates of one query. */
  score: number;
  /** From 0 to 1: how likely this entry answers the query. */
  confidence: number;
  signals: Signals;
  /** The question of the entry that came nearest. */
  matched: string;
  /** What each feature added to or took from the score. */
  contributions: Features;
}

export interface Index {
  readonly size: number;
  search(
    text: string,
    options?: {
      limit?: number;
      allows?: (id: string) => boolean;
      /** How sure the signals make us; what is usual unless given. */
      calibration?: Calibration;
    },
  ): Candidate[];
}

/** Parts that can be left out, to see what each of them brings. */
export const ingredients = [
  'likeness',
  'sound',
  'wording',
  ...(Object.keys(weights) as Feature[]),
  'gap',
] as const;
export type Ingredient = (typeof ingredients)[number];

/** How many questions are compared closely. */
const SHORTLIST = 40;
/** The rest of a long answer repeats its words. */
const BODY_LENGTH = 1_000;
/** An entry has few questions that differ. */
const QUESTIONS_KEPT = 50;

interface Question {
  entry: number;
  text: string;
  analysed: Analysed;
}

/** Builds in one go, which takes a second for some thousand entries. */
export function buildIndex(
  entries: readonly EngineEntry[],
  without: ReadonlySet<Ingredient> = new Set(),
): Index {
  const steps = indexInSteps(entries, without);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** How long others may have to wait for their turn while an index is built. */
const SLICE_MS = 10;

/** Builds beside other work: whatever else the process has to do comes in between. */
export async function buildIndexInBackground(entries: readonly EngineEntry[]): Promise<Index> {
  const steps = indexInSteps(entries, new Set());
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < SLICE_MS) continue;
    await new Promise((resume) => setImmediate(resume));
    began = performance.now();
  }
}

/** Yields after every piece of work of at most some milliseconds. */
function* indexInSteps(
  entries: readonly EngineEntry[],
  without: ReadonlySet<Ingredient>,
): Generator<void, Index, void> {
  const questions: Question[] = [];
  for (const [place, entry] of entries.entries()) {
    for (const text of [entry.question, ...entry.similar].slice(0, QUESTIONS_KEPT)) {
      questions.push({ entry: place, text, analysed: analyse(text, { wording: !without.has('wording') }) });
    }
    yield;
  }
  const entryOf = Int32Array.from(questions, ({ entry }) => entry);
  const termsBy = (of: (units: readonly string[]) => readonly string[]) =>
    indexTerms({
      texts: questions,
      termsOf: ({ analysed }) => of(analysed.units),
      entryOf,
      entries: entries.length,
    });
  const units = yield* termsBy((all) => all);
  const sounds = yield* termsBy(soundsOf);
  const body = yield* indexTerms({
    texts: entries,
    termsOf: ({ answer, tags }) => analyse(`${tags.join(' ')} ${answer}`, { longest: BODY_LENGTH }).words,
    entryOf: Int32Array.from(entries.keys()),
    entries: entries.length,
  });
  const questionsOf: Analysed[][] = Array.from({ length: entries.length }, () => []);
  for (const { entry, analysed } of questions) questionsOf[entry]?.push(analysed);
  const likeness: Likeness = without.has('likeness')
    ? { of: () => undefined, size: 0 }
    : yield* learnLikeness(questionsOf.map((all) => all.map(({ words }) => words)));
  const kept = yield* learnKept(questionsOf.map((all) => all.map(({ unitSet }) => unitSet)));
  const weightOf = (unit: string) => units.weightOf(unit);
  const centres = yield* entryCentres(questionsOf, weightOf);
  const deps = {
    likeness,
    bySound: !without.has('sound'),
    kept,
    weightOf,
  };
  const tallies = {
    units: createTally(units),
    sounds: createTally(sounds),
    body: createTally(body),
  };

  function search(
    text: string,
    { limit = 3, allows = () => true, calibration = usualCalibration }: Parameters<Index['search']>[1] = {},
  ): Candidate[] {
    const query = analyse(text, { wording: !without.has('wording') });
    if (query.units.length === 0) return [];
    tallies.units.count(query.units);
    tallies.sounds.count(without.has('sound') ? [] : soundsOf(query.units));
    tallies.body.count(query.words);
    const nearness = centres.nearnessTo(query.unitSet);
    const best = new Map<number, Judged>();
    for (const place of shortlist(tallies, questions, (entry) => allows(entries[entry]?.id ?? ''))) {
      const question = questions[place] as Question;
      const judged = judge(
        query,
        question,
        { body: tallies.body.share(question.entry), centre: nearness(question.entry) },
        deps,
        without,
      );
      const before = best.get(question.entry);
      if (before === undefined || judged.score > before.score) best.set(question.entry, judged);
    }
    const ranked = [...best.values()].sort(
      (a, b) => b.score - a.score || a.question.entry - b.question.entry,
    );
    return ranked.slice(0, limit).map((judged, rank) => {
      const signals = signalsOf(judged, rank === 0 ? ranked[1] : ranked[0], without);
      return {
        id: entries[judged.question.entry]?.id ?? '',
        score: judged.score,
        confidence: confidenceFrom(signals, calibration),
        signals,
        matched: judged.question.text,
        contributions: judged.contributions,
      };
    });
  }
  return { size: entries.length, search };
}

type Tallies = Record<'units' | 'sounds' | 'body', Tally>;

/** The questions that share most with the query, roughly and quickly. */
function shortlist(
  tallies: Tallies,
  questions: readonly Question[],
  allows: (entry: number) => boolean,
): number[] {
  const rough: { place: number; score: number }[] = [];
  let least = 0;
  for (let place = 0; place < questions.length; place += 1) {
    const entry = (questions[place] as Question).entry;
    const score = tallies.units.dice(place) + tallies.sounds.dice(place) + 0.5 * tallies.body.share(entry);
    if (score <= least || !allows(entry)) continue;
    rough.push({ place, score });
    if (rough.length >= 8 * SHORTLIST) least = keepBest(rough);
  }
  keepBest(rough);
  return rough.map(({ place }) => place);
}

/** Cuts the list to the best; answers what a further one must exceed. */
function keepBest(rough: { place: number; score: number }[]): number {
  rough.sort((a, b) => b.score - a.score);
  rough.length = Math.min(rough.length, SHORTLIST);
  return rough.length < SHORTLIST ? 0 : (rough.at(-1)?.score ?? 0);
}

interface Judged {
  question: Question;
  score: number;
  contributions: Features;
}

function judge(
  query: Analysed,
  question: Question,
  shares: { body: number; centre: number },
  deps: Parameters<typeof overlapOf>[2],
  without: ReadonlySet<Ingredient>,
): Judged {
  const text = question.analysed;
  const overlap: Overlap = overlapOf(query, text, deps);
  const features: Features = {
    overlap: overlap.both,
    asked: overlap.asked,
    lost: overlap.lost,
    ...shares,
    same: query.units.join(' ') === text.units.join(' ') ? 1 : 0,
    negation: query.negated === text.negated ? 0 : 1,
  };
  let score = 0;
  const contributions = { ...features };
  for (const name of Object.keys(weights) as Feature[]) {
    contributions[name] = without.has(name) ? 0 : features[name] * weights[name];
    score += contributions[name];
  }
  return { question, score, contributions };
}

/** What tells how sure we can be of a candidate. */
function signalsOf(judged: Judged, other: Judged | undefined, without: ReadonlySet<Ingredient>): Signals {
  const gap = judged.score - (other?.score ?? 0);
  return {
    sum: judged.score,
    gap: without.has('gap') ? 0 : Math.max(-MOST_GAP, Math.min(MOST_GAP, gap)),
  };
}
