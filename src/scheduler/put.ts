import { and, eq, max } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import { newId } from '../kernel/ids.ts';
import type { JobCall } from '../kernel/jobs.ts';
import { Temporal } from '../kernel/time.ts';
import type { WorkdayCalendar } from '../kernel/workdays.ts';
import { type DueRow, recordRuns, type ScheduleRow } from './claim.ts';
import { planSlots, slotAfter } from './misfire.ts';
import { type Misfire, scheduleRuns, schedules } from './scheduler.tables.ts';
import { checkCron } from './slots.ts';

export type When =
  | {
      /** Five fields, read in `zone`. */
      cron: string;
      /** IANA name. */
      zone: string;
      calendar: 'every-day' | 'workdays';
      /** The first slot is the first one not before this; it may lie in the past. Now, unless given. */
      from?: Temporal.Instant;
      /** No slot after this. */
      until?: Temporal.Instant;
    }
  | { at: Temporal.Instant };

export interface ScheduleDefinition {
  /** Names the schedule for whoever puts it; putting the same key again changes it. */
  key: string;
  call: JobCall;
  when: When;
  misfire: Misfire;
}

export interface Putting {
  now: Temporal.Instant;
  calendar: WorkdayCalendar;
}

/** Inserts or changes the row of `definition.key`. What is documented at `Scheduler.put` happens here. */
export async function putSchedule(tx: Db, definition: ScheduleDefinition, putting: Putting): Promise<void> {
  const { when } = definition;
  if ('cron' in when) checkCron(when);
  const values = {
    job: definition.call.job,
    payload: definition.call.payload,
    cron: 'cron' in when ? when.cron : null,
    zone: 'cron' in when ? when.zone : 'UTC',
    calendar: 'cron' in when ? when.calendar : ('every-day' as const),
    misfire: definition.misfire,
    until: 'cron' in when ? (when.until ?? null) : null,
  };
  // A second turn is needed when somebody removes the row between the two statements.
  for (;;) {
    const inserted = await tx
      .insert(schedules)
      .values({
        ...values,
        id: newId(),
        key: definition.key,
        nextAt: firstSlot(when, undefined, putting.now),
        createdAt: putting.now,
      })
      .onConflictDoNothing({ target: schedules.key })
      .returning({ id: schedules.id });
    if (inserted.length > 0) return;
    const [row] = await tx.select().from(schedules).where(eq(schedules.key, definition.key)).for('update');
    if (row === undefined) continue;
    const nextAt = await nextAfterChange(tx, row, when, putting.now);
    const kept = sameInstant(nextAt, row.nextAt);
    if (!kept) await settleOverdue(tx, row, 'replaced', putting);
    await tx
      .update(schedules)
      .set({ ...values, ...(kept ? {} : { nextAt, attempts: 0, retryAt: null }) })
      .where(eq(schedules.id, row.id));
    return;
  }
}

/** Removes the row; slots that were due and did not come to fire are recorded as skipped. */
export async function removeSchedule(tx: Db, key: string, putting: Putting): Promise<boolean> {
  const [row] = await tx.delete(schedules).where(eq(schedules.key, key)).returning();
  if (row === undefined) return false;
  await settleOverdue(tx, row, 'removed', putting);
  return true;
}

async function nextAfterChange(
  tx: Db,
  row: ScheduleRow,
  when: When,
  now: Temporal.Instant,
): Promise<Temporal.Instant | null> {
  if ('at' in when) return (await hasRun(tx, row.id, whole(when.at))) ? null : whole(when.at);
  const unchanged =
    row.cron === when.cron &&
    row.zone === when.zone &&
    row.calendar === when.calendar &&
    sameInstant(row.until, when.until ?? null);
  return unchanged ? row.nextAt : firstSlot(when, await lastFired(tx, row.id), now);
}

/** The first slot not before `from`, and later than whatever has fired already: no slot counts twice. */
function firstSlot(
  when: When,
  lastFiredSlot: Temporal.Instant | undefined,
  now: Temporal.Instant,
): Temporal.Instant | null {
  if ('at' in when) return whole(when.at);
  const before = (when.from ?? now).subtract({ nanoseconds: 1 });
  const later = lastFiredSlot !== undefined && Temporal.Instant.compare(lastFiredSlot, before) > 0;
  return slotAfter({ ...when, until: when.until ?? null }, later ? lastFiredSlot : before);
}

async function settleOverdue(tx: Db, row: ScheduleRow, reason: string, putting: Putting): Promise<void> {
  let { nextAt } = row;
  while (nextAt !== null && Temporal.Instant.compare(nextAt, putting.now) <= 0) {
    const due: DueRow = { ...row, nextAt };
    const plan = planSlots(due, putting.now, putting.calendar, 1_000);
    const runs = plan.decisions.map(({ slot }) => ({
      schedule: row,
      decision: { slot, kind: 'skip' as const, reason },
    }));
    await recordRuns(tx, runs, putting.now);
    nextAt = plan.nextAt;
  }
}

async function hasRun(tx: Db, scheduleId: string, slot: Temporal.Instant): Promise<boolean> {
  const found = await tx
    .select({ slot: scheduleRuns.slot })
    .from(scheduleRuns)
    .where(and(eq(scheduleRuns.scheduleId, scheduleId), eq(scheduleRuns.slot, slot)));
  return found.length > 0;
}

async function lastFired(tx: Db, scheduleId: string): Promise<Temporal.Instant | undefined> {
  const [found] = await tx
    .select({ slot: max(scheduleRuns.slot) })
    .from(scheduleRuns)
    .where(and(eq(scheduleRuns.scheduleId, scheduleId), eq(scheduleRuns.outcome, 'fired')));
  return found?.slot ?? undefined;
}

/** Whole milliseconds, rounded up: the queue knows no smaller unit, and a slot must not fire early. */
function whole(instant: Temporal.Instant): Temporal.Instant {
  return instant.round({ smallestUnit: 'millisecond', roundingMode: 'ceil' });
}

function sameInstant(a: Temporal.Instant | null, b: Temporal.Instant | null): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}
