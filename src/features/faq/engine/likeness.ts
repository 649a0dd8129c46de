/**
 * Which words stand for one another, learned from the entries themselves: where one question of an entry says 公司 and
 * another one in its place 单位, time and again, the two are alike. No dictionary, so it holds in every trade.
 */
export interface Likeness {
  /** The words that may stand for this one, each with how well, from 0 to 1. */
  of(word: string): ReadonlyMap<string, number> | undefined;
  /** How many words have others like them. */
  size: number;
}

/** Seen once is chance. */
const SEEN_AT_LEAST = 2;
/** Imagined occasions without the other word, so that rare words must show more. */
const DOUBT = 3;
const STRENGTH = 5;
const WORTH_KEEPING = 0.25;
/** Comparing all questions of an entry with all others grows with the square. */
const QUESTIONS_COMPARED = 12;

/** `wordsOf` gives for each entry the words of its questions. */
export function* learnLikeness(
  wordsOf: readonly (readonly (readonly string[])[])[],
): Generator<void, Likeness, void> {
  const together = new Map<string, number>();
  const alone = new Map<string, number>();
  for (const questions of wordsOf) {
    const sets = questions.slice(0, QUESTIONS_COMPARED).map((words) => new Set(words));
    for (const a of sets) {
      for (const b of sets) {
        if (a !== b) countReplaced(a, b, together, alone);
      }
    }
    yield;
  }
  const likeness = new Map<string, Map<string, number>>();
  for (const [pair, count] of together) {
    if (count < SEEN_AT_LEAST) continue;
    yield;
    const [a = '', b = ''] = pair.split(' ');
    const usual = Math.sqrt(((alone.get(a) ?? 0) + DOUBT) * ((alone.get(b) ?? 0) + DOUBT));
    const strength = Math.min(1, (STRENGTH * count) / usual);
    if (strength < WORTH_KEEPING) continue;
    const others = likeness.get(a) ?? new Map<string, number>();
    likeness.set(a, others.set(b, strength));
  }
  return { of: (word) => likeness.get(word), size: likeness.size };
}

function countReplaced(
  a: ReadonlySet<string>,
  b: ReadonlySet<string>,
  together: Map<string, number>,
  alone: Map<string, number>,
): void {
  const instead = [...b].filter((word) => !a.has(word));
  for (const word of a) {
    if (b.has(word)) continue;
    alone.set(word, (alone.get(word) ?? 0) + 1);
    for (const other of instead)
      together.set(`${word} ${other}`, (together.get(`${word} ${other}`) ?? 0) + 1);
  }
}
