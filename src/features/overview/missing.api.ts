import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { dayInput, daySchema, wordInput } from '../../kernel/shapes.ts';

export const missingShape = z.object({
  number: z.string(),
  name: z.string(),
  department: z.object({ code: z.string(), name: z.string() }).nullable(),
  lastDay: daySchema.nullable().describe('Their last check-in in this campaign'),
});
export type MissingView = z.infer<typeof missingShape>;
export const missingPage = pageOf(missingShape);
export const missingQuery = pageQuery
  .extend({
    campaign: wordInput.describe('The id or the key of a campaign'),
    day: dayInput.optional().describe("Today in the campaign's zone when absent"),
    department: wordInput.optional().describe('A code; its people and those of everything below it'),
  })
  .strict();
