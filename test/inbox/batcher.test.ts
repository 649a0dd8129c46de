import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBatcher } from '#src/inbox/batcher.ts';

/** Sets wait at a gate until the test opens it. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('the batcher', () => {
  it('runs an item that comes alone at once and alone', async () => {
    const sets: number[][] = [];
    const batcher = createBatcher<number, number>({
      maxSize: 10,
      maxAtOnce: 2,
      ownerOf: String,
      patienceMs: 0,
      run: async (items) => {
        sets.push(items);
        return items.map((item) => item * 2);
      },
    });
    expect(await batcher.add(1)).toBe(2);
    expect(await batcher.add(2)).toBe(4);
    expect(sets).toEqual([[1], [2]]);
  });

  it('collects what comes while it is busy, up to its size, in order', async () => {
    const sets: number[][] = [];
    const first = gate();
    const batcher = createBatcher<number, number>({
      maxSize: 3,
      maxAtOnce: 1,
      ownerOf: String,
      patienceMs: 0,
      run: async (items) => {
        sets.push(items);
        await first.opened;
        return items;
      },
    });
    const all = [1, 2, 3, 4, 5].map((item) => batcher.add(item));
    await turn();
    expect(sets).toEqual([[1]]);
    first.open();
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
    expect(sets).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('keeps what comes together while one set is at work, and begins beside it once that takes long', async () => {
    const sets: number[][] = [];
    const slow = gate();
    const batcher = createBatcher<number, number>({
      maxSize: 10,
      maxAtOnce: 2,
      patienceMs: 20,
      ownerOf: String,
      run: async (items) => {
        sets.push(items);
        if (items.includes(1)) await slow.opened;
        return items;
      },
    });
    const stuck = batcher.add(1);
    const others = [2, 3, 4].map((item) => batcher.add(item));
    await turn();
    expect(sets).toEqual([[1]]);
    // The first set never ends by itself: only patience lets the others go.
    expect(await Promise.all(others)).toEqual([2, 3, 4]);
    expect(sets).toEqual([[1], [2, 3, 4]]);
    slow.open();
    expect(await stuck).toBe(1);
  });

  it('does not wait for company once a set is full', async () => {
    const sets: number[][] = [];
    const slow = gate();
    const batcher = createBatcher<number, number>({
      maxSize: 2,
      maxAtOnce: 2,
      patienceMs: 3_600_000,
      ownerOf: String,
      run: async (items) => {
        sets.push(items);
        if (items.includes(1)) await slow.opened;
        return items;
      },
    });
    const stuck = batcher.add(1);
    expect(await Promise.all([2, 3].map((item) => batcher.add(item)))).toEqual([2, 3]);
    slow.open();
    expect(await stuck).toBe(1);
    expect(sets).toEqual([[1], [2, 3]]);
  });

  it('never has more sets at work than it may, and answers everybody with their own', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (items, maxSize, maxAtOnce) => {
          let atWork = 0;
          let most = 0;
          const batcher = createBatcher<number, string>({
            maxSize,
            maxAtOnce,
            ownerOf: String,
            patienceMs: 0,
            run: async (set) => {
              expect(set.length).toBeLessThanOrEqual(maxSize);
              atWork += 1;
              most = Math.max(most, atWork);
              await turn();
              atWork -= 1;
              return set.map(String);
            },
          });
          expect(await Promise.all(items.map((item) => batcher.add(item)))).toEqual(items.map(String));
          expect(most).toBeLessThanOrEqual(maxAtOnce);
        },
      ),
    );
  });

  it('runs what one owner hands in one after the other, however long each set takes', async () => {
    const item = fc.record({ owner: fc.constantFrom('a', 'b', 'c'), turns: fc.integer({ min: 0, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 40 }), async (items) => {
        const done: number[] = [];
        const atWork = new Set<string>();
        const batcher = createBatcher<number, number>({
          maxSize: 4,
          maxAtOnce: 3,
          ownerOf: (index) => items[index]?.owner ?? '',
          patienceMs: 0,
          run: async (set) => {
            const owners = new Set(set.map((index) => items[index]?.owner ?? ''));
            for (const owner of owners) {
              expect(atWork).not.toContain(owner);
              atWork.add(owner);
            }
            for (let left = items[set[0] ?? 0]?.turns ?? 0; left > 0; left -= 1) await turn();
            done.push(...set);
            for (const owner of owners) atWork.delete(owner);
            return set;
          },
        });
        await Promise.all(items.map((_, index) => batcher.add(index)));
        for (const owner of ['a', 'b', 'c']) {
          const theirs = done.filter((index) => items[index]?.owner === owner);
          expect(theirs).toEqual(theirs.toSorted((one, other) => one - other));
        }
        expect(done).toHaveLength(items.length);
      }),
    );
  });

  it('lets only the item fail that is to blame', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), async (good) => {
        const batcher = createBatcher<boolean, string>({
          maxSize: 7,
          maxAtOnce: 2,
          ownerOf: String,
          patienceMs: 0,
          run: async (set) => {
            await turn();
            if (set.includes(false)) throw new Error('bad');
            return set.map(() => 'done');
          },
        });
        const ends = await Promise.allSettled(good.map((item) => batcher.add(item)));
        expect(ends.map(({ status }) => status === 'fulfilled')).toEqual(good);
      }),
    );
  });
});
