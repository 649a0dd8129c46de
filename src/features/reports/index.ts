import type { Feature } from '../feature.ts';
import { approvalCommands } from './reports.approval.chat.ts';
import { exportCommand } from './reports.chat.ts';
import { type EnqueueExport, exportJob, sweepExports } from './reports.jobs.ts';
import type { ExportDeps } from './reports.service.ts';

export { type Built, summing } from './reports.build.ts';
export { removeExpired } from './reports.chores.ts';
export { writeCsv } from './reports.csv.ts';
export { readByCursor, readWhole } from './reports.cursor.ts';
export { reportProblems } from './reports.problems.ts';
export { reportRoutes } from './reports.routes.ts';
export { askedFor, harmless, monthOf, type OtherShape, type Period, type Shape } from './reports.rules.ts';
export {
  type ExportDeps,
  exportNow,
  type OtherExport,
  type RequestDeps,
  requestExport,
} from './reports.service.ts';
export type { Cell, Column, Table } from './reports.table.ts';
export { text as exportTexts } from './reports.text.ts';
export type { Watermark } from './reports.watermark.ts';
export { writeXlsx } from './reports.xlsx.ts';

export interface ReportsDeps extends ExportDeps {
  enqueue: EnqueueExport;
  /** Called when a message was promised. */
  nudge: () => void;
}

export interface Reports extends Feature {
  /** Has this export made soon. Returns at once; a queue that is down is made up for by `sweep`. */
  begin(exportId: string): void;
  /** Enqueues what is still to be made: at start and by a chore. */
  sweep(): Promise<void>;
}

/** What HR takes out: exports of check-ins, as a file in chat, by the API and on the command line. */
export function reports(deps: ReportsDeps): Reports {
  const job = exportJob(deps);
  const begin = (exportId: string): void => {
    deps.enqueue(job.with({ exportId }), { id: exportId, priority: 'answer' }).catch(() => undefined);
  };
  return {
    name: 'reports',
    commands: [
      exportCommand({ ...deps, begin }),
      ...approvalCommands({ begin, channels: deps.approval?.channels ?? (() => []) }),
    ],
    queueJobs: [job],
    begin,
    sweep: () => sweepExports({ db: deps.db, enqueue: deps.enqueue, job }),
  };
}
