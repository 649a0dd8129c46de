import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { dayInput, daySchema, instantSchema, wordInput } from '../../kernel/shapes.ts';
import { excusalReasons } from '../performance/performance.schema.ts';

export const personShape = z.object({ number: z.string(), name: z.string() });

export const excusalShape = z.object({
  id: z.uuid(),
  employee: personShape,
  from: daySchema,
  to: daySchema.describe('Included'),
  reason: z.enum(excusalReasons),
  source: z.enum(['import', 'api', 'console', 'incident', 'directory']),
  reference: z.string().describe('What the giver calls it'),
  incident: z.string().nullable().describe('The number of the outage that it follows from'),
  note: z.string().nullable(),
  by: z.string(),
  at: instantSchema,
  revoked: z
    .object({ by: z.string(), at: instantSchema, note: z.string().nullable() })
    .nullable()
    .describe('Who took it back; null while it holds'),
});
export type ExcusalView = z.infer<typeof excusalShape>;

export const excusalsQuery = pageQuery
  .extend({
    employee: wordInput.optional().describe('A 工号'),
    from: dayInput.optional().describe('Only excusals that reach this day'),
    to: dayInput.optional().describe('Only excusals that begin by this day'),
    reason: z.enum(excusalReasons).optional(),
  })
  .strict();
export const excusalsPage = pageOf(excusalShape);

export const excusalBody = z.strictObject({
  employee: wordInput.describe('A 工号'),
  from: dayInput,
  to: dayInput.describe('Included'),
  reason: z.enum(excusalReasons).exclude(['outage']).describe('Outages are declared as incidents'),
  reference: wordInput
    .max(100)
    .optional()
    .describe('What your system calls it: the same again is the same excusal'),
  note: z.string().trim().max(300).optional(),
});

export const revokeQuery = z.strictObject({
  reason: wordInput.max(300).describe('Why it is taken back; it stays on the record'),
});

const totals = z.object({
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  revoked: z.int(),
  refused: z.int(),
});
export const excusalReportShape = z.object({
  file: z.string(),
  summary: z.string().describe('One sentence for a person, in the language of Accept-Language'),
  totals,
  rows: z.array(
    z.object({
      line: z.int().describe('As Excel counts'),
      number: z.string(),
      outcome: z.enum(['created', 'changed', 'unchanged', 'revoked', 'refused']),
      problems: z.array(z.string()),
    }),
  ),
  unknownColumns: z.array(z.string()).describe('Headings that were not read'),
});
export type ExcusalReportView = z.infer<typeof excusalReportShape>;
