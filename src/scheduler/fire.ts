import type { Db } from '../kernel/db.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import type { ScheduledJob, SlotOutcome } from '../kernel/jobs.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, Temporal } from '../kernel/time.ts';
import type { WorkdayCalendar } from '../kernel/workdays.ts';
import { claimDue, type DueRow, isoOf, moveOn, postpone, recordRuns, recordSkips } from './claim.ts';
import { type Decision, lastMoment, type Plan, planSlots, slotAfter } from './misfire.ts';

export interface Firing {
  db: Db;
  clock: Clock;
  calendar: WorkdayCalendar;
  jobs: ReadonlyMap<string, ScheduledJob>;
  log: Log;
}

export interface Tally {
  fired: number;
  skipped: number;
}

/** Schedules in one transaction: large enough for few round trips, small enough to commit soon. */
const SCHEDULES_PER_CHUNK = 200;
/** Slots in one transaction: a schedule that slept for a year is worked off piece by piece. */
const SLOTS_PER_CHUNK = 5_000;
const MAX_ATTEMPTS = 3;
const RETRY_AFTER_SECONDS = 20;

/**
 * Fires one chunk of what is due, in slot order, in one transaction. Resolves to undefined when nothing is due.
 *
 * When a job throws, the chunk is undone and its schedules are done again one at a time, so that only the one
 * that threw waits: it is tried three times, 20 seconds apart and no longer than its misfire policy allows, and
 * then its slot is recorded as skipped with the reason `failed`. Its later slots wait for that.
 * A database that fails rejects instead, and nothing counts as an attempt.
 */
export async function fireChunk(firing: Firing): Promise<Tally | undefined> {
  const now = firing.clock.now();
  let claimed: DueRow[] = [];
  try {
    return await firing.db.transaction(async (tx) => {
      claimed = await claimDue(tx, { now, jobs: [...firing.jobs.keys()], limit: SCHEDULES_PER_CHUNK });
      if (claimed.length === 0) return undefined;
      const limit = Math.max(1, Math.floor(SLOTS_PER_CHUNK / claimed.length));
      const plans = claimed.map((row) => ({ row, plan: planSlots(row, now, firing.calendar, limit) }));
      return await carryOut(firing, tx, plans, now);
    });
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
  }
  const total = { fired: 0, skipped: 0 };
  for (const { id } of claimed) add(total, await fireOne(firing, id, now));
  return total;
}

/** Fires the slots of one schedule up to the first that runs its job, so that a failure has one slot. */
async function fireOne(firing: Firing, id: string, now: Temporal.Instant): Promise<Tally> {
  try {
    return await firing.db.transaction(async (tx) => {
      const row = await claimAgain(firing, tx, id, now);
      if (row === undefined) return { fired: 0, skipped: 0 };
      const plan = upToFirstFire(row, planSlots(row, now, firing.calendar, SLOTS_PER_CHUNK));
      return await carryOut(firing, tx, [{ row, plan }], now);
    });
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    return await noteFailure(firing, error, now);
  }
}

async function carryOut(
  firing: Firing,
  tx: Db,
  plans: readonly { row: DueRow; plan: Plan }[],
  now: Temporal.Instant,
): Promise<Tally> {
  const decided = plans.flatMap(({ row, plan }) =>
    plan.decisions.map((decision) => ({ schedule: row, decision })),
  );
  const recorded = await recordRuns(tx, decided, now);
  const toFire = recorded.filter(({ decision }) => decision.kind === 'fire').sort(bySlot);
  const skips: { id: string; slot: Temporal.Instant; reason: string }[] = [];
  for (const { schedule, decision } of toFire) {
    const outcome = await runJob(firing, tx, schedule, decision.slot, now);
    if (outcome.kind === 'skipped')
      skips.push({ id: schedule.id, slot: decision.slot, reason: outcome.reason });
  }
  await recordSkips(tx, skips);
  await moveOn(
    tx,
    plans.map(({ row, plan }) => ({ row, nextAt: plan.nextAt })),
  );
  const fired = toFire.length - skips.length;
  return { fired, skipped: recorded.length - fired };
}

