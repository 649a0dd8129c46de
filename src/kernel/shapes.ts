import { z } from 'zod';

/** Shapes that many requests and answers share. Only zod, because the console reads them as well. */

/** A day on a calendar. */
export const daySchema = z.iso.date().meta({ examples: ['2026-03-02'] });

/** A moment, in UTC. */
export const instantSchema = z.iso.datetime().meta({ examples: ['2026-03-02T01:10:00Z'] });

/** PostgreSQL knows no year 0; whatever lies so far back is a slip. */
const FIRST_YEAR = '1900';
const notTooEarly = (iso: string): boolean => iso >= FIRST_YEAR;

/** A day in a request. */
export const dayInput = daySchema.refine(notTooEarly, 'must be a day since 1900');

/** A moment in a request, in any offset. */
export const momentInput = z.iso
  .datetime({ offset: true })
  .refine(notTooEarly, 'must be a moment since 1900')
  .meta({ examples: ['2026-03-02T09:10:00+08:00'] });

/** A word in a request: a code, a number, a key, what somebody searches for. */
export const wordInput = z.string().trim().min(1).max(200).refine(isStorable, 'must not contain U+0000');

/** A text of ours that comes back, such as the key in a cursor. */
export const textInput = z.string().max(500).refine(isStorable, 'must not contain U+0000');

/** PostgreSQL refuses the character U+0000 in any text, however deep it stands in a value. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
}
