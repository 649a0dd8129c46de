import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { dayInput, daySchema, instantSchema, wordInput } from '../../kernel/shapes.ts';

export const MOST_ITEMS = 5_000;

export const usageBody = z.strictObject({
  source: wordInput
    .max(60)
    .describe('Which server says so')
    .meta({ examples: ['office-server-1'] }),
  items: z
    .array(
      z.strictObject({
        employee: wordInput.describe('A 工号'),
        day: dayInput.describe("The person's day"),
        amount: z.int().min(1).max(1_000_000).optional().describe('Minutes or events, as the source counts'),
      }),
    )
    .min(1)
    .max(MOST_ITEMS),
});

export const usageReportShape = z.object({
  summary: z.string().describe('One sentence for a person, in the language of Accept-Language'),
  totals: z.object({ recorded: z.int(), unchanged: z.int(), refused: z.int() }),
  rows: z.array(
    z.object({
      line: z.int().describe('The position from 1; in a file as Excel counts'),
      number: z.string(),
      outcome: z.enum(['recorded', 'unchanged', 'refused']),
      problems: z.array(z.string()),
    }),
  ),
});

export const usageShape = z.object({
  employee: z.object({ number: z.string(), name: z.string() }),
  day: daySchema,
  source: z.string(),
  amount: z.int().nullable(),
  receivedAt: instantSchema,
});
export type UsageView = z.infer<typeof usageShape>;
export const usagePage = pageOf(usageShape);
export const usageQuery = pageQuery
  .extend({ employee: wordInput.optional(), from: dayInput.optional(), to: dayInput.optional() })
  .strict();
