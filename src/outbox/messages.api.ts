import { z } from 'zod';
import { pageOf, pageQuery } from '../http/paging.api.ts';
import { daySchema, instantSchema, textInput, wordInput } from '../kernel/shapes.ts';
import { deliveryState } from './outbox.api.ts';
import { priorities } from './priority.ts';

/** One logical message and how far it has come. */
export const messageShape = z.object({
  id: z.uuid(),
  title: z.string().describe('Its first words'),
  purpose: z.string().meta({ examples: ['tips.daily'] }),
  priority: z.enum(priorities),
  importance: z.int(),
  passReason: z.string().nullable().describe('Why it passes quiet hours and budget'),
  campaignId: z.uuid().nullable(),
  createdAt: instantSchema,
  total: z.int(),
  states: z.partialRecord(deliveryState, z.int()).describe('States in which there is none are absent'),
  paused: z.boolean(),
});
export type MessageView = z.infer<typeof messageShape>;

export const messagesQuery = pageQuery
  .extend({
    purpose: wordInput.optional(),
    campaign: wordInput.optional().describe('The id or the key of a campaign'),
    answers: z.stringbool().default(false).describe('Whether answers to people are listed as well'),
  })
  .strict();
export const messagesPage = pageOf(messageShape);

export const messageDetailShape = messageShape.extend({
  reasons: z.array(z.object({ state: deliveryState, reason: z.string(), n: z.int() })),
  channels: z.array(
    z.object({
      channel: z.string(),
      account: z.string(),
      waiting: z.int(),
      finishesAt: instantSchema.nullable().describe('Null when the platform’s quotas do not let it finish'),
      slowest: z.string().nullable().describe('The quota that decides'),
    }),
  ),
});
export type MessageDetail = z.infer<typeof messageDetailShape>;

export const backlogs = ['all', 'latest', 'skip'] as const;
const reason = textInput.min(1).describe('Kept with the stop, and in the audit');

export const stopShape = z.object({
  id: z.uuid(),
  kind: z.enum(['pause', 'kill']),
  scope: z.enum(['message', 'campaign', 'department', 'channel', 'everything']),
  subject: z.string(),
  reason: z.string(),
  by: z.string(),
  since: instantSchema,
  endedAt: instantSchema.nullable(),
  endedBy: z.string().nullable(),
  backlog: z.enum(backlogs).nullable(),
});
export type StopView = z.infer<typeof stopShape>;

export const stopInput = z
  .strictObject({
    kind: z.enum(['pause', 'kill']).describe('A pause keeps the backlog, a kill ends it'),
    scope: stopShape.shape.scope,
    subject: textInput
      .default('')
      .describe('The id of a message, campaign or department, or a channel’s name'),
    reason,
  })
  .refine(({ scope, subject }) => (scope === 'everything') === (subject === ''), {
    path: ['subject'],
    error: 'name what is to be stopped; only "everything" has no subject',
  })
  .refine(
    ({ scope, subject }) =>
      !['message', 'campaign', 'department'].includes(scope) || z.uuid().safeParse(subject).success,
    { path: ['subject'], error: 'give an id' },
  );
export const stopsQuery = pageQuery.extend({ active: z.stringbool().optional() }).strict();
export const stopsPage = pageOf(stopShape);

export const resumeInput = z.strictObject({
  backlog: z
    .enum(backlogs)
    .default('all')
    .describe('What becomes of what was kept: all of it goes, the latest of each purpose, or none'),
});
export const reasonInput = z.strictObject({ reason });
export const cancelledShape = z.object({ cancelled: z.int().describe('People who will not get it') });

export const channelShape = z.object({
  channel: z.string(),
  account: z.string(),
  ready: z.boolean(),
  problem: z.string().nullable().describe('Why it is not ready'),
  failures: z.int().describe('Failures in a row'),
  restsMs: z.number().describe('How long it rests after failures'),
  ways: z.array(z.object({ name: z.string(), batchSize: z.int(), repeatsSafely: z.boolean() })),
  quotas: z.array(
    z.object({
      name: z.string(),
      counts: z.string(),
      per: z.string(),
      most: z.int(),
      used: z.int().nullable().describe('Null where it counts for each person'),
      window: z.string().meta({ examples: ['60 s', 'month, Asia/Shanghai'] }),
      runsOutOn: daySchema
        .nullable()
        .describe('The day on which daily tips will have used up the month; null when it holds'),
      beyond: z.enum(['refused', 'dropped']),
      source: z.string(),
    }),
  ),
});
export type ChannelView = z.infer<typeof channelShape>;
export const channelsShape = z.object({ items: z.array(channelShape) });
