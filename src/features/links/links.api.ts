import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema, wordInput } from '../../kernel/shapes.ts';

export const medium = z.enum(['poster', 'sticker', 'mouse-pad', 'loop-video', 'article', 'other']);
export const linkInput = z.strictObject({
  label: wordInput,
  medium,
  target: z
    .url({ protocol: /^https?$/ })
    .max(1_000)
    .nullable()
    .default(null)
    .describe('Null: a page of ours that says what to send to the bot'),
  campaignId: z.uuid().nullable().default(null),
});
export const linkShape = z.object({
  code: z.string(),
  url: z.string(),
  label: z.string(),
  medium,
  target: z.string().nullable(),
  createdAt: instantSchema,
  retiredAt: instantSchema.nullable(),
  funnel: z.object({
    scans: z.int(),
    visitors: z.int(),
    arrived: z.int().describe('People who sent the code to the bot'),
    acted: z.int().describe('Of those, who checked in within seven days'),
  }),
});
export type LinkView = z.infer<typeof linkShape>;
export const linksQuery = pageQuery.strict();
export const linksPage = pageOf(linkShape);
