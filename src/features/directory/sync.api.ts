import { z } from 'zod';
import { channels } from '../../chat/event.ts';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema } from '../../kernel/shapes.ts';
import { runStates } from './sync.tables.ts';

export const runShape = z.object({
  id: z.uuid(),
  channel: z.enum(channels),
  account: z.string(),
  cause: z.string().describe('`nightly`, `hint`, or `api`'),
  state: z
    .enum(runStates)
    .describe(
      '`held`: more people are missing than may leave at once; confirm it, or mend the visible range. `partial`: something could not be read, so nobody was removed',
    ),
  failures: z.array(z.object({ what: z.string(), reason: z.string() })),
  created: z.int().describe('Employees'),
  changed: z.int().describe('Employees whose name, position or department changed, or who came back'),
  removed: z.int().describe('Employees who have left by this run'),
  held: z.int().describe('Employees who would have left'),
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
});
export type RunView = z.infer<typeof runShape>;

export const runsQuery = pageQuery.strict();
export const runsPage = pageOf(runShape);

export const startRunShape = z.strictObject({
  channel: z.enum(channels).optional().describe('All platforms that have a directory when absent'),
});
export const startedRunsShape = z.object({ items: z.array(runShape) });
