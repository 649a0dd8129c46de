import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema, momentInput, wordInput } from '../../kernel/shapes.ts';

export const incidentShape = z.object({
  id: z.uuid(),
  number: z.string().meta({ examples: ['IN-20261112-1'] }),
  title: z.string(),
  startsAt: instantSchema,
  endsAt: instantSchema,
  channel: z.string().nullable().describe('The channel that was down; null when it was ours'),
  source: z.enum(['found', 'declared']).describe('`found` in our own health record, or reported by a person'),
  state: z.enum(['found', 'declared', 'dismissed']),
  lostMinutes: z.int().nullable().describe('Of the check-in window, by the health record'),
  windowMinutes: z.int().nullable(),
  people: z
    .int()
    .describe('Excused by it; while it is not decided, how many would be, as counted when it was found'),
  decided: z.object({ by: z.string(), at: instantSchema, reason: z.string() }).nullable(),
});
export type IncidentView = z.infer<typeof incidentShape>;

export const incidentsQuery = pageQuery.extend({ state: incidentShape.shape.state.optional() }).strict();
export const incidentsPage = pageOf(incidentShape);

export const incidentBody = z.strictObject({
  title: wordInput.max(80),
  startsAt: momentInput,
  endsAt: momentInput,
  channel: z
    .enum(['wecom', 'feishu', 'dingtalk', 'sandbox'])
    .optional()
    .describe('Only people who are reached through it; everybody when absent'),
});
export const incidentDecision = z.strictObject({ reason: z.string().trim().min(1).max(300) });
