import { type Analysed, isHan } from './analyse.ts';
import type { Likeness } from './likeness.ts';
import { lettersAlike, syllable } from './sound.ts';

/** A unit that was only heard, not read: right often enough, and never as good as the unit itself. */
const HEARD = 0.5;
/** From here on two words of letters are one word and a slip. */
const SLIP = 0.45;

export interface OverlapDeps {
  weightOf: (unit: string) => number;
  likeness: Likeness;
  bySound: boolean;
}

/** What two texts have in common, in the weight of their units; each share lies between 0 and 1. */
export interface Overlap {
  /** Of both texts together (Dice). */
  both: number;
  /** Of the entry's question: how much of what it says was asked. */
  told: number;
}

export function overlapOf(query: Analysed, text: Analysed, deps: OverlapDeps): Overlap {
  const asked = sharedWeight(query, text, deps);
  const told = sharedWeight(text, query, deps);
  const total = asked.total + told.total;
  return {
    both: total === 0 ? 0 : (asked.shared + told.shared) / total,
    told: told.total === 0 ? 0 : told.shared / told.total,
  };
}

/** How much of `a` is in `b`: a unit counts in full where it stands in both, in part where `b` says it another way. */
function sharedWeight(a: Analysed, b: Analysed, deps: OverlapDeps): { shared: number; total: number } {
  const theirs = new Set(b.units);
  const ours = new Set(a.units);
  const partly = partlyShared(a, b, ours, theirs, deps);
  let shared = 0;
  let total = 0;
  for (const unit of ours) {
    const weight = deps.weightOf(unit);
    total += weight;
    shared += weight * (theirs.has(unit) ? 1 : (partly.get(unit) ?? 0));
  }
  return { shared, total };
}

function partlyShared(
  a: Analysed,
  b: Analysed,
  ours: ReadonlySet<string>,
  theirs: ReadonlySet<string>,
  { likeness, bySound }: OverlapDeps,
): Map<string, number> {
  const credit = new Map<string, number>();
  const give = (unit: string, share: number): void => {
    if (share > (credit.get(unit) ?? 0)) credit.set(unit, share);
  };
  if (likeness.size > 0) {
    const ourWords = a.words.filter((word) => !b.words.includes(word));
    const theirWords = b.words.filter((word) => !a.words.includes(word));
    for (const word of ourWords) {
      let best = 0;
      for (const other of theirWords) best = Math.max(best, likeness.of(word, other));
      if (best > 0) for (const unit of isHan(word) ? word : [word]) give(unit, best);
    }
  }
  if (bySound) hear(a.units, b.units, ours, theirs, give);
  return credit;
}

/** A unit is heard when one of the same sound stands in the other text beside the same neighbour. */
function hear(
  a: readonly string[],
  b: readonly string[],
  ours: ReadonlySet<string>,
  theirs: ReadonlySet<string>,
  give: (unit: string, share: number) => void,
): void {
  a.forEach((unit, at) => {
    if (theirs.has(unit)) return;
    const sound = isHan(unit) ? syllable(unit) : undefined;
    b.forEach((other, place) => {
      if (ours.has(other) || isHan(other) !== (sound !== undefined)) return;
      if (sound === undefined) {
        const alike = lettersAlike(unit, other);
        if (alike >= SLIP) give(unit, alike);
      } else if (syllable(other) === sound) {
        const neighbour =
          (at > 0 && a[at - 1] === b[place - 1]) || (at + 1 < a.length && a[at + 1] === b[place + 1]);
        if (neighbour) give(unit, HEARD);
      }
    });
  });
}
