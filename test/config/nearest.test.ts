import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, nearest } from '#src/config/nearest.ts';

it.each([
  ['', '', 0],
  ['port', 'port', 0],
  ['port', 'prt', 1],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('from %p to %p', (from, to, edits) => {
  expect(editDistance(from, to)).toBe(edits);
});

it('is the same in both directions and never more than the longer word', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const edits = editDistance(a, b);
      expect(edits).toBe(editDistance(b, a));
      expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(edits === 0).toBe(a === b);
    }),
  );
});

it('knows nothing near where nothing is known', () => {
  expect(nearest('CUHUO_X', [])).toBeUndefined();
});