async function runJob(
  firing: Firing,
  tx: Db,
  row: DueRow,
  slot: Temporal.Instant,
  now: Temporal.Instant,
): Promise<SlotOutcome> {
  const log = firing.log.child({ schedule: row.key, job: row.job, slot: isoOf(slot) });
  try {
    const job = firing.jobs.get(row.job);
    if (job === undefined) throw new AppError('schedule.job-unknown', `there is no job "${row.job}"`);
    return await job.run(tx, job.payload.parse(row.payload), { slot, now, log });
  } catch (error) {
    throw new JobFailure(row, slot, error);
  }
}

/** Decides in its own transaction whether a slot whose job threw is tried again or given up. */
async function noteFailure(firing: Firing, failure: JobFailure, now: Temporal.Instant): Promise<Tally> {
  const { slot } = failure;
  return await firing.db.transaction(async (tx) => {
    const row = await claimAgain(firing, tx, failure.row.id, now);
    // Another process may have taken the schedule meanwhile, or somebody may have put it anew.
    if (row === undefined || !row.nextAt.equals(failure.row.nextAt)) return { fired: 0, skipped: 0 };
    const attempts = (row.nextAt.equals(slot) ? row.attempts : 0) + 1;
    const retryAt = now.add({ seconds: RETRY_AFTER_SECONDS });
    const giveUp = attempts >= MAX_ATTEMPTS || isAfter(retryAt, lastMoment(row.misfire, slot));
    const fields = { schedule: row.key, job: row.job, slot: isoOf(slot), attempts, err: failure.cause };
    const before = planSlots(row, now, firing.calendar, SLOTS_PER_CHUNK).decisions.filter(
      (decision) => Temporal.Instant.compare(decision.slot, slot) < 0,
    );
    const gone: Decision[] = giveUp ? [...before, { slot, kind: 'skip', reason: 'failed' }] : before;
    const recorded = await recordRuns(
      tx,
      gone.map((decision) => ({ schedule: row, decision })),
      now,
    );
    if (giveUp) {
      await moveOn(tx, [{ row, nextAt: slotAfter(row, slot) }]);
      firing.log.error(fields, 'scheduled job failed for good');
    } else {
      await postpone(tx, row.id, { slot, attempts, retryAt });
      firing.log.warn(fields, 'scheduled job failed and is tried again');
    }
    return { fired: 0, skipped: recorded.length };
  });
}

async function claimAgain(
  firing: Firing,
  tx: Db,
  id: string,
  now: Temporal.Instant,
): Promise<DueRow | undefined> {
  const [row] = await claimDue(tx, { now, jobs: [...firing.jobs.keys()], limit: 1, only: id });
  return row;
}

function upToFirstFire(row: DueRow, plan: Plan): Plan {
  const first = plan.decisions.findIndex(({ kind }) => kind === 'fire');
  const last = plan.decisions[first];
  if (last === undefined) return plan;
  return { decisions: plan.decisions.slice(0, first + 1), nextAt: slotAfter(row, last.slot) };
}

function bySlot(a: { decision: Decision }, b: { decision: Decision }): number {
  return Temporal.Instant.compare(a.decision.slot, b.decision.slot);
}

function isAfter(moment: Temporal.Instant, limit: Temporal.Instant | undefined): boolean {
  return limit !== undefined && Temporal.Instant.compare(moment, limit) > 0;
}

export function add(total: Tally, more: Tally): void {
  total.fired += more.fired;
  total.skipped += more.skipped;
}

/** Thrown through the transaction, to undo it, when it was the job and not the database that failed. */
class JobFailure extends Error {
  readonly row: DueRow;
  readonly slot: Temporal.Instant;

  constructor(row: DueRow, slot: Temporal.Instant, cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'JobFailure';
    this.row = row;
    this.slot = slot;
  }
}
