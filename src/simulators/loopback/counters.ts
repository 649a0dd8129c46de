import type { Quota } from '../../chat/quota.ts';

interface Use {
  atMs: number;
  amount: number;
}

/**
 * Counts as the strictest platform would: every sliding window of the quota's length, to the millisecond of arrival.
 * What is refused does not count.
 */
export function exactCounter(quotas: readonly Quota[]) {
  const uses = new Map<string, Use[]>();
  const peaks = new Map<string, number>();

  function live(key: string, atMs: number, windowMs: number): Use[] {
    const kept = uses.get(key) ?? [];
    while (kept[0] !== undefined && kept[0].atMs <= atMs - windowMs) kept.shift();
    uses.set(key, kept);
    return kept;
  }

  return {
    /** The quota that this call would break, having used nothing; else undefined, having used it up. */
    take(way: string, people: readonly string[], contentHash: string, atMs: number): Quota | undefined {
      const taken: { key: string; amount: number }[] = [];
      for (const quota of quotas) {
        if (!quota.ways.includes(way) || !('seconds' in quota.window)) continue;
        const windowMs = quota.window.seconds * 1000;
        const keys =
          quota.per === 'account'
            ? [{ key: quota.name, amount: quota.counts === 'recipients' ? people.length : 1 }]
            : people.map((person) => ({
                key: `${quota.name} ${person} ${quota.counts === 'same-content' ? contentHash : ''}`,
                amount: 1,
              }));
        for (const { key, amount } of keys) {
          const used = live(key, atMs, windowMs).reduce((sum, use) => sum + use.amount, 0);
          if (used + amount > quota.most) return quota;
          taken.push({ key, amount });
          peaks.set(quota.name, Math.max(peaks.get(quota.name) ?? 0, used + amount));
        }
      }
      for (const { key, amount } of taken) uses.get(key)?.push({ atMs, amount });
      return undefined;
    },
    /** The most that was in any one window, by the quota's name. */
    peaks: (): ReadonlyMap<string, number> => peaks,
  };
}
