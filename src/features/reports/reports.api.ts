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
  state: z.enum(['requested', 'done', 'failed']),
  requestedBy: z.object({ kind: z.enum(['employee', 'token', 'cli', 'system']), id: z.string() }),
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
 * `{"month": "2026-11"}`, or `from` and `to`. A CSV file of check-ins holds the detail unless `part` says `summary`. For
 * performance a month is given; of a closed one `supplement` takes what was corrected later instead of the closing.
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
