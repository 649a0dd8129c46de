import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeAt, GRACE_SECONDS, judgeCode, ROTATES_SECONDS } from '#src/features/trainings/trainings.code.ts';
import { newId } from '#src/kernel/ids.ts';
import { Temporal } from '#src/kernel/time.ts';
import { instant } from '../../support/calendar.ts';

const key = Buffer.alloc(32, 7);
const training = newId();

describe('the code on the wall', () => {
  it('is six digits, and another one every thirty seconds, for every class and every key', () => {
    const at = instant('2026-09-22T06:00:00Z');
    const codes = Array.from(
      { length: 200 },
      (_, n) => codeAt(key, training, at.add({ seconds: n * ROTATES_SECONDS })).code,
    );
    expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
    expect(new Set(codes).size).toBeGreaterThan(190);
    expect(codeAt(key, newId(), at).code).not.toBe(codes[0]);
    expect(codeAt(Buffer.alloc(32, 8), training, at).code).not.toBe(codes[0]);
  });

  it('is good while it stands there and some seconds longer, then it is an old one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 * 365 * 24 * 3600 }),
        fc.integer({ min: 0, max: 900 }),
        (second, later) => {
          const at = instant('2026-01-01T00:00:00Z').add({ seconds: second });
          const { code, until } = codeAt(key, training, at);
          const then = at.add({ seconds: later });
          const past = until.until(then).total('seconds');
          const verdict = judgeCode(key, training, code, then);
          // By chance a later step may have the same six digits.
          if (past < GRACE_SECONDS) expect(verdict).toBe('now');
          else if (codeAt(key, training, then).code !== code) expect(verdict).toBe('old');
        },
      ),
    );
  });

  it('is not known before it stands there, nor in another class, nor when nobody made it', () => {
    const at = instant('2026-09-22T06:00:00Z');
    const next = codeAt(key, training, at.add({ seconds: ROTATES_SECONDS })).code;
    expect(judgeCode(key, training, next, at)).toBeUndefined();
    expect(judgeCode(key, newId(), codeAt(key, training, at).code, at)).toBeUndefined();
    expect(judgeCode(key, training, '', at)).toBeUndefined();
    expect(judgeCode(key, training, '12345', at)).toBeUndefined();
  });

  it('tells until when it stands there', () => {
    const { until } = codeAt(key, training, Temporal.Instant.from('2026-09-22T06:00:07Z'));
    expect(until.toString()).toBe('2026-09-22T06:00:30Z');
  });
});
