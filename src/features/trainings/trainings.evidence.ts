import { asc, between, desc, inArray } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import { type AttendanceGrade, type AttendanceSource, trainingAttendance } from './trainings.tables.ts';

/** That somebody was in a class on a day of theirs, and how well that is known. */
export interface Attended {
  trainingId: string;
  /** The person's own day. */
  day: Temporal.PlainDate;
  at: Temporal.Instant;
  late: boolean;
  /** Time online, where a meter says so. */
  minutes: number | null;
  source: AttendanceSource;
  grade: AttendanceGrade;
}

/**
 * Which classes these people attended on days from `from` to `to`, both included: what performance rules count. What
 * was corrected counts as corrected. Whoever attended none is not in the answer.
 */
export async function attendedOn(
  tx: Db,
  employeeIds: readonly string[],
  { from, to }: { from: Temporal.PlainDate; to: Temporal.PlainDate },
): Promise<Map<string, Attended[]>> {
  const found = new Map<string, Attended[]>();
  if (employeeIds.length === 0) return found;
  const newest = tx
    .selectDistinctOn([trainingAttendance.employeeId, trainingAttendance.trainingId])
    .from(trainingAttendance)
    .where(inArray(trainingAttendance.employeeId, [...employeeIds]))
    .orderBy(trainingAttendance.employeeId, trainingAttendance.trainingId, desc(trainingAttendance.seq))
    .as('newest');
  const rows = await tx
    .select()
    .from(newest)
    .where(between(newest.day, from, to))
    .orderBy(asc(newest.at));
  for (const { employeeId, present, trainingId, day, at, late, minutes, source, grade } of rows) {
    if (!present) continue;
    const theirs = found.get(employeeId) ?? [];
    theirs.push({ trainingId, day, at, late, minutes, source, grade });
    found.set(employeeId, theirs);
  }
  return found;
}
