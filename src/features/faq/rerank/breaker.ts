export interface Breaker {
  /** Whether a call may be made now. */
  isClosed(): boolean;
  succeeded(): void;
  /** Answers whether this failure opened it. */
  failed(): boolean;
}

/** After so many failures in a row nothing is tried for a while; then one call shows whether it is well again. */
export function createBreaker({
  failures,
  restMs,
  now,
}: {
  failures: number;
  restMs: number;
  /** Milliseconds that only grow. */
  now: () => number;
}): Breaker {
  let inRow = 0;
  let closedFrom = 0;
  return {
    isClosed() {
      if (now() < closedFrom) return false;
      // One tries; until it has ended the others wait for the next rest to pass.
      if (inRow >= failures) closedFrom = now() + restMs;
      return true;
    },
    succeeded() {
      inRow = 0;
      closedFrom = 0;
    },
    failed() {
      inRow += 1;
      if (inRow < failures) return false;
      closedFrom = now() + restMs;
      return inRow === failures;
    },
  };
}
