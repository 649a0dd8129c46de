export interface Follows {
  /** `next` checked in right after `first`, on so many days. */
  first: string;
  next: string;
  days: number;
}

/**
 * Chains of people who follow each other day after day, each in the order in which they tap. Of two who follow the same
 * person the one who does so more often counts; circles are cut where they close.
 */
export function chainsOf(pairs: readonly Follows[], shortest: number): { people: string[]; days: number }[] {
  const after = new Map<string, Follows>();
  const taken = new Set<string>();
  for (const pair of [...pairs].sort((a, b) => b.days - a.days || (a.first < b.first ? -1 : 1))) {
    if (after.has(pair.first) || taken.has(pair.next) || closes(after, pair)) continue;
    after.set(pair.first, pair);
    taken.add(pair.next);
  }
  const chains: { people: string[]; days: number }[] = [];
  for (const start of after.keys()) {
    if (taken.has(start)) continue;
    const people = [start];
    let days = Number.POSITIVE_INFINITY;
    for (let pair = after.get(start); pair !== undefined; pair = after.get(pair.next)) {
      people.push(pair.next);
      days = Math.min(days, pair.days);
    }
    if (people.length >= shortest) chains.push({ people, days });
  }
  return chains;
}

function closes(after: ReadonlyMap<string, Follows>, { first, next }: Follows): boolean {
  for (let at: string | undefined = next; at !== undefined; at = after.get(at)?.next)
    if (at === first) return true;
  return false;
}
