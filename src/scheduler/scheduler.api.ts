import { z } from 'zod';
import { pageOf, pageQuery } from '../http/paging.api.ts';
import { instantSchema, wordInput } from '../kernel/shapes.ts';

export const scheduleShape = z.object({
  id: z.uuid(),
  key: z.string().meta({ examples: ['tips.push:01990d1e-7c00-7000-8000-000000000000:Asia/Shanghai'] }),
  job: z.string().meta({ examples: ['tips.push'] }),
  payload: z.unknown(),
  cron: z.string().nullable().describe('Five fields, read in `zone`; null for a single moment'),
  zone: z.string(),
  calendar: z.enum(['every-day', 'workdays']),
  misfire: z.discriminatedUnion('policy', [
    z.object({ policy: z.literal('late-until'), minutes: z.number() }),
    z.object({ policy: z.literal('skip') }),
    z.object({ policy: z.literal('once') }),
  ]),
  nextAt: instantSchema.nullable().describe('The next slot; null when there is none'),
  attempts: z.int().describe('How often the job threw at `nextAt`'),
  retryAt: instantSchema.nullable(),
  until: instantSchema.nullable(),
  createdAt: instantSchema,
});
export type ScheduleView = z.infer<typeof scheduleShape>;

export const schedulesQuery = pageQuery.extend({ job: wordInput.optional() }).strict();
export const schedulesPage = pageOf(scheduleShape);

export const scheduleRunShape = z.object({
  slot: instantSchema.describe('When the work was due'),
  outcome: z.enum(['fired', 'skipped']),
  reason: z.string().nullable().describe('Why it was skipped: `day-off`, `too-late`, `superseded`, …'),
  at: instantSchema.describe('When it was settled'),
});
export type ScheduleRunView = z.infer<typeof scheduleRunShape>;

export const scheduleRunsQuery = pageQuery.strict();
export const scheduleRunsPage = pageOf(scheduleRunShape);
