import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import type { Temporal } from '../../kernel/time.ts';
import { localDay } from '../../kernel/time.ts';
import { departmentsOf, subtree } from '../directory/index.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { fits, movingUp, type Room, type Seated } from './trainings.rules.ts';
import { bySystem, quotasOf, signupsOf, type Training } from './trainings.store.ts';
import { trainingSignupEvents, trainingSignups } from './trainings.tables.ts';
import { tellMovedUp } from './trainings.tell.ts';

type Needs = Pick<TrainingDeps, 'zone' | 'fileRoot' | 'secretKey' | 'publicUrl'>;

/** The room with the shares of departments, and which shares each of these people counts towards. */
async function roomFor(
  tx: Db,
  training: Training,
  zone: string,
  employeeIds: readonly string[],
): Promise<{ room: Room; quotasFor: (employeeId: string) => string[] }> {
  const quotas = await quotasOf(tx, training.id);
  const room = {
    seats: training.seats,
    quotas: new Map(quotas.map(({ departmentId, seats }) => [departmentId, seats])),
  };
  if (quotas.length === 0) return { room, quotasFor: () => [] };
  const below = new Map<string, Set<string>>();
  for (const { departmentId } of quotas) below.set(departmentId, new Set(await subtree(tx, [departmentId])));
  const belonging = await departmentsOf(tx, employeeIds, localDay(training.startsAt, zone));
  const quotasFor = (employeeId: string): string[] => {
    const main = belonging.get(employeeId)?.main?.id;
    if (main === undefined) return [];
    return [...below].flatMap(([id, inside]) => (inside.has(main) ? [id] : []));
  };
  return { room, quotasFor };
}

/** Whether this person gets a seat now. The training must be locked. */
export async function hasSeat(
  tx: Db,
  { zone }: Pick<TrainingDeps, 'zone'>,
  training: Training,
  employeeId: string,
): Promise<boolean> {
  const seated = (await signupsOf(tx, training.id, ['in'])).map((one) => one.employeeId);
  const { room, quotasFor } = await roomFor(tx, training, zone, [...seated, employeeId]);
  const as = (id: string): Seated => ({ employeeId: id, quotas: quotasFor(id) });
  return fits(room, seated.map(as), as(employeeId));
}

/** Gives free seats to those who wait, in their order, and tells them. The training must be locked. */
export async function moveUp(
  tx: Db,
  deps: Needs,
  training: Training,
  at: Temporal.Instant,
): Promise<string[]> {
  if (training.state !== 'open' || at.epochNanoseconds >= training.startsAt.epochNanoseconds) return [];
  const waiting = (await signupsOf(tx, training.id, ['waiting'])).map((one) => one.employeeId);
  if (waiting.length === 0) return [];
  const seated = (await signupsOf(tx, training.id, ['in'])).map((one) => one.employeeId);
  const { room, quotasFor } = await roomFor(tx, training, deps.zone, [...seated, ...waiting]);
  const as = (id: string): Seated => ({ employeeId: id, quotas: quotasFor(id) });
  const ids = movingUp(room, seated.map(as), waiting.map(as)).map(({ employeeId }) => employeeId);
  if (ids.length === 0) return [];
  await tx
    .update(trainingSignups)
    .set({ state: 'in', changedAt: at })
    .where(
      and(
        eq(trainingSignups.trainingId, training.id),
        sql`${trainingSignups.employeeId} = any(${sql.param(ids)}::uuid[])`,
      ),
    );
  await tx.insert(trainingSignupEvents).values(
    ids.map((employeeId) => ({
      id: newId(),
      trainingId: training.id,
      employeeId,
      kind: 'moved-up' as const,
      at,
      by: bySystem,
    })),
  );
  await tellMovedUp(tx, deps, training, ids, at);
  return ids;
}
