import { v7 } from 'uuid';
import { drawRandom } from './random.ts';

let lastMs = 0;
let count = 0;

/** A new UUIDv7: rows sort by birth, also those of one millisecond. */
export function newId(): string {
  const random = drawRandom(16);
  const nowMs = Date.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // Half of the numbers stay free above it for the rest of this millisecond.
    count = random.readUInt32BE(6) >>> 1;
  } else {
    count = (count + 1) >>> 0;
    if (count === 0) lastMs += 1;
  }
  return v7({ random, msecs: lastMs, seq: count });
}
