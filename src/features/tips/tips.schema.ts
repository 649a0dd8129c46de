import { z } from 'zod';
import { levels } from '../directory/directory.tables.ts';

const words = (max: number) => z.string().trim().min(1).max(max);

export const tipQuestionSchema = z
  .strictObject({
    text: words(120),
    options: z.array(words(60)).min(2).max(4),
    /** Index of the right option, from 0. */
    answer: z.number().int().min(0),
    explanation: words(200),
  })
  .refine((question) => question.answer < question.options.length, {
    message: 'must be the index of one of the options, counted from 0',
    path: ['answer'],
  });
export type TipQuestion = z.infer<typeof tipQuestionSchema>;

export const areas = [
  'word-processing',
  'spreadsheets',
  'presentations',
  'pdf',
  'cloud-documents',
  'collaboration',
] as const;

/** A tip as its content file gives it. */
export const tipFileSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/, 'must be lower-case words joined by hyphens'),
  title: words(40),
  body: words(800),
  try: words(120),
  feature: words(40),
  area: z.enum(areas),
  level: z.enum(levels),
  scene: words(40),
  tags: z.array(words(20)).max(6).default([]),
  version: words(100).optional(),
  departments: z.array(words(40)).default([]),
  owner: words(40).optional(),
  validUntil: z.iso.date({ error: 'must be a date such as 2027-06-30' }).optional(),
  question: tipQuestionSchema.optional(),
});
export type TipFile = z.infer<typeof tipFileSchema>;

export const tipsFileSchema = z.strictObject({ tips: z.array(tipFileSchema).min(1) });
