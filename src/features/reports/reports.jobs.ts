import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineJob, type JobCall, type QueueJob } from '../../kernel/jobs.ts';
import { type ExportDeps, runExport } from './reports.service.ts';
import { exports } from './reports.tables.ts';

/** Puts a job on the queue; the same id twice while the first is pending is one job. */
export type EnqueueExport = (call: JobCall, options: { id: string; priority: 'answer' }) => Promise<void>;

/** Makes one export. `nudge` is called when a message was promised. */
export function exportJob(deps: ExportDeps & { nudge: () => void }): QueueJob<{ exportId: string }> {
  return defineJob({
    name: 'reports.export',
    payload: z.object({ exportId: z.uuid() }),
    run: async ({ exportId }, { log }) => {
      const finished = await runExport(deps, exportId);
      log.info({ exportId, finished }, 'export worked on');
      deps.nudge();
    },
  });
}

/** Enqueues every export that is still to be made: the rows are the truth, a job may have been lost. */
export async function sweepExports(deps: {
  db: ExportDeps['db'];
  enqueue: EnqueueExport;
  job: QueueJob<{ exportId: string }>;
}): Promise<void> {
  const open = await deps.db
    .select({ id: exports.id })
    .from(exports)
    .where(eq(exports.state, 'requested'))
    .orderBy(asc(exports.createdAt));
  for (const { id } of open) await deps.enqueue(deps.job.with({ exportId: id }), { id, priority: 'answer' });
}
