import { z } from 'zod';
import { daySchema } from '../../kernel/shapes.ts';
import { reviewStates } from './faq.tables.ts';

const words = (max: number) => z.string().trim().min(1).max(max);
/** What a sheet leaves empty is the same as absent. */
const optionalDay = daySchema.optional();

/** An entry as files and imports give it. */
export const faqFileSchema = z.strictObject({
  id: words(100),
  question: words(300),
  similar: z.array(words(300)).max(50).default([]),
  /** Markdown. */
  answer: z.string().trim().max(3_500).default(''),
  tags: z.array(words(40)).max(20).default([]),
  version: words(100).optional(),
  departments: z.array(words(60)).max(100).default([]),
  validFrom: optionalDay,
  validUntil: optionalDay,
  review: z.enum(reviewStates).default('reviewed'),
  active: z.boolean().default(true),
});
export type FaqFile = z.infer<typeof faqFileSchema>;

export const faqFilesSchema = z.strictObject({ entries: z.array(faqFileSchema).min(1) });
