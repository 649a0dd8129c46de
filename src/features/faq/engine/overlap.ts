import { type Analysed, isHan } from './analyse.ts';
import type { Kept } from './kept.ts';
import type { Likeness } from './likeness.ts';
import { lettersAlike, syllable } from './sound.ts';

/** A unit that was only heard, not read: right often enough, and never as good as the unit itself. */
const HEARD = 0.5;
/** From here on two words of letters are one word and a slip. */
const SLIP = 0.45;

export interface OverlapDeps {
  weightOf: (unit: string) => number;
  kept: Kept;
  likeness: Likeness;
  bySound: boolean;
}

/** What two texts have in common, in the weight of their units. */
export interface Overlap {
  /** Share of both texts together (Dice). */
  both: number;
  /** Share of the query that the other text has, where units that usually stay in other words count more. */
  asked: number;
  /**
   * How much speaks against it that a unit stands in one text only, on average over the units of both: next to nothing
   * for what comes and goes, up to 4 for what always stays. The logarithm of how unlikely that is for one question in two
   * wordings.
   */
  lost: number;
}

/** Nothing is so sure to stay that its absence decides alone. */
const CHANCE = 0.02;

export function overlapOf(query: Analysed, text: Analysed, deps: OverlapDeps): Overlap {
  const onlyAsked = placesMissing(query, text);
  const onlyTold = placesMissing(text, query);
  const credit = { asked: new Map<string, number>(), told: new Map<string, number>() };
  if (onlyAsked.length > 0 && onlyTold.length > 0) {
    if (deps.likeness.size > 0) creditLikeWords(query, text, deps.likeness, credit);
    if (deps.bySound) creditSounds(query.units, text.units, onlyAsked, onlyTold, credit);
  }
  const asked = sharedWeight(query, text, deps, credit.asked);
  const told = sharedWeight(text, query, deps, credit.told);
  const total = asked.total + told.total;
  const units = query.unitSet.size + onlyInText(query, text);
  return {
    both: total === 0 ? 0 : (asked.shared + told.shared) / total,
    asked: asked.keptTotal === 0 ? 0 : asked.keptShared / asked.keptTotal,
    lost: units === 0 ? 0 : (asked.lost + told.lost) / units,
  };
}

function onlyInText(query: Analysed, text: Analysed): number {
  let count = 0;
  for (const unit of text.unitSet) if (!query.unitSet.has(unit)) count += 1;
  return count;
}

/** How much of a unit counts that the other text says in another way. */
type Credit = Record<'asked' | 'told', Map<string, number>>;

function placesMissing(from: Analysed, other: Analysed): number[] {
  const places: number[] = [];
  from.units.forEach((unit, place) => {
    if (!other.unitSet.has(unit)) places.push(place);
  });
  return places;
}

interface Shared {
  shared: number;
  total: number;
  keptShared: number;
  keptTotal: number;
  lost: number;
}

/** How much of `a` is in `b`: a unit counts in full where it stands in both, in part where `b` says it another way. */
function sharedWeight(
  a: Analysed,
  b: Analysed,
  deps: OverlapDeps,
  credit: ReadonlyMap<string, number>,
): Shared {
  const sum: Shared = { shared: 0, total: 0, keptShared: 0, keptTotal: 0, lost: 0 };
  for (const unit of a.unitSet) {
    const weight = deps.weightOf(unit);
    const kept = deps.kept.of(unit);
    const there = b.unitSet.has(unit) ? 1 : (credit.get(unit) ?? 0);
    sum.total += weight;
    sum.shared += weight * there;
    sum.keptTotal += weight * kept;
    sum.keptShared += weight * kept * there;
    sum.lost -= (1 - there) * Math.log(1 - kept + CHANCE);
  }
  return sum;
}

function give(credit: Map<string, number>, unit: string, share: number): void {
  if (share > (credit.get(unit) ?? 0)) credit.set(unit, share);
}

function creditLikeWords(query: Analysed, text: Analysed, likeness: Likeness, credit: Credit): void {
  for (const word of query.words) {
    const others = text.wordSet.has(word) ? undefined : likeness.of(word);
    if (others === undefined) continue;
    for (const other of text.words) {
      const like = others.get(other);
      if (like === undefined || query.wordSet.has(other)) continue;
      for (const unit of unitsOf(word)) give(credit.asked, unit, like);
      for (const unit of unitsOf(other)) give(credit.told, unit, like);
    }
  }
}

function unitsOf(word: string): Iterable<string> {
  return isHan(word) ? word : [word];
}

/** A unit is heard when one of the same sound stands in the other text beside the same neighbour. */
function creditSounds(
  asked: readonly string[],
  told: readonly string[],
  onlyAsked: readonly number[],
  onlyTold: readonly number[],
  credit: Credit,
): void {
  for (const at of onlyAsked) {
    const unit = asked[at] ?? '';
    for (const place of onlyTold) {
      const other = told[place] ?? '';
      const share = heardAlike(unit, other);
      if (share === 0) continue;
      const neighbour =
        !isHan(unit) || (at > 0 && asked[at - 1] === told[place - 1]) || asked[at + 1] === told[place + 1];
      if (!neighbour) continue;
      give(credit.asked, unit, share);
      give(credit.told, other, share);
    }
  }
}

function heardAlike(unit: string, other: string): number {
  if (isHan(unit)) return isHan(other) && syllable(unit) === syllable(other) ? HEARD : 0;
  const alike = isHan(other) ? 0 : lettersAlike(unit, other);
  return alike >= SLIP ? alike : 0;
}
