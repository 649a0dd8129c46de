import { z } from 'zod';
import { dayInput, daySchema, instantSchema } from '../../kernel/shapes.ts';
import { evidenceGrades } from '../checkins/checkins.schema.ts';

const tip = z.object({ key: z.string(), title: z.string() }).nullable();
const grade = z.enum(evidenceGrades);

/** Everything about one person on one of their days. */
export const evidenceShape = z.object({
  employee: z.object({
    number: z.string(),
    name: z.string(),
    department: z
      .object({ code: z.string(), name: z.string() })
      .nullable()
      .describe('The main one on that day'),
  }),
  day: daySchema,
  zone: z.string().describe('Where the person lived on that day; it says when the day began and ended'),
  campaign: z
    .object({
      id: z.uuid(),
      key: z.string(),
      name: z.string(),
      workday: z.boolean(),
      dayName: z.string().describe('国庆节, 周末, 调休上班; empty on an ordinary workday'),
    })
    .nullable()
    .describe('In which the person took part on that day'),
  completions: z.array(
    z.object({
      campaignId: z.uuid(),
      task: z.enum(['learn-tip', 'use-software', 'micro-task', 'answer']),
      grade,
      tip,
      at: instantSchema,
      receivedAt: instantSchema,
      channel: z.string(),
      eventKey: z.string().describe("The platform's own key of the event"),
      detail: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
        .nullable()
        .describe('What the person entered or chose'),
    }),
  ),
  checkins: z
    .array(
      z.object({
        campaignId: z.uuid(),
        at: instantSchema,
        receivedAt: instantSchema,
        zone: z.string(),
        grade,
        channel: z.string(),
        tip,
      }),
    )
    .describe('At most one in a campaign'),
  points: z
    .array(
      z.object({
        key: z.string(),
        campaignId: z.uuid(),
        amount: z.int(),
        reason: z.string(),
        reverses: z.uuid().nullable(),
        ruleVersion: z.int().nullable(),
        at: instantSchema,
      }),
    )
    .describe('Booked for that day, with what was taken back later'),
  deliveries: z
    .array(
      z.object({
        messageId: z.uuid(),
        purpose: z.string(),
        title: z.string().nullable().describe('Of the card; null for plain words and files'),
        channel: z.string().nullable(),
        state: z.string(),
        reason: z.string().nullable(),
        plannedAt: instantSchema,
        changedAt: instantSchema,
      }),
    )
    .describe('Messages to the person that were planned on that day'),
});
export type Evidence = z.infer<typeof evidenceShape>;

export const evidenceQuery = z.strictObject({
  day: dayInput.optional().describe("The person's today when absent"),
});
