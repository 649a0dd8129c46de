import { z } from 'zod';

const isoDay = z.iso.date();

/** An export as lists and the console show it. */
export const exportShape = z.object({
  id: z.uuid(),
  kind: z.enum(['checkins', 'performance']),
  format: z.enum(['xlsx', 'csv', 'json']),
  /** Which table a CSV file of check-ins holds; null for others. */
  part: z.enum(['detail', 'summary']).nullable(),
  /** Which supplement of a closed period it holds; null for the period itself. */
  supplement: z.number().int().nullable(),
  from: isoDay,
  to: isoDay,
  purpose: z.string().describe('What the data is for, as whoever asked wrote it'),
  state: z
    .enum(['waiting', 'requested', 'done', 'failed', 'refused'])
    .describe('`waiting` until a second person agreed, which many rows need'),
  requestedBy: z.object({
    kind: z.enum(['employee', 'token', 'cli', 'system']),
    id: z.string(),
    name: z.string(),
  }),
  /** The second person's word; null while there is none, or where nobody has to agree. */
  decision: z
    .object({
      approved: z.boolean(),
      by: z.string(),
      at: z.iso.datetime(),
      reason: z.string().nullable().describe('Why it was refused'),
    })
    .nullable(),
  /** Whether the caller may be the second person here and now. */
  mayDecide: z.boolean(),
  fileName: z.string(),
  people: z.number().int().nullable(),
  rows: z.number().int().nullable(),
  bytes: z.number().int().nullable(),
  sha256: z.string().nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  /** Whether the file can be downloaded now. */
  available: z.boolean(),
});
export type ExportShape = z.output<typeof exportShape>;

/**
 * `{"month": "2026-11", "purpose": "年终考核"}`, or `from` and `to`. A CSV file of check-ins holds the detail unless `part`
 * says `summary`. For performance a month is given; of a closed one `supplement` takes what was corrected later instead
 * of the closing.
 */
export const exportRequestShape = z
  .strictObject({
    kind: z.enum(['checkins', 'performance']).default('checkins'),
    month: z
      .string()
      .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
      .optional(),
    from: isoDay.optional(),
    to: isoDay.optional(),
    purpose: z
      .string()
      .trim()
      .min(2, 'say in a few words what the data is for')
      .max(200)
      .regex(/^[^\p{Cc}]*$/u, 'must be one line')
      .describe('What the data is for; stands in the file and in the audit'),
    format: z.enum(['xlsx', 'csv', 'json']).default('xlsx'),
    supplement: z.int().min(1).max(1000).optional(),
    part: z.enum(['detail', 'summary']).default('detail'),
  })
  .refine(
    ({ month, from, to }) =>
      month === undefined ? from !== undefined && to !== undefined : from === undefined && to === undefined,
    {
      message: 'give either month, or from and to',
      path: ['month'],
    },
  )
  .refine(({ kind, format }) => kind === 'performance' || format !== 'json', {
    message: 'check-ins come as xlsx or csv',
    path: ['format'],
  })
  .refine(
    ({ kind, month, supplement }) =>
      kind === 'performance' ? month !== undefined : supplement === undefined,
    {
      message: 'performance is exported by the month; only there are supplements',
      path: ['kind'],
    },
  );
export type ExportRequestShape = z.output<typeof exportRequestShape>;

export const refusalShape = z.strictObject({
  reason: z.string().trim().min(1, 'say why, so that they know what to change').max(200),
});
