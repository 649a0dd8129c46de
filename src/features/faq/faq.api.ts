import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { daySchema, instantSchema, textInput, wordInput } from '../../kernel/shapes.ts';

export const outcome = z.enum(['answer', 'choices', 'rephrase', 'handover']);
const confidence = z.number().min(0).max(1).describe('How likely the entry answers the question');

export const askBody = z.strictObject({
  text: z.string().max(20_000).describe('The question as somebody typed it; the first 300 characters count'),
  employeeId: z
    .string()
    .max(200)
    .optional()
    .describe('工号 or id of who asks: entries for their departments count'),
});

export const askShape = z.object({
  outcome,
  entryId: z.string().optional().describe('The id that the import gave'),
  answer: z.string().optional().describe('Markdown'),
  confidence,
  choices: z
    .array(z.object({ entryId: z.string(), question: z.string(), confidence }))
    .describe('The three best candidates in order, whatever the outcome'),
});
export type AskAnswer = z.infer<typeof askShape>;

export const faqEntryShape = z.object({
  id: z.string().meta({ examples: ['wps-activate'] }),
  question: z.string(),
  similar: z.array(z.string()),
  answer: z.string(),
  steps: z.array(z.string()).describe('Shown numbered below the answer'),
  attachments: z.array(z.object({ name: z.string(), file: z.string() })),
  tags: z.array(z.string()),
  productVersion: z.string().nullable(),
  departments: z.array(z.string()).describe('Codes of the departments it is meant for; empty for everyone'),
  validFrom: daySchema.nullable(),
  validUntil: daySchema.nullable(),
  review: z.enum(['draft', 'reviewed']),
  active: z.boolean(),
  version: z.int(),
  updatedAt: instantSchema,
  retiredAt: instantSchema.nullable(),
});
export type FaqEntryView = z.infer<typeof faqEntryShape>;

export const faqEntriesQuery = pageQuery
  .extend({
    search: wordInput.optional().describe('Any part of id, question or answer'),
    retired: z.enum(['false', 'true', 'all']).default('false'),
  })
  .strict();
export const faqEntriesPage = pageOf(faqEntryShape);

export const faqPutShape = z.object({
  outcome: z.enum(['created', 'updated', 'unchanged']),
  entry: faqEntryShape,
});

/** An entry as it was, the newest first. */
export const faqVersionsShape = z.object({
  items: z.array(
    z.object({
      version: z.int(),
      at: instantSchema,
      content: faqEntryShape.omit({ id: true, version: true, updatedAt: true, retiredAt: true }),
    }),
  ),
});
export type FaqVersions = z.infer<typeof faqVersionsShape>;

export const faqAttachmentShape = z.object({
  file: z.string().describe('Put it into `attachments` of an entry, with a name'),
});

export const faqImportRows = z.strictObject({ entries: z.array(z.unknown()) });

const total = z.int();
export const faqImportedShape = z.object({
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

export const faqMissShape = z.object({
  id: z.uuid(),
  text: z.string(),
  department: z.string().nullable(),
  context: z.string(),
  outcome,
  candidates: z.array(z.object({ key: z.string(), confidence })),
  at: instantSchema,
});
export const faqMissesQuery = pageQuery.strict();
export const faqMissesPage = pageOf(faqMissShape);
export const missCursor = z.object({ at: z.iso.datetime(), id: z.uuid() });
export const keyCursor = z.object({ key: textInput });

export const clustersShape = z.object({
  items: z.array(
    z.object({
      question: z.string(),
      count: z.int(),
      departments: z.int(),
      texts: z.array(z.string()),
      ids: z.array(z.uuid()),
      nearest: z.string().nullable(),
      lastAt: instantSchema,
    }),
  ),
});
export type MissClusters = z.infer<typeof clustersShape>;
