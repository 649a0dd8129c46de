/** Collects what arrives while earlier sets are at work, and runs it as one set. */
export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>;
}

interface Waiting<Item, Result> {
  item: Item;
  since: number;
  owner: string;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * An item that comes alone is run at once, so nobody waits for company. Items of the same owner are never in two sets
 * at once, so they take effect in the order in which they came. When a set fails, its items are run again one by one:
 * only the one that is to blame fails.
 *
 * Small sets side by side cost more than one large set, and hold each other up. So while one is at work another
 * begins only when it is full, or when its first item has waited for `patienceMs`: a slow set delays nobody else for
 * longer.
 */
export function createBatcher<Item, Result>(options: {
  maxSize: number;
  maxAtOnce: number;
  ownerOf: (item: Item) => string;
  patienceMs: number;
  run: (items: Item[]) => Promise<Result[]>;
}): Batcher<Item, Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let atWork = 0;
  const owners = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  async function work(set: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await options.run(set.map(({ item }) => item));
      for (const [index, { resolve }] of set.entries()) resolve(results[index] as Result);
    } catch (error) {
      const [only] = set;
      if (set.length === 1 && only !== undefined) only.reject(error);
      else for (const one of set) await work([one]);
    }
  }

  function pump(): void {
    clearTimeout(timer);
    while (atWork < options.maxAtOnce) {
      const ready = waiting.filter(({ owner }) => !owners.has(owner));
      const [first] = ready;
      if (first === undefined) return;
      const patience = first.since + options.patienceMs - performance.now();
      if (atWork > 0 && ready.length < options.maxSize && patience > 0) return lookAgain(patience);
      const set = ready.slice(0, options.maxSize);
      const taken = new Set(set);
      waiting = waiting.filter((one) => !taken.has(one));
      const theirs = new Set(set.map(({ owner }) => owner));
      for (const owner of theirs) owners.add(owner);
      atWork += 1;
      void work(set).finally(() => {
        atWork -= 1;
        for (const owner of theirs) owners.delete(owner);
        pump();
      });
    }
  }

  function lookAgain(inMs: number): void {
    timer = setTimeout(pump, Math.ceil(inMs));
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, owner: options.ownerOf(item), since: performance.now(), resolve, reject });
        pump();
      }),
  };
}
