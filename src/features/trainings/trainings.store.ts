import { and, asc, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import type { Actor } from '../../chat/command.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import { overlaps } from './trainings.rules.ts';
import { type Doer, trainingQuotas, trainingSignups, trainings } from './trainings.tables.ts';

export type Training = typeof trainings.$inferSelect;
export type Signup = typeof trainingSignups.$inferSelect;

/** A deed with who did it and when. */
export interface Deed {
  by: Doer;
  at: Temporal.Instant;
}

export const doerOf = ({ employeeId, name }: Pick<Actor, 'employeeId' | 'name'>): Doer => ({
  kind: 'employee',
  id: employeeId,
  name,
});
export const bySystem: Doer = { kind: 'system', id: 'trainings', name: 'Cuhuo' };

/** A training by its id. Rejects with AppError `training.not-found`. Whoever changes it or its list locks it. */
export async function trainingById(tx: Db, id: string, options: { lock?: boolean } = {}): Promise<Training> {
  const query = tx.select().from(trainings).where(eq(trainings.id, id));
  const [found] = await (options.lock === true ? query.for('update') : query);
  if (found === undefined) throw new AppError('training.not-found', `there is no training ${id}`);
  return found;
}

export const cancelled = ({ id }: Training) =>
  new AppError('training.cancelled', `training ${id} is cancelled`);

/** Nobody is present in what is not planned to take place. */
export function refuseUnopened(training: Training): void {
  if (training.state === 'cancelled') throw cancelled(training);
  if (training.state === 'draft')
    throw new AppError('training.not-open', `training ${training.id} is a draft`);
}

/** What people may know of: drafts are nobody's yet. */
export async function trainingByNo(tx: Db, no: number): Promise<Training | undefined> {
  const [found] = await tx
    .select()
    .from(trainings)
    .where(and(eq(trainings.no, no), ne(trainings.state, 'draft')));
  return found;
}

export async function trainingsById(tx: Db, ids: readonly string[]): Promise<Map<string, Training>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(trainings)
    .where(inArray(trainings.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Open ones that are not over at `at`, the next first. */
export async function upcoming(tx: Db, at: Temporal.Instant, limit: number): Promise<Training[]> {
  return tx
    .select()
    .from(trainings)
    .where(and(eq(trainings.state, 'open'), gt(trainings.endsAt, at)))
    .orderBy(asc(trainings.startsAt), asc(trainings.no))
    .limit(limit);
}

export async function standingOf(
  tx: Db,
  trainingId: string,
  employeeId: string,
): Promise<Signup | undefined> {
  const [found] = await tx
    .select()
    .from(trainingSignups)
    .where(and(eq(trainingSignups.trainingId, trainingId), eq(trainingSignups.employeeId, employeeId)));
  return found;
}

/** What this person is in or waits for, and is not over at `at`; the next first. */
export async function mine(
  tx: Db,
  employeeId: string,
  at: Temporal.Instant,
): Promise<{ training: Training; state: 'in' | 'waiting' }[]> {
  const rows = await tx
    .select({ training: trainings, state: trainingSignups.state })
    .from(trainingSignups)
    .innerJoin(trainings, eq(trainings.id, trainingSignups.trainingId))
    .where(
      and(
        eq(trainingSignups.employeeId, employeeId),
        ne(trainingSignups.state, 'cancelled'),
        eq(trainings.state, 'open'),
        gt(trainings.endsAt, at),
      ),
    )
    .orderBy(asc(trainings.startsAt));
  return rows.map(({ training, state }) => ({ training, state: state as 'in' | 'waiting' }));
}

/** Other classes of these people, for which they have a seat, at the same time; the next first. */
export async function clashesWith(
  tx: Db,
  training: Training,
  employeeIds: readonly string[],
  at: Temporal.Instant,
): Promise<Map<string, Training[]>> {
  const rows = await tx
    .select({ training: trainings, employeeId: trainingSignups.employeeId })
    .from(trainingSignups)
    .innerJoin(trainings, eq(trainings.id, trainingSignups.trainingId))
    .where(
      and(
        sql`${trainingSignups.employeeId} = any(${sql.param([...employeeIds])}::uuid[])`,
        eq(trainingSignups.state, 'in'),
        eq(trainings.state, 'open'),
        gt(trainings.endsAt, at),
        ne(trainings.id, training.id),
      ),
    )
    .orderBy(asc(trainings.startsAt));
  const theirs = groupBy(
    rows.filter((row) => overlaps(row.training, training)),
    ({ employeeId }) => employeeId,
  );
  return new Map([...theirs].map(([employeeId, own]) => [employeeId, own.map((row) => row.training)]));
}

/** Who stands how with a training, in the order of their turn. */
export async function signupsOf(
  tx: Db,
  trainingId: string,
  states: readonly ('in' | 'waiting' | 'cancelled')[],
): Promise<Signup[]> {
  return tx
    .select()
    .from(trainingSignups)
    .where(and(eq(trainingSignups.trainingId, trainingId), inArray(trainingSignups.state, [...states])))
    .orderBy(asc(trainingSignups.turn));
}

/** How many are in, by training. */
export async function takenOf(
  tx: Db,
  ids: readonly string[],
): Promise<Map<string, { in: number; waiting: number }>> {
  const found = new Map(ids.map((id) => [id, { in: 0, waiting: 0 }]));
  if (ids.length === 0) return found;
  const rows = await tx
    .select({
      id: trainingSignups.trainingId,
      in: sql<number>`(count(*) filter (where ${trainingSignups.state} = 'in'))::int`,
      waiting: sql<number>`(count(*) filter (where ${trainingSignups.state} = 'waiting'))::int`,
    })
    .from(trainingSignups)
    .where(inArray(trainingSignups.trainingId, [...ids]))
    .groupBy(trainingSignups.trainingId);
  for (const { id, ...taken } of rows) found.set(id, taken);
  return found;
}

export async function quotasOf(tx: Db, trainingId: string) {
  return tx.select().from(trainingQuotas).where(eq(trainingQuotas.trainingId, trainingId));
}
