import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { daySchema, instantSchema, wordInput } from '../../kernel/shapes.ts';
import { audienceSchema, pointRulesSchema, targetsSchema, taskRuleSchema } from './campaigns.schema.ts';

/** In paths and filters a campaign goes by its id or its key. */
export const campaignRef = wordInput
  .describe('The id or the key of a campaign')
  .meta({ examples: ['office-suite-30-days'] });

export const campaignShape = z.object({
  id: z.uuid(),
  key: z.string().describe('`id` in the campaign file'),
  name: z.string(),
  goal: z.string(),
  zone: z.string().describe("The zone of the campaign's own dates; tips go out by each person's zone"),
  startsOn: daySchema,
  endsOn: daySchema,
  tipTime: z
    .string()
    .describe("On the person's wall clock")
    .meta({ examples: ['09:10'] }),
  reminderTime: z.string(),
  audience: audienceSchema,
  tasks: taskRuleSchema,
  targets: targetsSchema,
  points: pointRulesSchema,
  noRepeatDays: z.int(),
  tips: z.array(z.string()).describe('Keys of tips in the order in which the campaign prefers them'),
  createdAt: instantSchema,
});
export type CampaignView = z.infer<typeof campaignShape>;

export const campaignsQuery = pageQuery.strict();
export const campaignsPage = pageOf(campaignShape);

export const phaseShape = z.object({
  kind: z.enum(['warm-up', 'burst', 'sustain']),
  name: z.string(),
  focus: z.string(),
  fromDay: daySchema,
  toDay: daySchema,
});

export const campaignDetailShape = campaignShape.extend({
  phases: z.array(phaseShape),
  days: z
    .array(
      z.object({
        day: daySchema,
        workday: z.boolean(),
        ordinal: z.int().describe('Workdays from the start up to and including this day'),
        name: z.string().describe('国庆节, 周末, 调休上班; empty on an ordinary workday'),
      }),
    )
    .describe("The campaign's frozen calendar, every day of it"),
});
export type CampaignDetail = z.infer<typeof campaignDetailShape>;

export const campaignPutShape = z.object({
  outcome: z.enum(['created', 'updated', 'unchanged']),
  unknownYears: z
    .array(z.int())
    .describe('Years in the campaign whose holidays nobody has announced: there only weekends are off'),
  keptStart: z
    .boolean()
    .describe('The file asks for other dates than those that people have already lived through; they stay'),
  campaign: campaignDetailShape,
});
export type CampaignPut = z.infer<typeof campaignPutShape>;
