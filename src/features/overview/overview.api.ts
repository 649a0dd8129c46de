import { z } from 'zod';
import { dayInput, daySchema, wordInput } from '../../kernel/shapes.ts';
import { purposeCountsShape } from '../../outbox/outbox.api.ts';

const promisedAndSent = z.object({
  promised: z.int().describe('Deliveries written for that day, whatever became of them'),
  sent: z.int().describe('Of these, the ones that left for the platform and were not refused'),
});

export const overviewShape = z.object({
  day: daySchema,
  campaign: z
    .object({
      id: z.uuid(),
      key: z.string(),
      name: z.string(),
      zone: z.string(),
      startsOn: daySchema,
      endsOn: daySchema,
    })
    .nullable()
    .describe('The one asked for; else the one running on that day that started last'),
  phase: z
    .object({ kind: z.enum(['warm-up', 'burst', 'sustain']), name: z.string(), focus: z.string() })
    .nullable(),
  workday: z.boolean().describe("By the campaign's own calendar; false without a campaign"),
  dayName: z.string().describe('国庆节, 周末, 调休上班; empty on an ordinary workday'),
  members: z.int().describe("The campaign's people who are employed on that day"),
  checkedIn: z.int().describe('Of these, who checked in on that day of theirs'),
  excused: z
    .int()
    .describe('Of these, who is excused on that day and did not check in: they leave the denominator'),
  departments: z
    .array(
      z.object({
        code: z.string().nullable().describe('Null for people without a department'),
        name: z.string().nullable(),
        parentCode: z.string().nullable(),
        members: z.int(),
        checkedIn: z.int(),
        excused: z.int(),
      }),
    )
    .describe('By main department on that day, without those below; the figures add up to the totals'),
  tips: promisedAndSent,
  reminders: promisedAndSent,
  deliveries: z
    .array(purposeCountsShape)
    .describe("All messages of the campaign that were promised on that day in the campaign's zone"),
  pointsGiven: z.int().describe("Net, on that day in the campaign's zone"),
});
export type Overview = z.infer<typeof overviewShape>;

export const overviewQuery = z.strictObject({
  day: dayInput.optional().describe("Today in the campaign's zone when absent"),
  campaign: wordInput.optional().describe('The id or the key of a campaign'),
});
