import { randomInt } from 'node:crypto';
import { and, asc, count, desc, eq, gt, gte, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Turn } from '../../chat/command.ts';
import type { Channel } from '../../chat/event.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { judgeCode } from './trainings.code.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { isLate, takesAttendance } from './trainings.rules.ts';
import { walkIn } from './trainings.signup.ts';
import { type Deed, doerOf, standingOf, type Training } from './trainings.store.ts';
import {
  type AttendanceGrade,
  type AttendanceSource,
  trainingAttendance,
  trainingCodeMisses,
  trainingScans,
  trainings,
} from './trainings.tables.ts';

export type Attendance = typeof trainingAttendance.$inferSelect;

const MOST_MISSES = 5;
const MISSES_WITHIN = { minutes: 10 };
const SCAN_MINUTES = 3;
/** What comes later than this is taken for done at the latest moment that we believe. */
const OLDEST = { hours: 6 };

export type AttendOutcome =
  | { kind: 'recorded'; training: Training; at: Temporal.Instant; late: boolean; walkedIn: boolean }
  | { kind: 'already'; training: Training; at: Temporal.Instant }
  | { kind: 'not-signed-up' | 'waiting' | 'full'; training: Training }
  | { kind: 'old' | 'used-scan' | 'unknown' | 'too-many' | 'none-now' };

/** When the person did it: by the platform's clock, as far as we believe it. */
function momentOf({ event }: Turn): Temporal.Instant {
  const { occurredAt, receivedAt } = event;
  if (Temporal.Instant.compare(occurredAt, receivedAt) > 0) return receivedAt;
  const oldest = receivedAt.subtract(OLDEST);
  return Temporal.Instant.compare(occurredAt, oldest) < 0 ? oldest : occurredAt;
}

/** Six digits from the wall, or eight from a scan: who says them while they hold, and is on the list, was there. */
export async function attend(
  tx: Db,
  deps: Pick<TrainingDeps, 'secretKey' | 'zone'>,
  turn: Turn,
  digits: string,
): Promise<AttendOutcome> {
  const at = momentOf(turn);
  const { employeeId } = turn.actor;
  const open = await takingAt(tx, at, { lock: true });
  if (open.length === 0) return { kind: 'none-now' };
  if ((await missesOf(tx, employeeId, at)) >= MOST_MISSES) return { kind: 'too-many' };
  if (digits.length === SCAN_DIGITS) {
    const id = await useScan(tx, digits, employeeId, at);
    const scanned = open.find((training) => training.id === id);
    if (scanned === undefined) return missed(tx, employeeId, at, 'used-scan');
    return arrive(tx, deps, turn, scanned, 'qr', at);
  }
  const judged = open.map((training) => ({
    training,
    verdict: judgeCode(deps.secretKey, training.id, digits, at),
  }));
  const good = judged.filter(({ verdict }) => verdict === 'now').map(({ training }) => training);
  const [first] = good;
  if (first === undefined)
    return missed(tx, employeeId, at, judged.some(({ verdict }) => verdict === 'old') ? 'old' : 'unknown');
  // Two classes could show the same digits at one moment; then theirs is meant.
  let meant = first;
  for (const one of good) if ((await standingOf(tx, one.id, employeeId))?.state === 'in') meant = one;
  return arrive(tx, deps, turn, meant, 'code', at);
}

/**
 * Classes that take attendance at this moment. Whoever writes locks them, all in one order: rows get their places in the
 * order in which they can be seen, so that the wall misses nobody, and two sets of taps cannot wait for each other.
 */
export async function takingAt(
  tx: Db,
  at: Temporal.Instant,
  options: { lock?: boolean } = {},
): Promise<Training[]> {
  const query = tx
    .select()
    .from(trainings)
    .where(
      and(
        eq(trainings.state, 'open'),
        lt(trainings.startsAt, at.add({ hours: 1 })),
        gt(trainings.endsAt, at.subtract({ hours: 1 })),
      ),
    )
    .orderBy(asc(trainings.id));
  const around = await (options.lock === true ? query.for('update') : query);
  return around.filter((training) => takesAttendance(training, at));
}

