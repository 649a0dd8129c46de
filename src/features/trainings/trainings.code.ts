import { createHmac, timingSafeEqual } from 'node:crypto';
import { Temporal } from '../../kernel/time.ts';

/** A code stands on the wall for so long, and is taken a little longer: typing takes its time. */
export const ROTATES_SECONDS = 30;
export const GRACE_SECONDS = 10;
/** So far back a code is recognised as an old one, to say so. */
const REMEMBERED = 40;
const DIGITS = 6;

const stepAt = (at: Temporal.Instant): number => Math.floor(at.epochMilliseconds / 1000 / ROTATES_SECONDS);

function codeOf(secretKey: Buffer, trainingId: string, step: number): string {
  const mac = createHmac('sha256', secretKey).update(`training attendance ${trainingId} ${step}`).digest();
  return String(mac.readUIntBE(0, 6) % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** What stands on the wall at this moment, and until when. */
export function codeAt(
  secretKey: Buffer,
  trainingId: string,
  at: Temporal.Instant,
): { code: string; until: Temporal.Instant } {
  const step = stepAt(at);
  const until = Temporal.Instant.fromEpochMilliseconds((step + 1) * ROTATES_SECONDS * 1000);
  return { code: codeOf(secretKey, trainingId, step), until };
}

/** `now`: good at this moment. `old`: it was the code of this class, and is no more. */
export function judgeCode(
  secretKey: Buffer,
  trainingId: string,
  code: string,
  at: Temporal.Instant,
): 'now' | 'old' | undefined {
  const step = stepAt(at);
  if (isSame(codeOf(secretKey, trainingId, step), code)) return 'now';
  const age = at.epochMilliseconds / 1000 - step * ROTATES_SECONDS;
  if (isSame(codeOf(secretKey, trainingId, step - 1), code)) return age < GRACE_SECONDS ? 'now' : 'old';
  for (let back = 2; back <= REMEMBERED; back += 1) {
    if (isSame(codeOf(secretKey, trainingId, step - back), code)) return 'old';
  }
  return undefined;
}

/** What lets somebody have a class's calendar file by a link, without signing in. */
export function calendarKey(secretKey: Buffer, trainingId: string): string {
  return createHmac('sha256', secretKey)
    .update(`training calendar ${trainingId}`)
    .digest('base64url')
    .slice(0, 22);
}

export function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
