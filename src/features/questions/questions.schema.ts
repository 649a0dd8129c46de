import { z } from 'zod';
import { levels } from '../directory/directory.tables.ts';

const words = (max: number) => z.string().trim().min(1).max(max);
/** One line, because lists of them are written one a line. */
const line = (max: number) =>
  words(max).refine((text) => !/[\n\r]/.test(text), { error: 'must stand on one line' });
const text = (max: number) =>
  z
    .string()
    .transform((given) => given.replace(/\r\n?/g, '\n').trim())
    .pipe(z.string().min(1).max(max));

/** What tags of other programs carry for us begins so; a tag of ours therefore may not. */
export const META_TAG = /^(?:kind|feature|area|level|version|owner|review|picture|case|unit):/;

export const kinds = ['single', 'multiple', 'true-false', 'fill-in', 'ordering', 'numeric'] as const;
export type Kind = (typeof kinds)[number];

export const reviews = ['draft', 'reviewed'] as const;

/** The name under which a picture is kept: the beginning of its SHA-256. */
export const pictureName = z.string().regex(/^[a-f0-9]{32}\.(?:png|jpg)$/, {
  error: 'must be the name that uploading the picture gave',
});

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/, 'must be lower-case words joined by hyphens'),
  text: text(500),
  feature: line(40).default('其他'),
  area: line(40).default('other'),
  level: z.enum(levels).default('beginner'),
  tags: z
    .array(
      line(20).refine((tag) => !META_TAG.test(tag) && !/[[\]]/.test(tag), { error: 'is not a plain word' }),
    )
    .max(8)
    .default([]),
  /** What somebody should know afterwards; needed before a review can pass. */
  explanation: text(600).optional(),
  version: line(100).optional(),
  owner: line(40).optional(),
  picture: pictureName.optional(),
  review: z.enum(reviews).default('draft'),
};

const options = (least: number) =>
  z
    .array(line(120))
    .min(least)
    .max(8)
    .refine((given) => new Set(given).size === given.length, { error: 'must differ from one another' });

const single = z.strictObject({
  ...common,
  kind: z.literal('single'),
  options: options(2),
  answer: z.int().min(0),
});
const multiple = z.strictObject({
  ...common,
  kind: z.literal('multiple'),
  options: options(2),
  /** Indices of the right options, from 0, in order. */
  answer: z.array(z.int().min(0)).min(1),
});
const trueFalse = z.strictObject({ ...common, kind: z.literal('true-false'), answer: z.boolean() });
const fillIn = z.strictObject({
  ...common,
  kind: z.literal('fill-in'),
  /** Every wording that counts; the first is the one that is shown. */
  answer: z.array(line(100)).min(1).max(20),
  caseSensitive: z.boolean().default(false),
});
/** The options stand in the right order. */
const ordering = z.strictObject({ ...common, kind: z.literal('ordering'), options: options(3) });
const numeric = z.strictObject({
  ...common,
  kind: z.literal('numeric'),
  answer: z.number(),
  /** How far an answer may be off, in the unit of the answer. */
  tolerance: z.number().min(0).default(0),
  unit: line(20).optional(),
});

/** A question as a content file or an import gives it. */
export const questionFileSchema = z
  .discriminatedUnion('kind', [single, multiple, trueFalse, fillIn, ordering, numeric])
  .superRefine((question, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (question.kind === 'single' && question.answer >= question.options.length)
      refuse('answer', 'must be the index of one of the options, counted from 0');
    if (question.kind === 'multiple') {
      const { answer } = question;
      const inOrder = answer.every((one, place) => place === 0 || one > (answer[place - 1] ?? 0));
      if (!inOrder || answer.some((one) => one >= question.options.length))
        refuse('answer', 'must be indices of options, counted from 0, each once and in order');
    }
    if (question.review === 'reviewed' && question.explanation === undefined)
      refuse('explanation', 'is missing: a question without one cannot pass the review');
  });
export type QuestionFile = z.output<typeof questionFileSchema>;

export const questionsFileSchema = z.strictObject({ questions: z.array(questionFileSchema).min(1) });

type WithoutId<File> = File extends { id: string } ? Omit<File, 'id'> : never;
/** Everything of a question but its id: what a version keeps. */
export type QuestionContent = WithoutId<QuestionFile>;

/**
 * What somebody answered, in terms of the question itself and not of the order in which they saw it: `options` are
 * indices of chosen options, in order; `order` all indices in the order given.
 */
export type Given =
  | { kind: 'options'; options: number[] }
  | { kind: 'order'; order: number[] }
  | { kind: 'truth'; truth: boolean }
  | { kind: 'words'; words: string }
  | { kind: 'number'; number: number };
