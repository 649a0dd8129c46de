import { setTimeout as sleep } from 'node:timers/promises';
import { asc, isNotNull, sql } from 'drizzle-orm';
import { instantFromSql } from '../kernel/columns.ts';
import type { Db } from '../kernel/db.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import type { ScheduledJob } from '../kernel/jobs.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, type ManualClock, Temporal } from '../kernel/time.ts';
import type { WorkdayCalendar } from '../kernel/workdays.ts';
import type { QueueBackend } from './backend.ts';
import { createChores } from './chores.ts';
import { add, type Firing, fireChunk, type Tally } from './fire.ts';
import { jobsByName } from './jobs-by-name.ts';
import { putSchedule, removeSchedule, type ScheduleDefinition } from './put.ts';
import { schedules } from './scheduler.tables.ts';
import { createWakes } from './wakes.ts';
import { within } from './within.ts';

const STOP_MS = 8_000;

export interface Scheduler {
  /**
   * Puts a schedule in the caller's transaction; call `wake()` after the commit. The same key again changes the
   * schedule: the same times keep the next slot, other times start anew behind the last slot that fired, and
   * slots that were overdue are recorded as skipped, `replaced`.
   * Rejects with AppError `schedule.job-unknown` or `schedule.invalid`.
   */
  put(tx: Db, definition: ScheduleDefinition): Promise<void>;
  /** Whether there was one. Overdue slots are recorded as skipped, `removed`; the records stay. */
  remove(tx: Db, key: string): Promise<boolean>;
  /** Tells the queue about new slots. Never rejects: what the queue missed, the reconciler brings within a minute. */
  wake(): Promise<void>;
  /** Rejects with AppError `schedule.job-missing` when a row waits for a job that does not exist. */
  start(): Promise<void>;
  /** Takes no more slots and resolves when the chunk in hand is committed, or else after 8 seconds. */
  stop(): Promise<void>;
  /** Fires everything due by the clock, in slot order. Safe to call from any number of processes at once. */
  fireDue(): Promise<Tally>;
  /** Fires what is overdue and tells the queue everything anew. Every worker does it at start and every minute. */
  reconcile(): Promise<void>;
  /**
   * With a manual clock: moves it from slot to slot up to `target`, fires each, and waits for `afterEach`, which
   * empties outbox and queues, so that whatever follows from a slot happens before the next.
   */
  advanceTo(target: Temporal.Instant, afterEach: () => Promise<void>): Promise<void>;
}

/** How often, and how far apart, a held schedule is tried again: ten seconds in all. */
const STUCK_AFTER_TRIES = 200;
const RETRY_HELD_MS = 50;

export interface SchedulerOptions {
  db: Db;
  /** With a manual clock nothing is told to the queue, and `start` starts nothing: `advanceTo` does the work. */
  clock: Clock | ManualClock;
  jobs: readonly ScheduledJob[];
  backend: QueueBackend;
  calendar: WorkdayCalendar;
  log: Log;
  /** Called after each commit of slots, so that what they promised can leave at once. */
  onFired?: (tally: Tally) => void;
}

