import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema, wordInput } from '../../kernel/shapes.ts';

const kind = z.enum(['single', 'multiple', 'true-false', 'fill-in', 'ordering', 'numeric']);
const level = z.enum(['beginner', 'intermediate', 'advanced']);
const review = z.enum(['draft', 'reviewed']);

export const questionShape = z.object({
  key: z.string().meta({ examples: ['ss-freeze-where'] }),
  kind,
  text: z.string(),
  options: z.array(z.string()).describe('For an order, in the right one; empty where there are none'),
  answer: z
    .union([z.int(), z.array(z.int()), z.boolean(), z.array(z.string()), z.number(), z.null()])
    .describe(
      'Index or indices of options from 0, true or false, wordings that count, a number; null for an order',
    ),
  tolerance: z.number().nullable(),
  unit: z.string().nullable(),
  explanation: z.string().nullable(),
  feature: z.string(),
  area: z.string(),
  level,
  tags: z.array(z.string()),
  picture: z.string().nullable(),
  review,
  version: z.int(),
  updatedAt: instantSchema,
  retiredAt: instantSchema.nullable(),
});
export type QuestionView = z.infer<typeof questionShape>;

export const questionsQuery = pageQuery
  .extend({
    kind: kind.optional(),
    area: wordInput.optional(),
    level: level.optional(),
    tag: wordInput.optional(),
    review: review.optional(),
    search: wordInput.optional().describe('Any part of key, text or feature'),
    retired: z.enum(['false', 'true', 'all']).default('false'),
  })
  .strict();
export const questionsPage = pageOf(questionShape);

export const questionPutShape = z.object({
  outcome: z.enum(['created', 'updated', 'unchanged']),
  question: questionShape,
});

export const reviewInput = z.strictObject({ review });

const total = z.int();
export const questionsImportedShape = z.object({
  totals: z.object({ created: total, updated: total, unchanged: total, refused: total }),
  rows: z.array(
    z.object({
      line: z.int().describe('As an editor counts; in JSON the place in the list, from 1'),
      id: z.string(),
      outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
      problems: z.array(z.string()),
    }),
  ),
});
export type QuestionsImportedView = z.infer<typeof questionsImportedShape>;

export const questionsImportRows = z.strictObject({ questions: z.array(z.unknown()) });

export const exportFormats = ['xlsx', 'csv', 'gift', 'aiken', 'moodle'] as const;
export const questionsExportQuery = z.strictObject({
  format: z.enum(exportFormats).default('xlsx'),
  area: wordInput.optional(),
  review: review.optional(),
});

export const pictureShape = z.object({ picture: z.string().describe('Put it into `picture` of a question') });
