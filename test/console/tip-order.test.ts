import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { movedTo, withReordered } from '#src/console/tips/order.ts';

describe('moving in a list', () => {
  it.each([
    ['down', 0, 2, ['b', 'c', 'a', 'd']],
    ['up', 3, 0, ['d', 'a', 'b', 'c']],
    ['by one', 1, 2, ['a', 'c', 'b', 'd']],
    ['beyond the end, which does nothing', 3, 4, ['a', 'b', 'c', 'd']],
    ['above the beginning, which does nothing', 0, -1, ['a', 'b', 'c', 'd']],
  ])('%s', (_name, from, to, expected) => {
    expect(movedTo(['a', 'b', 'c', 'd'], from, to)).toEqual(expected);
  });
});

describe('putting some of an order anew', () => {
  it('leaves the others where they are', () => {
    expect(withReordered(['a', 'B', 'c', 'D', 'e'], ['D', 'B'])).toEqual(['a', 'D', 'c', 'B', 'e']);
  });

  it('loses nothing and adds nothing, whatever is moved', () => {
    const order = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(order, fc.nat(), fc.nat(), fc.func(fc.boolean()), (whole, from, to, chosen) => {
        const some = whole.filter((key) => chosen(key));
        const moved = movedTo(some, from % (some.length + 1), to % (some.length + 1));
        const after = withReordered(whole, moved);
        expect(after.toSorted()).toEqual(whole.toSorted());
        expect(after.filter((key) => moved.includes(key))).toEqual(moved);
        for (const [index, key] of whole.entries()) if (!moved.includes(key)) expect(after[index]).toBe(key);
      }),
    );
  });
});
