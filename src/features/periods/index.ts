import type { CorrectDays } from '../corrections/index.ts';
import type { Feature } from '../feature.ts';
import type { RequestDeps } from '../reports/index.ts';
import { appealCommands } from './appeals.chat.ts';
import { exportCommand } from './periods.chat.ts';
import { compareJob, type Enqueue, runJob, sweepRuns } from './periods.jobs.ts';
import type { RunDeps } from './periods.runs.ts';

export { showMonth, takesMonth } from './periods.chat.ts';
export { performanceExport } from './periods.export.ts';
export { type Signer, signerFrom } from './periods.keys.ts';
export { ownFreezes } from './periods.person.ts';
export { periodProblems } from './periods.problems.ts';

export interface PeriodsDeps extends RunDeps {
  enqueue: Enqueue;
  correctDays: CorrectDays;
  /** Has an export made soon; must not wait. */
  beginExport: (exportId: string) => void;
  /** With what exports are asked for. */
  exports: RequestDeps;
}

export interface Periods extends Feature {
  /** Has a run made soon. Returns at once; a queue that is down is made up for by `sweep`. */
  beginRun(runId: string): void;
  beginComparison(draftId: string): void;
  /** Enqueues what is still to be worked on: at start and by a chore. */
  sweep(): Promise<void>;
}

/** Performance periods: results, closing by two people, export, explanation and appeal. */
export function periods(deps: PeriodsDeps): Periods {
  const run = runJob(deps);
  const compare = compareJob(deps);
  const beginRun = (runId: string): void => {
    deps.enqueue(run.with({ runId }), { id: runId, priority: 'answer' }).catch(() => undefined);
  };
  const beginComparison = (draftId: string): void => {
    deps.enqueue(compare.with({ draftId }), { id: draftId, priority: 'answer' }).catch(() => undefined);
  };
  return {
    name: 'periods',
    commands: [exportCommand({ begin: deps.beginExport, exports: deps.exports }), ...appealCommands(deps)],
    queueJobs: [run, compare],
    beginRun,
    beginComparison,
    sweep: () => sweepRuns(deps, { run: beginRun, compare: beginComparison }),
  };
}
