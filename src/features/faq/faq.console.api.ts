import { z } from 'zod';
import { instantSchema } from '../../kernel/shapes.ts';
import { outcome } from './faq.api.ts';

const share = z.number().min(0).max(1);
const part = z.number();

/** A hit test: what would be answered, and what made each candidate stand where it stands. */
export const explainShape = z.object({
  outcome,
  chosen: z.string().nullable().describe('The entry that the configured model chose; null without one'),
  thresholds: z.object({ answer: share, gap: share, choices: share, rephrase: share }),
  candidates: z.array(
    z.object({
      entryId: z.string(),
      question: z.string(),
      answer: z.string(),
      matched: z.string().describe('The question of the entry that came nearest'),
      confidence: share,
      score: part.describe('The sum of the contributions'),
      contributions: z.object({
        overlap: part.describe('Words and characters in common'),
        asked: part.describe('Of the query, what people keep in other words'),
        lost: part.describe('In one of the two only, though people would keep it'),
        centre: part.describe('Near to all questions of the entry together'),
        body: part.describe('Found in answer and tags'),
        same: part.describe('It is this question and nothing else'),
        negation: part.describe('One denies what the other affirms'),
      }),
    }),
  ),
});
export type Explained = z.infer<typeof explainShape>;

const point = z.object({
  answer: share.describe('Answered from this confidence on'),
  gap: share.describe('And only this far ahead of the second'),
  coverage: share.describe('Of the questions that an entry answers: those that get the right one at once'),
  wrong: share.describe('Of the answers given: those that are wrong'),
  outOfScope: share.describe('Of the questions out of scope: those that get an answer nevertheless'),
});

/** How sure the bot has to be, and what that was fitted on. */
export const calibrationShape = z.object({
  version: z.int().describe('0 when nobody has calibrated yet'),
  at: instantSchema.nullable(),
  inUse: z.boolean().describe('False when the search has changed since: then the usual thresholds hold'),
  thresholds: z.object({ answer: share, gap: share, choices: share, rephrase: share }),
  report: z
    .object({
      samples: z.object({
        'as-written': z.int(),
        'left-out': z.int(),
        'held-out': z.int(),
        outside: z.int(),
      }),
      entries: z.int(),
      mostWrong: share.describe('The share of wrong answers that was allowed'),
      kept: z.boolean().describe('Whether it could be kept'),
      outOfScope: share.describe('The share of all questions that was taken to be out of scope'),
      point,
      curve: z.array(point),
      error: z.object({ before: share, after: share }),
    })
    .nullable(),
});
export type CalibrationView = z.infer<typeof calibrationShape>;

const seen = z.object({ outcome, entry: z.string().nullable() });
const replayed = z.array(z.object({ text: z.string(), before: seen, after: seen }));

/** What publishing all drafts would win and lose. */
export const replayShape = z.object({
  asked: z.int().describe('Questions that were asked of both'),
  drafts: z.int(),
  gains: replayed,
  losses: replayed,
});
export type Replayed = z.infer<typeof replayShape>;

const count = z.int();
/** How the knowledge base does. */
export const faqFiguresShape = z.object({
  entries: z.object({ inUse: count, drafts: count, inactive: count, retired: count }),
  questions: z
    .object({ answer: count, choices: count, chosen: count, rephrase: count, handover: count, failed: count })
    .describe('Asked in chat within the last 24 hours, by what became of them'),
  misses: z.object({ open: count, draft: count, similar: count, outside: count }),
  thumbs: z.object({ up: count, down: count }).describe('The newest of each person on each entry'),
  worst: z
    .array(z.object({ entryId: z.string(), question: z.string(), up: count, down: count }))
    .describe('The ten entries with most 👎'),
  comments: z
    .array(z.object({ entryId: z.string(), version: count, comment: z.string(), at: instantSchema }))
    .describe('What people said was wrong, the newest twenty; who said it is not told'),
});
export type FaqFigures = z.infer<typeof faqFiguresShape>;
