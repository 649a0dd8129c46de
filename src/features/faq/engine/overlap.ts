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
  /** How much speaks against it that units stand in one text only, on average over the units of both. */
  lost: number;
}

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
  const units = query.unitSet.size + told.missing;
  return {
    both: total === 0 ? 0 : (asked.shared + told.shared) / total,
    asked: asked.keptTotal === 0 ? 0 : asked.keptShared / asked.keptTotal,
    lost: units === 0 ? 0 : (asked.lost + told.lost) / units,
  };
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
  /** Units that the other text does not have as they are. */
  missing: number;
}

/** How much of `a` is in `b`: a unit counts in full where it stands in both, in part where `b` says it another way. */
function sharedWeight(
  a: Analysed,
  b: Analysed,
  deps: OverlapDeps,
  credit: ReadonlyMap<string, number>,
): Shared {
  const sum: Shared = { shared: 0, total: 0, keptShared: 0, keptTotal: 0, lost: 0, missing: 0 };
  for (const unit of a.unitSet) {
    const weight = deps.weightOf(unit);
    const { share, loss } = deps.kept.of(unit);
    const kept = weight * share;
    sum.total += weight;
    sum.keptTotal += kept;
    if (b.unitSet.has(unit)) {
      sum.shared += weight;
      sum.keptShared += kept;
      continue;
    }
    const there = credit.get(unit) ?? 0;
    sum.missing += 1;
    sum.shared += weight * there;
    sum.keptShared += kept * there;
    sum.lost += (1 - there) * loss;
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
