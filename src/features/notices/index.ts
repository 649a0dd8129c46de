/** Notices and formal documents: the door of the slice. */
import type { Db } from '../../kernel/db.ts';
import type { JobCall } from '../../kernel/jobs.ts';
import type { Feature } from '../feature.ts';
import {
  approvalCommands,
  bindGroupCommand,
  followUpCommands,
  recallCommand,
  respondCommand,
} from './notices.chat.ts';
import { composeCommand, draftCommand } from './notices.compose.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { noticeJobs, recallJob } from './notices.jobs.ts';

export type { NoticeDeps } from './notices.deps.ts';
export { noticeProblems } from './notices.problems.ts';
export { noticeRoutes } from './notices.routes.ts';
export { actedOnNotice } from './notices.standing.ts';

export interface Notices extends Feature {
  /** Takes back, in the background, what a notice has sent; nothing waits for it. */
  beginRecall(noticeId: string): void;
}

export function notices(
  deps: NoticeDeps & {
    db: Db;
    nudge: () => void;
    enqueue: (call: JobCall, options: { id: string; priority: 'answer' }) => Promise<void>;
  },
): Notices {
  const recall = recallJob(deps);
  const beginRecall = (noticeId: string): void => {
    // The transaction that asked for it commits first; the job finds nothing to do before.
    const id = `${noticeId}-${deps.clock.now().epochMilliseconds}`;
    setImmediate(() => void deps.enqueue(recall.with({ noticeId }), { id, priority: 'answer' }).catch(() => undefined));
  };
  return {
    name: 'notices',
    commands: [
      composeCommand(deps),
      draftCommand(deps),
      respondCommand('acknowledged'),
      respondCommand('signed-up'),
      ...followUpCommands(deps),
      ...approvalCommands(deps),
      recallCommand({ ...deps, beginRecall }),
      bindGroupCommand(deps),
    ],
    queueJobs: [recall],
    scheduledJobs: noticeJobs(deps),
    beginRecall,
  };
}
