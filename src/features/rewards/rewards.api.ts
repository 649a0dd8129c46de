import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema, wordInput } from '../../kernel/shapes.ts';

export const pointsShape = z.object({
  transferId: z.uuid(),
  key: z.string().describe('What the points are for, once: `check-in:<campaign>:<employee>:<day>`'),
  campaignId: z.uuid(),
  amount: z.int().describe('Below nought for a reversal'),
  reason: z.string().meta({ examples: ['check-in'] }),
  reverses: z.uuid().nullable().describe('The transfer that this one takes back'),
  ruleVersion: z.int().nullable().describe("The version of the campaign's point rules when it was booked"),
  at: instantSchema,
});
export type PointsView = z.infer<typeof pointsShape>;

export const pointsQuery = pageQuery
  .extend({
    employee: wordInput.describe('A 工号'),
    campaign: wordInput.optional().describe('The id or the key of a campaign'),
  })
  .strict();
export const pointsPage = pageOf(pointsShape);

export const reversalInput = z.strictObject({
  key: wordInput.describe('The key of the transfer, as the list of points gives it'),
  reason: z.string().trim().min(1).max(200).describe('Kept in the audit'),
});
export const reversalShape = z.object({
  reversed: z.boolean().describe('False when it had been taken back before'),
});