/** Throws AppError `job.duplicate` when two jobs have one name. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { db, clock, backend, calendar, log } = options;
  const jobs = jobsByName(options.jobs);
  const manual = 'set' in clock ? clock : undefined;
  const firing: Firing = { db, clock, calendar, jobs, log };
  const chores = createChores(log);
  const wakes = manual === undefined ? createWakes({ backend, db, clock, log, onWake }) : undefined;
  let stopping = false;
  let turn: Promise<unknown> = Promise.resolve();

  async function onWake(): Promise<void> {
    await fireDue();
    await wakes?.project();
  }

  /** One turn at a time: a second one would only pass over the rows which the first has locked. */
  function fireDue(): Promise<Tally> {
    const mine = turn.then(fireAll, fireAll);
    turn = mine;
    return mine;
  }

  async function fireAll(): Promise<Tally> {
    const total: Tally = { fired: 0, skipped: 0 };
    while (!stopping) {
      const done = await fireChunk(firing);
      if (done === undefined) break;
      add(total, done);
      options.onFired?.(done);
    }
    return total;
  }

  async function reconcile(): Promise<void> {
    await fireDue();
    await wakes?.project({ anew: true });
  }

  return {
    async put(tx, definition) {
      const job = jobs.get(definition.call.job);
      if (job === undefined) {
        const sentence = `schedule "${definition.key}" calls the job "${definition.call.job}", which does not exist`;
        throw new AppError('schedule.job-unknown', sentence);
      }
      if (!job.payload.safeParse(definition.call.payload).success) {
        const sentence = `schedule "${definition.key}" gives "${job.name}" a payload that it does not take`;
        throw new AppError('schedule.invalid', sentence);
      }
      await putSchedule(tx, definition, { now: clock.now(), calendar });
    },
    remove: (tx, key) => removeSchedule(tx, key, { now: clock.now(), calendar }),
    async wake() {
      try {
        await wakes?.project();
      } catch (error) {
        log.warn({ reason: messageOf(error) }, 'queue was not told about new slots');
      }
    },
    async start() {
      await refuseMissingJobs(db, jobs);
      if (wakes === undefined) return;
      await wakes.start();
      chores.every('reconcile schedules', '* * * * *', reconcile);
      await reconcile();
    },
    async stop() {
      stopping = true;
      const settled = Promise.allSettled([chores.stop(), wakes?.stop(), turn]);
      if (!(await within(STOP_MS, settled))) log.warn('scheduler did not stop in time');
    },
    fireDue,
    reconcile,
    async advanceTo(target, afterEach) {
      if (manual === undefined) throw new AppError('schedule.clock', 'only a manual clock can be advanced');
      let last = '';
      let tries = 0;
      for (;;) {
        const due = await earliest(db);
        if (due === undefined || Temporal.Instant.compare(due.at, target) > 0) break;
        const mark = `${due.id} ${due.at.epochNanoseconds}`;
        // Somebody else may hold the row for a moment, as a refresh of schedules does; `fireDue` passes over it.
        tries = mark === last ? tries + 1 : 0;
        if (tries > STUCK_AFTER_TRIES)
          throw new AppError('schedule.stuck', `schedule "${due.key}" does not move on`);
        if (tries > 0) await sleep(RETRY_HELD_MS);
        last = mark;
        if (Temporal.Instant.compare(due.at, manual.now()) > 0) manual.set(due.at);
        await fireDue();
        await afterEach();
      }
      if (Temporal.Instant.compare(target, manual.now()) > 0) manual.set(target);
    },
  };
}

async function refuseMissingJobs(db: Db, jobs: ReadonlyMap<string, ScheduledJob>): Promise<void> {
  const waiting = await db
    .selectDistinctOn([schedules.job], { job: schedules.job, key: schedules.key })
    .from(schedules)
    .where(isNotNull(schedules.nextAt))
    .orderBy(asc(schedules.job), asc(schedules.key));
  const missing = waiting.filter(({ job }) => !jobs.has(job));
  if (missing.length === 0) return;
  const named = missing.map(({ job, key }) => `"${key}" waits for "${job}"`).join(', ');
  throw new AppError('schedule.job-missing', `Schedules wait for jobs that do not exist: ${named}`);
}

async function earliest(db: Db): Promise<{ id: string; key: string; at: Temporal.Instant } | undefined> {
  const { rows } = await db.execute<{ id: string; key: string; at: string }>(sql`
    select id, key, greatest(next_at, retry_at) as at from schedules
    where next_at is not null order by greatest(next_at, retry_at), key limit 1`);
  const [row] = rows;
  return row === undefined ? undefined : { ...row, at: instantFromSql(row.at) };
}
