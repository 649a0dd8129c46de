import { describe, expect, it } from '@jest/globals';
import { version } from 'uuid';
import { newId } from '#src/kernel/ids.ts';

describe('ids', () => {
  it('sort by birth, also those of one millisecond, and no two are the same', () => {
    const ids = Array.from({ length: 20_000 }, newId);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(version(ids[0] as string)).toBe(7);
  });
});
