import { z } from 'zod';
import { daySchema } from '../../kernel/shapes.ts';
import { attachmentTypes } from './faq.files.api.ts';
import { reviewStates } from './faq.tables.ts';

/** Control characters, which no sheet keeps and nobody sees; U+0000 stays, to be refused by name. */
const UNSEEN = /(?![\0\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/gu;

/** One line: what a sheet, a list in a form and a button can hold. */
const line = (max: number) =>
  z
    .string()
    .transform((text) => text.replace(UNSEEN, '').replace(/\s+/g, ' ').trim())
    .pipe(z.string().min(1).max(max));
/** Several lines, each ending the same way whatever wrote them. */
const lines = (max: number) =>
  z
    .string()
    .transform((text) => text.replace(UNSEEN, '').replace(/\r\n?/g, '\n').trim())
    .pipe(z.string().max(max));
/** What a sheet leaves empty is the same as absent. */
const optionalDay = daySchema.optional();

/** A card holds so much. */
const MOST_SHOWN = 3_500;

const endings = Object.keys(attachmentTypes).join('|');
export const attachmentName = z.string().regex(new RegExp(`^[a-f0-9]{32}\\.(?:${endings})$`), {
  error: 'must be the name that uploading the file gave',
});
const attachment = z.strictObject({ name: line(120), file: attachmentName });

/** An entry as files and imports give it. */
export const faqFileSchema = z
  .strictObject({
    id: line(100),
    question: line(300),
    similar: z.array(line(300)).max(50).default([]),
    /** Markdown. */
    answer: lines(MOST_SHOWN).default(''),
    steps: z.array(line(500)).max(30).default([]),
    attachments: z.array(attachment).max(5).default([]),
    tags: z.array(line(40)).max(20).default([]),
    version: line(100).optional(),
    departments: z.array(line(60)).max(100).default([]),
    validFrom: optionalDay,
    validUntil: optionalDay,
    review: z.enum(reviewStates).default('reviewed'),
    active: z.boolean().default(true),
  })
  .refine(({ answer, steps }) => answer.length + steps.join('').length + 5 * steps.length <= MOST_SHOWN, {
    error: `has more than ${MOST_SHOWN} characters together with the steps`,
    path: ['answer'],
  });
export type FaqFile = z.infer<typeof faqFileSchema>;

export const faqFilesSchema = z.strictObject({ entries: z.array(faqFileSchema).min(1) });
