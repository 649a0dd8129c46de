import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { daySchema, instantSchema, wordInput } from '../../kernel/shapes.ts';

export const makeupShape = z.object({
  id: z.uuid(),
  kind: z.enum(['make-up', 'earn-back']),
  campaign: z.object({ id: z.uuid(), key: z.string() }),
  employee: z.object({
    number: z.string(),
    name: z.string(),
    department: z.object({ code: z.string(), name: z.string() }).nullable(),
  }),
  day: daySchema.describe('The missed day'),
  reason: z.string().describe('In the words of the person; empty for a day that was earned back'),
  approver: z.enum(['nobody', 'liaison', 'hr']).describe('Who says yes, by the rule that held'),
  state: z
    .enum(['open', 'approved', 'refused', 'moot'])
    .describe('`moot`: the day counted by itself meanwhile'),
  at: instantSchema,
  decided: z.object({ by: z.string(), at: instantSchema, reason: z.string().nullable() }).nullable(),
});
export type MakeupView = z.infer<typeof makeupShape>;

export const makeupsQuery = pageQuery
  .extend({
    state: makeupShape.shape.state.optional(),
    employee: wordInput.optional().describe('A 工号'),
  })
  .strict();
export const makeupsPage = pageOf(makeupShape);

export const decisionBody = z
  .strictObject({ outcome: z.enum(['approved', 'refused']), reason: z.string().trim().max(200).optional() })
  .refine(({ outcome, reason }) => outcome === 'approved' || (reason ?? '') !== '', {
    path: ['reason'],
    message: 'must say why, in words for the person',
  });
