import type { ChannelAdapter } from '../../chat/adapter.ts';
import type { Db } from '../../kernel/db.ts';
import type { JobCall } from '../../kernel/jobs.ts';
import type { Clock, Temporal } from '../../kernel/time.ts';
import type { SiftDeps } from '../../outbox/sift.ts';

export interface NoticeSettings {
  /** More people than this: somebody else has to approve. */
  approvalAbove: number;
  approvalHours: number;
  perLiaisonPerDay: number;
  draftMinutes: number;
  sensitiveWords: readonly string[];
}

export interface NoticeDeps extends SiftDeps {
  clock: Clock;
  /** Where handed-in files lie, and below which file messages name their paths. */
  fileRoot: string;
  adapters: readonly ChannelAdapter[];
  settings: NoticeSettings;
  /** Where the company is: its today decides who belongs where. */
  zone: string;
  /** One-shot schedules, in the caller's transaction. */
  schedules: {
    put: (tx: Db, schedule: { key: string; call: JobCall; at: Temporal.Instant }) => Promise<void>;
    remove: (tx: Db, key: string) => Promise<void>;
  };
}
