import { z } from 'zod';
import type { ApiRoutes } from '../http/api.ts';
import { VERSION } from '../kernel/version.ts';
import { queueShape } from './queue.api.ts';
import type { JobQueue } from './queue.ts';

/** How much work there is. The jobs themselves are shown by `queuePages`. */
export function queueRoutes(queue: Pick<JobQueue, 'kind' | 'counts'>): ApiRoutes {
  return (api) => {
    api.get(
      '/queue',
      {
        config: { permission: 'system.read' },
        schema: {
          summary: 'What waits in the queue, is being worked on, and failed',
          tags: ['system'],
          querystring: z.strictObject({}),
          response: { 200: queueShape },
        },
      },
      async () => ({ kind: queue.kind, ...(await queue.counts()), version: VERSION }),
    );
  };
}
