import { z } from 'zod';
import { defineJob, type JobCall, type QueueJob } from '../../kernel/jobs.ts';
import { compareDraft, openDrafts } from './drafts.service.ts';
import { openRuns, performRun, type RunDeps } from './periods.runs.ts';

/** Puts a job on the queue; the same id twice while the first is pending is one job. */
export type Enqueue = (call: JobCall, options: { id: string; priority: 'answer' }) => Promise<void>;

/** Evaluates a period: preview, closing or supplement. */
export function runJob(deps: RunDeps): QueueJob<{ runId: string }> {
  return defineJob({
    name: 'periods.run',
    payload: z.object({ runId: z.uuid() }),
    run: async ({ runId }, { log }) => {
      await performRun(deps, runId);
      log.info({ runId }, 'period evaluated');
    },
  });
}

/** Compares the rule of a draft with the one that holds. */
export function compareJob(deps: RunDeps): QueueJob<{ draftId: string }> {
  return defineJob({
    name: 'periods.compare',
    payload: z.object({ draftId: z.uuid() }),
    run: async ({ draftId }, { log }) => {
      await compareDraft(deps, draftId);
      log.info({ draftId }, 'rule compared');
    },
  });
}

/** Enqueues what is still to be worked on: the rows are the truth, a job may have been lost. */
export async function sweepRuns(
  { db }: Pick<RunDeps, 'db'>,
  begin: { run: (id: string) => void; compare: (id: string) => void },
): Promise<void> {
  for (const id of await openRuns(db)) begin.run(id);
  for (const id of await openDrafts(db)) begin.compare(id);
}
