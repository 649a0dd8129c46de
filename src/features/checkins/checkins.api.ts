import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { dayInput, daySchema, instantSchema, wordInput } from '../../kernel/shapes.ts';
import { evidenceGrades } from './checkins.schema.ts';

/** The person of a row, with the main department on the day of the row. */
export const personShape = z.object({
  number: z.string().meta({ examples: ['E0001'] }),
  name: z.string(),
  department: z.object({ code: z.string(), name: z.string() }).nullable(),
});

export const campaignNameShape = z.object({ id: z.uuid(), key: z.string() });

export const checkinShape = z.object({
  campaign: campaignNameShape,
  employee: personShape,
  day: daySchema.describe("The person's day at the tap"),
  at: instantSchema,
  receivedAt: instantSchema.describe('Hours after `at` when the platform delivered late'),
  zone: z.string().describe("The person's zone at the tap: it made the day"),
  grade: z.enum(evidenceGrades).describe('How strong the evidence is, weakest first'),
  channel: z.string(),
  tip: z.object({ key: z.string(), title: z.string() }).nullable(),
});
export type CheckinView = z.infer<typeof checkinShape>;

const whose = {
  campaign: wordInput.optional().describe('The id or the key of a campaign'),
  employee: wordInput.optional().describe('A 工号'),
  department: wordInput.optional().describe('A code; its people and those of everything below it'),
};

export const checkinsQuery = pageQuery
  .extend({ ...whose, from: dayInput.optional(), to: dayInput.optional() })
  .strict();
export const checkinsPage = pageOf(checkinShape);

export const streakShape = z.object({
  campaign: campaignNameShape,
  employee: personShape,
  current: z
    .int()
    .describe("Length in workdays as seen on the person's today: nought once a workday was missed"),
  lastRun: z.int().describe('Length of the run that ended on `lastDay`'),
  best: z.int(),
  counted: z.int().describe('All counted days'),
  lastDay: daySchema,
});
export type StreakView = z.infer<typeof streakShape>;

export const streaksQuery = pageQuery.extend(whose).strict();
export const streaksPage = pageOf(streakShape);
