/** Collects what arrives while earlier sets are at work, and runs it as one set. */
export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * An item that comes alone is run at once, so nobody waits for company. Items of the same owner are never in two sets
 * at once, so they take effect in the order in which they came. When a set fails, its items are run again one by one:
 * only the one that is to blame fails.
 */
export function createBatcher<Item, Result>(options: {
  maxSize: number;
  maxAtOnce: number;
  ownerOf: (item: Item) => string;
  run: (items: Item[]) => Promise<Result[]>;
}): Batcher<Item, Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let atWork = 0;
  const owners = new Set<string>();

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
    while (atWork < options.maxAtOnce && waiting.length > 0) {
      const set = take();
      if (set.length === 0) return;
      const theirs = new Set(set.map(({ item }) => options.ownerOf(item)));
      for (const owner of theirs) owners.add(owner);
      atWork += 1;
      void work(set).finally(() => {
        atWork -= 1;
        for (const owner of theirs) owners.delete(owner);
        pump();
      });
    }
  }

  /** The next set; whoever is at work already keeps waiting. */
  function take(): Waiting<Item, Result>[] {
    const set: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    for (const one of waiting)
      (set.length < options.maxSize && !owners.has(options.ownerOf(one.item)) ? set : left).push(one);
    waiting = left;
    return set;
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        pump();
      }),
  };
}