async function arrive(
  tx: Db,
  deps: Pick<TrainingDeps, 'zone'>,
  turn: Turn,
  training: Training,
  source: 'code' | 'qr',
  at: Temporal.Instant,
): Promise<AttendOutcome> {
  const { actor, event } = turn;
  const { employeeId } = actor;
  const before = (await newestOf(tx, training.id, [employeeId])).get(employeeId);
  if (before?.present === true) return { kind: 'already', training, at: before.at };
  const standing = (await standingOf(tx, training.id, employeeId))?.state;
  let walkedIn = false;
  if (standing !== 'in') {
    if (!training.walkIns) return { kind: standing === 'waiting' ? 'waiting' : 'not-signed-up', training };
    walkedIn = await walkIn(tx, deps, training, employeeId, { at, by: doerOf(actor) });
    if (!walkedIn) return { kind: 'full', training };
  }
  const late = isLate(training.startsAt, training.lateAfterMinutes, at);
  const written = await record(tx, training, {
    employeeId,
    present: true,
    at,
    day: localDay(at, actor.zone),
    late,
    minutes: null,
    source,
    grade: 'witnessed',
    by: doerOf(actor),
    corrects: before?.id ?? null,
    channel: event.channel,
    eventKey: event.key,
  });
  if (!written) {
    const first = (await newestOf(tx, training.id, [employeeId])).get(employeeId);
    return { kind: 'already', training, at: first?.at ?? at };
  }
  return { kind: 'recorded', training, at, late, walkedIn };
}

export interface Recording {
  employeeId: string;
  present: boolean;
  at: Temporal.Instant;
  day: Temporal.PlainDate;
  late: boolean;
  minutes: number | null;
  source: AttendanceSource;
  grade: AttendanceGrade;
  by: Deed['by'];
  reason?: string;
  /** The newest row of the person's chain; null when there is none. */
  corrects: string | null;
  channel?: Channel;
  eventKey?: string;
}

/** Appends one row. Answers false when another process was first: a row of the chain is there already. */
export async function record(tx: Db, { id }: Pick<Training, 'id'>, row: Recording): Promise<boolean> {
  const written = await tx
    .insert(trainingAttendance)
    .values({ id: newId(), trainingId: id, ...row })
    .onConflictDoNothing()
    .returning({ id: trainingAttendance.id });
  return written.length > 0;
}

/** The newest row of each of these people, which is the one that counts; of everybody when nobody is named. */
export async function newestOf(
  tx: Db,
  trainingId: string,
  employeeIds?: readonly string[],
): Promise<Map<string, Attendance>> {
  if (employeeIds?.length === 0) return new Map();
  const rows = await tx
    .selectDistinctOn([trainingAttendance.employeeId])
    .from(trainingAttendance)
    .where(
      and(
        eq(trainingAttendance.trainingId, trainingId),
        employeeIds === undefined ? undefined : inArray(trainingAttendance.employeeId, [...employeeIds]),
      ),
    )
    .orderBy(trainingAttendance.employeeId, desc(trainingAttendance.seq));
  return new Map(rows.map((row) => [row.employeeId, row]));
}

export async function presentIn(tx: Db, trainingId: string): Promise<string[]> {
  return [...(await newestOf(tx, trainingId)).values()].flatMap((row) => (row.present ? row.employeeId : []));
}

async function missesOf(tx: Db, employeeId: string, at: Temporal.Instant): Promise<number> {
  const since = at.subtract(MISSES_WITHIN);
  const [found] = await tx
    .select({ n: count() })
    .from(trainingCodeMisses)
    .where(and(eq(trainingCodeMisses.employeeId, employeeId), gte(trainingCodeMisses.at, since)));
  return found?.n ?? 0;
}

async function missed(
  tx: Db,
  employeeId: string,
  at: Temporal.Instant,
  kind: 'old' | 'used-scan' | 'unknown',
): Promise<AttendOutcome> {
  // An old code is a slow thumb, not a guess.
  if (kind !== 'old') await tx.insert(trainingCodeMisses).values({ id: newId(), employeeId, at });
  return { kind };
}

export const SCAN_DIGITS = 8;

/** Somebody scanned the code on the wall: eight digits that one person may use once, soon. Old scans are swept. */
export async function noteScan(tx: Db, trainingId: string, at: Temporal.Instant): Promise<string> {
  await tx.delete(trainingScans).where(lt(trainingScans.at, at.subtract({ hours: 24 })));
  for (;;) {
    const code = String(randomInt(10 ** SCAN_DIGITS)).padStart(SCAN_DIGITS, '0');
    const made = await tx
      .insert(trainingScans)
      .values({ code, trainingId, at })
      .onConflictDoNothing()
      .returning({ code: trainingScans.code });
    if (made.length > 0) return code;
  }
}

/** Which class these digits are from, when they are this person's to use. */
async function useScan(
  tx: Db,
  code: string,
  employeeId: string,
  at: Temporal.Instant,
): Promise<string | undefined> {
  const [used] = await tx
    .update(trainingScans)
    .set({ usedBy: employeeId })
    .where(
      and(
        eq(trainingScans.code, code),
        sql`(${isNull(trainingScans.usedBy)} or ${eq(trainingScans.usedBy, employeeId)})`,
        gte(trainingScans.at, at.subtract({ minutes: SCAN_MINUTES })),
      ),
    )
    .returning({ trainingId: trainingScans.trainingId });
  return used?.trainingId;
}
