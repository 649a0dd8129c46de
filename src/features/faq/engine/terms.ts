/** One kind of term over all texts: which texts hold it, and how telling it is. */
export interface Terms {
  ids: ReadonlyMap<string, number>;
  /** How telling each term is: rare ones more, counted by entries so that many similar questions do not make it common. */
  weights: Float64Array;
  /** Of any term; one that no entry holds is the most telling. */
  weightOf(term: string): number;
  /** The texts of term `id` stand from `starts[id]` to `starts[id + 1]`. */
  starts: Int32Array;
  texts: Int32Array;
  /** For each text the weight of all its terms together. */
  totals: Float64Array;
}

/** `entryOf[text]` says whose a text is, in rising order. */
export function* indexTerms<Text>({
  texts,
  termsOf,
  entryOf,
  entries,
}: {
  texts: readonly Text[];
  termsOf: (text: Text) => readonly string[];
  entryOf: Int32Array;
  entries: number;
}): Generator<void, Terms, void> {
  const ids = new Map<string, number>();
  const lists: number[][] = [];
  const counts: number[] = [];
  const lastEntry: number[] = [];
  for (const [place, text] of texts.entries()) {
    const entry = entryOf[place] ?? 0;
    yield;
    for (const term of new Set(termsOf(text))) {
      let id = ids.get(term);
      if (id === undefined) {
        id = ids.size;
        ids.set(term, id);
        lists.push([]);
        counts.push(0);
        lastEntry.push(-1);
      }
      lists[id]?.push(place);
      if (lastEntry[id] !== entry) counts[id] = (counts[id] ?? 0) + 1;
      lastEntry[id] = entry;
    }
  }
  const weights = Float64Array.from(counts, (count) => weightOf(count, entries));
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((list, id) => {
    starts[id + 1] = (starts[id] ?? 0) + list.length;
  });
  const postings = new Int32Array(starts[lists.length] ?? 0);
  const totals = new Float64Array(texts.length);
  yield;
  lists.forEach((list, id) => {
    postings.set(list, starts[id] ?? 0);
    for (const text of list) totals[text] = (totals[text] ?? 0) + (weights[id] ?? 0);
  });
  const unknown = weightOf(0, entries);
  const termWeight = (term: string): number => {
    const id = ids.get(term);
    return id === undefined ? unknown : (weights[id] ?? unknown);
  };
  return { ids, weights, weightOf: termWeight, starts, texts: postings, totals };
}

function weightOf(count: number, entries: number): number {
  return Math.log(1 + (entries - count + 0.5) / (count + 0.5));
}

/** What a query shares with every text, in the weight of the terms; one at a time, for the memory is used again. */
export interface Tally {
  count(terms: readonly string[]): void;
  /** Share of both together. */
  dice(text: number): number;
  /** Share of the query. */
  share(text: number): number;
}

export function createTally(index: Terms): Tally {
  const shared = new Float64Array(index.totals.length);
  let total = 0;
  return {
    count(terms) {
      shared.fill(0);
      total = 0;
      for (const term of new Set(terms)) {
        const weight = index.weightOf(term);
        total += weight;
        const id = index.ids.get(term);
        if (id === undefined) continue;
        const end = index.starts[id + 1] ?? 0;
        for (let at = index.starts[id] ?? 0; at < end; at += 1) {
          const text = index.texts[at] as number;
          shared[text] = (shared[text] as number) + weight;
        }
      }
    },
    dice(text) {
      const both = total + (index.totals[text] as number);
      return both === 0 ? 0 : (2 * (shared[text] as number)) / both;
    },
    share: (text) => (total === 0 ? 0 : (shared[text] as number) / total),
  };
}
