import { eq } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError, UserError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { isZone, Temporal } from '../../kernel/time.ts';
import { departmentIdOf } from '../directory/index.ts';
import { createLink } from '../links/index.ts';
import { sendRecording } from './trainings.after.ts';
import type { TrainingPlan } from './trainings.api.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { gapsOf } from './trainings.materials.ts';
import { seriesStarts } from './trainings.rules.ts';
import { putSchedules } from './trainings.schedules.ts';
import { moveUp } from './trainings.seats.ts';
import { cancelled, type Deed, signupsOf, type Training, trainingById } from './trainings.store.ts';
import { trainingQuotas, trainingSeries, trainings } from './trainings.tables.ts';
import { tellCancelled, tellChanged } from './trainings.tell.ts';

type Values = Omit<
  typeof trainings.$inferInsert,
  'id' | 'state' | 'createdAt' | 'createdBy' | 'seriesId' | 'revision'
>;

/** What was planned, as the table has it. Rejects with UserError when the zone is none. */
function valuesOf(plan: TrainingPlan, deps: Pick<TrainingDeps, 'zone'>): Values {
  const { quotas: _own, startsAt, endsAt, zone, leastMinutes, reminders, ...rest } = plan;
  const [from, to] = [Temporal.Instant.from(startsAt), Temporal.Instant.from(endsAt)];
  const where = zone ?? deps.zone;
  if (!isZone(where)) throw new UserError(`${where} is no time zone; give one such as Asia/Shanghai`);
  return {
    ...rest,
    startsAt: from,
    endsAt: to,
    zone: where,
    leastMinutes: leastMinutes ?? Math.round(from.until(to).total('minutes') * USUAL_SHARE),
    reminders: [...new Set(reminders)],
  };
}
const USUAL_SHARE = 0.6;

export async function createTraining(
  tx: Db,
  deps: TrainingDeps,
  plan: TrainingPlan,
  { by, at }: Deed,
  seriesId: string | null = null,
): Promise<Training> {
  const [made] = await tx
    .insert(trainings)
    .values({ id: newId(), ...valuesOf(plan, deps), seriesId, state: 'draft', createdAt: at, createdBy: by })
    .returning();
  await putQuotas(tx, (made as Training).id, plan);
  return made as Training;
}

/** Classes at the same hour of the wall clock, so many days apart. */
export async function createSeries(
  tx: Db,
  deps: TrainingDeps,
  {
    title,
    everyDays,
    count,
    training,
  }: { title: string; everyDays: number; count: number; training: TrainingPlan },
  deed: Deed,
): Promise<{ seriesId: string; items: Training[] }> {
  const seriesId = newId();
  await tx.insert(trainingSeries).values({ id: seriesId, title, createdAt: deed.at });
  const [from, to] = [Temporal.Instant.from(training.startsAt), Temporal.Instant.from(training.endsAt)];
  const zone = training.zone ?? deps.zone;
  if (!isZone(zone)) throw new UserError(`${zone} is no time zone; give one such as Asia/Shanghai`);
  const ends = seriesStarts(to, zone, everyDays, count);
  const items: Training[] = [];
  for (const [place, start] of seriesStarts(from, zone, everyDays, count).entries()) {
    const endsAt = (ends[place] as Temporal.Instant).toString();
    const numbered = `${training.title}（${place + 1}/${count}）`;
    const own = { ...training, title: numbered.length > 100 ? training.title : numbered };
    items.push(
      await createTraining(tx, deps, { ...own, startsAt: start.toString(), endsAt }, deed, seriesId),
    );
  }
  return { seriesId, items };
}

async function putQuotas(tx: Db, trainingId: string, { quotas }: TrainingPlan): Promise<void> {
  await tx.delete(trainingQuotas).where(eq(trainingQuotas.trainingId, trainingId));
  const rows = new Map<string, number>();
  for (const { department, seats } of quotas) rows.set(await departmentIdOf(tx, department), seats);
  if (rows.size === 0) return;
  await tx
    .insert(trainingQuotas)
    .values([...rows].map(([departmentId, seats]) => ({ trainingId, departmentId, seats })));
}

/**
 * Opens the sign-up: from now on people see the class, and its reminders are put. Rejects with AppError
 * `training.cancelled` and `training.over`.
 */
