/** How often something was done within the last so many milliseconds. */
export interface Window {
  most: number;
  ms: number;
}

export const TIER_4: readonly Window[] = [
  { most: 50, ms: 1_000 },
  { most: 1_000, ms: 60_000 },
];
export const FIVE_A_SECOND: readonly Window[] = [{ most: 5, ms: 1_000 }];

export interface Rates {
  /** Counts one deed under this name; answers in how many milliseconds it would be allowed when it is not now. */
  take(name: string, windows: readonly Window[]): number | undefined;
}

const NAMES_BEFORE_SWEEP = 50_000;

/** Sliding windows, counted exactly. What is refused does not count. */
export function createRates(now: () => number): Rates {
  const taken = new Map<string, number[]>();

  function sweep(at: number): void {
    for (const [name, times] of taken) if ((times.at(-1) ?? 0) < at - 60_000) taken.delete(name);
  }

  return {
    take(name, windows) {
      const at = now();
      if (taken.size > NAMES_BEFORE_SWEEP) sweep(at);
      const times = taken.get(name) ?? [];
      const longest = Math.max(...windows.map(({ ms }) => ms));
      while (times.length > 0 && (times[0] ?? 0) <= at - longest) times.shift();
      for (const { most, ms } of windows) {
        const oldest = times.at(-most);
        if (oldest !== undefined && oldest > at - ms) return oldest + ms - at;
      }
      times.push(at);
      taken.set(name, times);
      return undefined;
    },
  };
}
