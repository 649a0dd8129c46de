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
 * An item that comes alone is run at once, so nobody waits for company. When a set fails, its items are run again
 * one by one: only the one that is to blame fails.
 */
export function createBatcher<Item, Result>(options: {
  maxSize: number;
  maxAtOnce: number;
  run: (items: Item[]) => Promise<Result[]>;
}): Batcher<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let atWork = 0;

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
      const set = waiting.splice(0, options.maxSize);
      atWork += 1;
      void work(set).finally(() => {
        atWork -= 1;
        pump();
      });
    }
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        pump();
      }),
  };
}
