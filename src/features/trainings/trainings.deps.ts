import type { Db } from '../../kernel/db.ts';
import type { JobCall } from '../../kernel/jobs.ts';
import type { Temporal } from '../../kernel/time.ts';

/** What should happen once, at a moment; after so many minutes it is too late for it, never when absent. */
export interface TrainingSchedule {
  key: string;
  call: JobCall;
  at: Temporal.Instant;
  lateMinutes?: number;
}

/** What the trainings are given. */
export interface TrainingDeps {
  /** Where the company is: days of departments are read in it. */
  zone: string;
  /** The root that senders read files from. */
  fileRoot: string;
  secretKey: Buffer;
  /** Under which phones reach us; stands in QR codes and calendar links. */
  publicUrl: string;
  /** Has the scheduler do something, in the caller's transaction; the same key again moves it. */
  later: (tx: Db, schedule: TrainingSchedule) => Promise<void>;
}
