import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema } from '../../kernel/shapes.ts';

export const dataRequestShape = z.object({
  id: z.uuid(),
  employee: z.object({ number: z.string(), name: z.string() }),
  text: z.string().describe('In the words of the person'),
  at: instantSchema,
  answer: z.string().nullable(),
  answeredBy: z.string().nullable(),
  answeredAt: instantSchema.nullable(),
});
export type DataRequestView = z.infer<typeof dataRequestShape>;
export const dataRequestsQuery = pageQuery
  .extend({ state: z.enum(['open', 'answered']).optional() })
  .strict();
export const dataRequestsPage = pageOf(dataRequestShape);
export const dataRequestAnswer = z.strictObject({ answer: z.string().trim().min(1).max(500) });

export const privacyNoticeShape = z.object({
  version: z.int(),
  basis: z.enum(['institution', 'consent']),
  texts: z.object({ 'zh-CN': z.string(), en: z.string() }),
  contact: z.string(),
  since: instantSchema,
  shownTo: z.int().describe('How many people have been shown this version'),
});
export const privacyNoticesPage = pageOf(privacyNoticeShape);

export const retentionRunShape = z.object({
  class: z.string(),
  keepDays: z.int(),
  olderThan: instantSchema,
  deleted: z.int(),
  at: instantSchema,
});
export const retentionRunsPage = pageOf(retentionRunShape);
