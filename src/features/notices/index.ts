/** Notices and formal documents: the door of the slice. */
import type { Db } from '../../kernel/db.ts';
import type { QueueJob } from '../../kernel/jobs.ts';
import type { Feature } from '../feature.ts';
import { againCommands } from './notices.again.ts';
import {
  approvalCommands,
  bindGroupCommand,
  followUpCommands,
  recallCommand,
  respondCommand,
} from './notices.chat.ts';
import { composeCommand, draftCommand } from './notices.compose.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { type Enqueue, noticeJobs, recallJob } from './notices.jobs.ts';

export type { NoticeDeps } from './notices.deps.ts';
export { importTemplates } from './notices.import.ts';
export { noticeProblems } from './notices.problems.ts';
export { templatesFileSchema } from './notices.schema.ts';
export { actedOnNotice } from './notices.standing.ts';

/** Notices to departments and single people, from a short text to a formal document. */
export function notices(deps: NoticeDeps & { db: Db; nudge: () => void; enqueue: Enqueue }): Feature {
  return {
    name: 'notices',
    commands: [
      composeCommand(deps),
      draftCommand(deps),
      respondCommand('acknowledged'),
      respondCommand('signed-up'),
      ...followUpCommands(deps),
      ...approvalCommands(deps),
      recallCommand(deps),
      ...againCommands(deps),
      bindGroupCommand(deps),
    ],
    queueJobs: [recallJob(deps) as QueueJob],
    scheduledJobs: noticeJobs(deps),
  };
}
