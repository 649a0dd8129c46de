import { z } from 'zod';

export const queueShape = z.object({
  kind: z.enum(['postgres', 'redis']).describe('Where the jobs are kept'),
  waiting: z.int(),
  active: z.int(),
  delayed: z.int(),
  failed: z.int().describe('Of the last 500 that failed for good'),
  version: z.string().describe('Of the server that answers'),
});
export type QueueView = z.infer<typeof queueShape>;
