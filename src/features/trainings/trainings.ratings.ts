import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import type { Temporal } from '../../kernel/time.ts';
import { newestOf } from './trainings.attend.ts';
import { type Training, trainingsById } from './trainings.store.ts';
import { trainingAttendance, trainingRatings, trainings } from './trainings.tables.ts';

export type Rating = typeof trainingRatings.$inferSelect;

export interface RatingInput {
  /** Undefined: the newest class that they attended. */
  trainingId: string | undefined;
  employeeId: string;
  score: number;
  comment: string | null;
  at: Temporal.Instant;
}

/** Takes a score from somebody who was there; a second one replaces the first, and both are kept. */
export async function rate(
  tx: Db,
  { trainingId, employeeId, score, comment, at }: RatingInput,
): Promise<{ kind: 'rated' | 'rated-again'; training: Training } | { kind: 'nothing' }> {
  const id = trainingId ?? (await lastAttended(tx, employeeId));
  if (id === undefined) return { kind: 'nothing' };
  if ((await newestOf(tx, id, [employeeId])).get(employeeId)?.present !== true) return { kind: 'nothing' };
  const training = (await trainingsById(tx, [id])).get(id);
  if (training === undefined) return { kind: 'nothing' };
  const before = (await ratingsOf(tx, id, [employeeId])).length > 0;
  await tx.insert(trainingRatings).values({ id: newId(), trainingId: id, employeeId, score, comment, at });
  return { kind: before ? 'rated-again' : 'rated', training };
}

async function lastAttended(tx: Db, employeeId: string): Promise<string | undefined> {
  const counts = tx
    .selectDistinctOn([trainingAttendance.trainingId], {
      trainingId: trainingAttendance.trainingId,
      present: trainingAttendance.present,
    })
    .from(trainingAttendance)
    .where(eq(trainingAttendance.employeeId, employeeId))
    .orderBy(trainingAttendance.trainingId, desc(trainingAttendance.seq))
    .as('counts');
  const rows = await tx
    .select({ id: trainings.id })
    .from(counts)
    .innerJoin(trainings, eq(trainings.id, counts.trainingId))
    .where(eq(counts.present, true))
    .orderBy(desc(trainings.endsAt))
    .limit(1);
  return rows[0]?.id;
}

/** The newest of each person; of these people alone when some are named. */
export async function ratingsOf(
  tx: Db,
  trainingId: string,
  employeeIds?: readonly string[],
): Promise<Rating[]> {
  if (employeeIds?.length === 0) return [];
  return tx
    .selectDistinctOn([trainingRatings.employeeId])
    .from(trainingRatings)
    .where(
      and(
        eq(trainingRatings.trainingId, trainingId),
        employeeIds === undefined ? undefined : inArray(trainingRatings.employeeId, [...employeeIds]),
      ),
    )
    .orderBy(trainingRatings.employeeId, desc(trainingRatings.id));
}
