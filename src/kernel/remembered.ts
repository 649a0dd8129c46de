import type { Temporal } from './time.ts';

const MOST = 50;

/**
 * Remembers what is dear to work out and follows from what rarely changes, for so many seconds and in this process
 * alone; the fifty youngest. Of several who ask at once one works.
 *
 * @example
 * const boards = remembered<Board>(60);
 * await boards(quiz.id, now, () => boardOf(tx, quiz));
 */
export function remembered<Value>(seconds: number) {
  const known = new Map<string, { value: Promise<Value>; untilMs: number }>();
  return async (key: string, now: Temporal.Instant, make: () => Promise<Value>): Promise<Value> => {
    const found = known.get(key);
    if (found !== undefined && now.epochMilliseconds < found.untilMs) return found.value;
    const value = make();
    known.delete(key);
    known.set(key, { value, untilMs: now.epochMilliseconds + seconds * 1_000 });
    value.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return value;
  };
}
