import type { Command } from '../chat/command.ts';
import type { QueueJob, ScheduledJob } from '../kernel/jobs.ts';

/** What a slice brings to the whole: `app.ts` joins them and nothing else knows them all. */
export interface Feature {
  name: string;
  commands?: readonly Command[];
  queueJobs?: readonly QueueJob[];
  scheduledJobs?: readonly ScheduledJob[];
}