export async function openTraining(
  tx: Db,
  deps: TrainingDeps,
  id: string,
  { at, by }: Deed,
): Promise<Training> {
  const training = await trainingById(tx, id, { lock: true });
  if (training.state === 'cancelled') throw cancelled(training);
  if (training.state === 'open') return training;
  if (Temporal.Instant.compare(training.startsAt, at) <= 0)
    throw new AppError('training.over', 'it would begin in the past');
  const link = await createLink(tx, {
    label: training.title,
    medium: 'other',
    target: null,
    campaignId: null,
    by: by.id,
    at,
  });
  const opened = await update(tx, id, { state: 'open', openedAt: at, linkCode: link.code });
  await putSchedules(tx, deps, opened);
  return opened;
}

/**
 * Changes a class. A new time or place of one that is open is told to everybody who is in or waits, once; reminders
 * follow the new time; new seats go to the waiting list. Rejects with AppError `training.cancelled`, and with
 * `training.begun` when time or place would change after the start.
 */
export async function changeTraining(
  tx: Db,
  deps: TrainingDeps,
  id: string,
  plan: TrainingPlan,
  { at }: Deed,
): Promise<{ training: Training; told: number; movedUp: number }> {
  const before = await trainingById(tx, id, { lock: true });
  if (before.state === 'cancelled') throw cancelled(before);
  const values = valuesOf(plan, deps);
  const isMoved =
    !before.startsAt.equals(values.startsAt) ||
    !before.endsAt.equals(values.endsAt) ||
    before.place !== values.place ||
    before.link !== values.link;
  const isOpen = before.state === 'open';
  if (isOpen && isMoved) {
    if (Temporal.Instant.compare(before.startsAt, at) <= 0)
      throw new AppError('training.begun', 'it has begun; time and place do not change');
    if (Temporal.Instant.compare(values.startsAt, at) <= 0)
      throw new AppError('training.over', 'it would begin in the past');
  }
  const told = isOpen && isMoved ? { revision: before.revision + 1, changedAt: at } : {};
  const after = await update(tx, id, { ...values, ...told });
  await putQuotas(tx, id, plan);
  if (!isOpen) return { training: after, told: 0, movedUp: 0 };
  await putSchedules(tx, deps, after);
  const people = isMoved ? await signupsOf(tx, id, ['in', 'waiting']) : [];
  if (isMoved) await tellChanged(tx, deps, before, after, people);
  const up = await moveUp(tx, deps, after, at);
  if (after.wrappedUpAt !== null) await sendRecording(tx, after, at);
  return { training: after, told: people.length, movedUp: up.length };
}

/**
 * Ends a class that will not take place, and tells everybody who is in or waits. Cancelling again changes nothing.
 * Rejects with AppError `training.ended`.
 */
export async function cancelTraining(
  tx: Db,
  deps: TrainingDeps,
  id: string,
  reason: string,
  { at }: Deed,
): Promise<Training> {
  const before = await trainingById(tx, id, { lock: true });
  if (before.state === 'cancelled') return before;
  if (before.state === 'open' && Temporal.Instant.compare(before.endsAt, at) <= 0)
    throw new AppError('training.ended', 'it has taken place and cannot be cancelled');
  const revision = before.revision + 1;
  const after = await update(tx, id, { state: 'cancelled', cancelReason: reason, revision, changedAt: at });
  const people = await signupsOf(tx, id, ['in', 'waiting']);
  if (before.state === 'open') await tellCancelled(tx, deps, after, people, at);
  return after;
}

/** Everything for it is there, or somebody has said why not. Rejects with AppError `training.gaps`, which lists them. */
export async function makeReady(tx: Db, id: string, { at, by }: Deed): Promise<Training> {
  const training = await trainingById(tx, id, { lock: true });
  if (training.state === 'cancelled') throw cancelled(training);
  const gaps = await gapsOf(tx, id);
  if (gaps.length > 0)
    throw new AppError('training.gaps', `missing: ${gaps.map(({ label }) => label).join(', ')}`, {
      details: { gaps },
    });
  return training.readyAt === null ? update(tx, id, { readyAt: at, readyBy: by }) : training;
}

async function update(tx: Db, id: string, values: Partial<typeof trainings.$inferInsert>): Promise<Training> {
  const [row] = await tx.update(trainings).set(values).where(eq(trainings.id, id)).returning();
  return row as Training;
}
