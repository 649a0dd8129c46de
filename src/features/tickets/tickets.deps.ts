import type { Db } from '../../kernel/db.ts';
import type { JobCall } from '../../kernel/jobs.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { WorkdayCalendar } from '../../kernel/workdays.ts';

/** What the tickets are given. */
export interface TicketDeps {
  /** The company's: duty hours are read in it. */
  zone: string;
  calendar: WorkdayCalendar;
  /** Has the scheduler do something once, in the caller's transaction; the same key again moves it. */
  later: (tx: Db, key: string, at: Temporal.Instant, call: JobCall) => Promise<void>;
}
