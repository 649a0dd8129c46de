import type { World } from './world.ts';

export interface RateCounter {
  /** Takes one of every window, or says that one is full. What is refused does not count. */
  take(key: string, amount?: number): boolean;
}

/** Fixed windows on the platform's clock: `[seconds, most]` each. */
export function rateCounter(world: World, windows: readonly (readonly [number, number])[]): RateCounter {
  const counts = new Map<string, { from: number; n: number }>();
  const slot = (key: string, index: number, seconds: number) => {
    const name = `${index} ${key}`;
    const known = counts.get(name);
    if (known !== undefined && world.now() - known.from < seconds * 1000) return known;
    const fresh = { from: world.now(), n: 0 };
    counts.set(name, fresh);
    return fresh;
  };
  return {
    take(key, amount = 1) {
      const slots = windows.map(([seconds, most], index) => ({ at: slot(key, index, seconds), most }));
      if (slots.some(({ at, most }) => at.n + amount > most)) return false;
      for (const { at } of slots) at.n += amount;
      return true;
    },
  };
}
