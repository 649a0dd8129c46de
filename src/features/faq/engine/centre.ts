import type { Analysed } from './analyse.ts';

/** How near a query comes to what an entry asks on the whole, over all its questions. */
export interface Centre {
  /** For an entry the cosine, from 0 to 1, of the query and the mean of its questions, each unit by its weight. */
  nearnessTo(query: ReadonlySet<string>): (entry: number) => number;
}

export function* entryCentres(
  questionsOf: readonly (readonly Analysed[])[],
  weightOf: (unit: string) => number,
): Generator<void, Centre, void> {
  const centres: Map<string, number>[] = [];
  for (const questions of questionsOf) {
    const centre = new Map<string, number>();
    for (const { unitSet } of questions)
      for (const unit of unitSet)
        centre.set(unit, (centre.get(unit) ?? 0) + weightOf(unit) / questions.length);
    const length = lengthOf(centre.values()) || 1;
    for (const [unit, weight] of centre) centre.set(unit, weight / length);
    centres.push(centre);
    yield;
  }
  return {
    nearnessTo(query) {
      const asked = [...query].map((unit) => ({ unit, weight: weightOf(unit) }));
      const length = lengthOf(asked.map(({ weight }) => weight)) || 1;
      const known = new Map<number, number>();
      return (entry) => {
        const before = known.get(entry);
        if (before !== undefined) return before;
        const centre = centres[entry];
        let product = 0;
        for (const { unit, weight } of asked) product += weight * (centre?.get(unit) ?? 0);
        known.set(entry, product / length);
        return product / length;
      };
    },
  };
}

function lengthOf(weights: Iterable<number>): number {
  let sum = 0;
  for (const weight of weights) sum += weight * weight;
  return Math.sqrt(sum);
}
