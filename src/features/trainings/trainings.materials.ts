import { and, asc, eq, isNull, ne } from 'drizzle-orm';
import { card } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Gap } from './trainings.api.ts';
import { MATERIALS, noteCard } from './trainings.cards.ts';
import { cancelled, type Deed, type Training, trainingById } from './trainings.store.ts';
import { trainingMaterials, trainings } from './trainings.tables.ts';
import { readersOf, tellAll } from './trainings.tell.ts';
import { text } from './trainings.text.ts';

export type Material = typeof trainingMaterials.$inferSelect;

export async function materialsOf(tx: Db, trainingId: string): Promise<Material[]> {
  return tx
    .select()
    .from(trainingMaterials)
    .where(eq(trainingMaterials.trainingId, trainingId))
    .orderBy(asc(trainingMaterials.no));
}

/** What is neither ticked off nor explained. */
export async function gapsOf(tx: Db, trainingId: string): Promise<Gap[]> {
  const rows = await materialsOf(tx, trainingId);
  return rows
    .filter(({ doneAt, gapReason }) => doneAt === null && gapReason === null)
    .map(({ id, no, label }) => ({ id, no, label }));
}

/** Adds to the checklist; whoever owns something new hears of it, once for all of it. */
export async function addMaterials(
  tx: Db,
  trainingId: string,
  items: readonly { label: string; ownerId: string | null }[],
  { at }: Deed,
): Promise<void> {
  const training = await openList(tx, trainingId);
  const made = await tx
    .insert(trainingMaterials)
    .values(items.map((item) => ({ id: newId(), trainingId, ...item })))
    .returning();
  await unready(tx, training);
  await askOwners(tx, training, made, at);
}

export interface MaterialChange {
  label?: string | undefined;
  ownerId?: string | null | undefined;
  done?: boolean | undefined;
  gapReason?: string | null | undefined;
}

/** Ticks off, explains, hands over. Rejects with AppError `training.no-material`. */
export async function changeMaterial(
  tx: Db,
  trainingId: string,
  materialId: string,
  { label, ownerId, done, gapReason }: MaterialChange,
  { at, by }: Deed,
): Promise<Material> {
  const training = await openList(tx, trainingId);
  const [before] = await tx
    .select()
    .from(trainingMaterials)
    .where(and(eq(trainingMaterials.id, materialId), eq(trainingMaterials.trainingId, trainingId)));
  if (before === undefined) throw new AppError('training.no-material', `there is no item ${materialId}`);
  const [after] = await tx
    .update(trainingMaterials)
    .set({
      ...(label === undefined ? {} : { label }),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(done === undefined
        ? {}
        : done
          ? { doneAt: before.doneAt ?? at, doneBy: before.doneBy ?? by }
          : NOT_DONE),
      ...(gapReason === undefined ? {} : gapReason === null ? NO_GAP : { gapReason, gapBy: by, gapAt: at }),
    })
    .where(eq(trainingMaterials.id, materialId))
    .returning();
  const changed = after as Material;
  await unready(tx, training);
  if (ownerId !== undefined && ownerId !== null && ownerId !== before.ownerId)
    await askOwners(tx, training, [changed], at);
  return changed;
}

const NOT_DONE = { doneAt: null, doneBy: null };
const NO_GAP = { gapReason: null, gapBy: null, gapAt: null };

export async function removeMaterial(tx: Db, trainingId: string, materialId: string): Promise<void> {
  await openList(tx, trainingId);
  const gone = await tx
    .delete(trainingMaterials)
    .where(and(eq(trainingMaterials.id, materialId), eq(trainingMaterials.trainingId, trainingId)))
    .returning({ id: trainingMaterials.id });
  if (gone.length === 0) throw new AppError('training.no-material', `there is no item ${materialId}`);
}

async function openList(tx: Db, trainingId: string): Promise<Training> {
  const training = await trainingById(tx, trainingId, { lock: true });
  if (training.state === 'cancelled') throw cancelled(training);
  return training;
}

/** A new gap takes away that everything is there. */
async function unready(tx: Db, { id, readyAt }: Training): Promise<void> {
  if (readyAt === null || (await gapsOf(tx, id)).length === 0) return;
  await tx.update(trainings).set({ readyAt: null, readyBy: null }).where(eq(trainings.id, id));
}

async function askOwners(
  tx: Db,
  training: Training,
  items: readonly Material[],
  at: Temporal.Instant,
): Promise<void> {
  const owners = [
    ...new Set(items.flatMap(({ ownerId, doneAt }) => (doneAt === null ? (ownerId ?? []) : []))),
  ];
  const telling = {
    purpose: 'trainings.materials',
    at,
    passes: false,
    importance: 6,
    expiresAt: training.startsAt,
  };
  await tellAll(tx, await readersOf(tx, owners, at), telling, (reader) => {
    const t = text[reader.locale].materials;
    const labels = items.filter(({ ownerId }) => ownerId === reader.employeeId).map(({ label }) => label);
    const body = t.askedBody(labels.join(reader.locale === 'en' ? ', ' : '、'));
    const button = {
      label: text[reader.locale].word.materials,
      tone: 'primary' as const,
      action: { name: MATERIALS, anybody: true },
      word: text[reader.locale].word.materials,
    };
    return [
      card(noteCard(training, reader, { title: t.askedTitle(training.title), body, buttons: [button] })),
    ];
  });
}

/** What this person still has to prepare, of classes that are not over; the next first. */
export async function materialsFor(
  tx: Db,
  employeeId: string,
  at: Temporal.Instant,
): Promise<{ material: Material; training: Training }[]> {
  const rows = await tx
    .select({ material: trainingMaterials, training: trainings })
    .from(trainingMaterials)
    .innerJoin(trainings, eq(trainings.id, trainingMaterials.trainingId))
    .where(and(eq(trainingMaterials.ownerId, employeeId), isNull(trainingMaterials.doneAt)))
    .orderBy(asc(trainings.startsAt), asc(trainingMaterials.no));
  return rows.filter(
    ({ training }) =>
      training.state !== 'cancelled' && training.endsAt.epochNanoseconds > at.epochNanoseconds,
  );
}

/** An item of this owner by its number; of an event that is cancelled nothing is needed any more. */
export async function ownItem(tx: Db, employeeId: string, no: number): Promise<Material | undefined> {
  const [found] = await tx
    .select({ material: trainingMaterials })
    .from(trainingMaterials)
    .innerJoin(trainings, eq(trainings.id, trainingMaterials.trainingId))
    .where(
      and(
        eq(trainingMaterials.no, no),
        eq(trainingMaterials.ownerId, employeeId),
        ne(trainings.state, 'cancelled'),
      ),
    );
  return found?.material;
}
