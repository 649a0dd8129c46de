import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { daySchema, instantSchema } from '../../kernel/shapes.ts';

export const flagShape = z.object({
  id: z.uuid(),
  kind: z
    .enum(['same-order', 'foreign-cards'])
    .describe('Check-ins within seconds in one order day after day; or cards of other people pressed'),
  people: z
    .array(z.object({ number: z.string(), name: z.string() }))
    .describe('In the order in which they tap; for cards the one who pressed first'),
  from: daySchema,
  to: daySchema,
  times: z.int().describe('On how many days, or how often'),
  foundAt: instantSchema,
  state: z.enum(['open', 'cleared', 'confirmed']),
  decided: z.object({ by: z.string(), at: instantSchema, reason: z.string() }).nullable(),
});
export type FlagView = z.infer<typeof flagShape>;
export const flagsQuery = pageQuery.extend({ state: flagShape.shape.state.optional() }).strict();
export const flagsPage = pageOf(flagShape);
export const flagDecision = z.strictObject({
  outcome: z.enum(['cleared', 'confirmed']),
  reason: z.string().trim().min(1).max(300),
});
