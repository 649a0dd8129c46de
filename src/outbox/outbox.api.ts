import { z } from 'zod';
import { pageOf, pageQuery } from '../http/paging.api.ts';
import { dayInput, instantSchema, momentInput, wordInput } from '../kernel/shapes.ts';
import { type DeliveryState, deliveryStates } from './delivery-states.ts';
import { priorities } from './priority.ts';

const stateNames = Object.keys(deliveryStates) as [DeliveryState, ...DeliveryState[]];
export const deliveryState = z.enum(stateNames);

export const deliveryShape = z.object({
  messageId: z.uuid(),
  purpose: z
    .string()
    .describe('Why it is sent')
    .meta({ examples: ['tips.daily'] }),
  priority: z.enum(priorities),
  campaignId: z.uuid().nullable(),
  recipient: z.string().describe("The employee's id; for whoever is none, and for groups, the platform's id"),
  employee: z.object({ number: z.string(), name: z.string() }).nullable(),
  addressKind: z.enum(['person', 'group']),
  channel: z.string().nullable().describe('Null for whoever has no account on a channel that we serve'),
  state: deliveryState,
  reason: z.string().nullable().describe("A short code such as `acted`, or the platform's own error code"),
  attempts: z.int(),
  plannedAt: instantSchema,
  changedAt: instantSchema,
  expiresAt: instantSchema.nullable(),
});
export type DeliveryView = z.infer<typeof deliveryShape>;

export const deliveriesQuery = pageQuery
  .extend({
    purpose: wordInput.optional().describe('Such as `tips.daily`, `checkins.reminder`, `answer`'),
    state: deliveryState.optional(),
    employee: wordInput.optional().describe('A 工号'),
    since: momentInput.optional().describe('Planned at this moment or later'),
  })
  .strict();
export const deliveriesPage = pageOf(deliveryShape);

export const deliverySummaryQuery = z.strictObject({
  campaign: wordInput.describe('The id or the key of a campaign'),
  day: dayInput.optional().describe("A day in the campaign's zone; today when absent"),
});

/** How many deliveries of a purpose are in each state. */
export const purposeCountsShape = z.object({
  purpose: z.string(),
  total: z.int(),
  states: z.partialRecord(deliveryState, z.int()).describe('States in which there is none are absent'),
});
export type PurposeCounts = z.infer<typeof purposeCountsShape>;

export const deliverySummaryShape = z.object({
  campaign: z.object({ id: z.uuid(), key: z.string() }),
  day: z.iso.date(),
  zone: z.string().describe('In which the day began and ended'),
  purposes: z.array(purposeCountsShape),
});
export type DeliverySummary = z.infer<typeof deliverySummaryShape>;

export const deliveryStatesShape = z.object({
  items: z.array(
    z.object({
      state: deliveryState,
      meaning: z.string(),
      next: z.array(deliveryState).describe('Empty when the state is final'),
    }),
  ),
});
