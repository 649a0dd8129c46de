import { and, asc, desc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Scope } from '../../kernel/permissions.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { departments } from '../directory/directory.tables.ts';
import { departmentsOf, namesOf } from '../directory/index.ts';
import type { MaterialView, PersonView, TrainingView } from './trainings.api.ts';
import { newestOf } from './trainings.attend.ts';
import { materialsOf } from './trainings.materials.ts';
import { signupsOf, type Training, takenOf } from './trainings.store.ts';
import {
  trainingMaterials,
  trainingQuotas,
  trainingSeries,
  trainingSignupEvents,
  trainings,
} from './trainings.tables.ts';

export interface TrainingsQuery {
  from?: Temporal.Instant | undefined;
  to?: Temporal.Instant | undefined;
  state?: 'draft' | 'open' | 'cancelled' | undefined;
  after?: { at: Temporal.Instant; id: string } | undefined;
  limit: number;
}

/** Classes by their start. */
export async function trainingsAfter(
  tx: Db,
  { from, to, state, after, limit }: TrainingsQuery,
): Promise<Training[]> {
  return tx
    .select()
    .from(trainings)
    .where(
      and(
        from === undefined ? undefined : gt(trainings.endsAt, from),
        to === undefined ? undefined : lt(trainings.startsAt, to),
        state === undefined ? undefined : eq(trainings.state, state),
        after === undefined
          ? undefined
          : or(
              gt(trainings.startsAt, after.at),
              and(eq(trainings.startsAt, after.at), gt(trainings.id, after.id)),
            ),
      ),
    )
    .orderBy(asc(trainings.startsAt), asc(trainings.id))
    .limit(limit);
}

/** Classes as the API shows them, in the order in which they come. */
export async function viewsOf(tx: Db, rows: readonly Training[]): Promise<TrainingView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const taken = await takenOf(tx, ids);
  const quotas = await tx
    .select({
      trainingId: trainingQuotas.trainingId,
      department: departments.code,
      name: departments.name,
      seats: trainingQuotas.seats,
    })
    .from(trainingQuotas)
    .innerJoin(departments, eq(departments.id, trainingQuotas.departmentId))
    .where(inArray(trainingQuotas.trainingId, ids))
    .orderBy(asc(departments.code));
  const seriesIds = rows.flatMap(({ seriesId }) => seriesId ?? []);
  const series = new Map(
    seriesIds.length === 0
      ? []
      : (await tx.select().from(trainingSeries).where(inArray(trainingSeries.id, seriesIds))).map((one) => [
          one.id,
          { id: one.id, title: one.title },
        ]),
  );
  const gaps = new Map(
    (
      await tx
        .select({ id: trainingMaterials.trainingId, n: sql<number>`count(*)::int` })
        .from(trainingMaterials)
        .where(
          and(
            inArray(trainingMaterials.trainingId, ids),
            isNull(trainingMaterials.doneAt),
            isNull(trainingMaterials.gapReason),
          ),
        )
        .groupBy(trainingMaterials.trainingId)
    ).map(({ id, n }) => [id, n]),
  );
  return rows.map((row) => {
    const { id, seriesId, startsAt, endsAt, readyAt } = row;
    return {
      ...row,
      series: series.get(seriesId ?? '') ?? null,
      startsAt: startsAt.toString(),
      endsAt: endsAt.toString(),
      readyAt: readyAt?.toString() ?? null,
      quotas: quotas
        .filter(({ trainingId }) => trainingId === id)
        .map(({ department, name, seats }) => ({ department, name, seats })),
      signedUp: taken.get(id)?.in ?? 0,
      waiting: taken.get(id)?.waiting ?? 0,
      gaps: gaps.get(id) ?? 0,
    };
  });
}

export interface PersonRow extends PersonView {
  employeeId: string;
}

/**
 * Everybody on the list of a class, and whoever came without: by 工号. Of a scope only those whose main department, on
 * the day of the class, is in it.
 */
export async function peopleOf(
  tx: Db,
  training: Training,
  { scope, zone }: { scope: Scope; zone: string },
): Promise<PersonRow[]> {
  const signups = new Map(
    (await signupsOf(tx, training.id, ['in', 'waiting', 'cancelled'])).map((one) => [one.employeeId, one]),
  );
  const attendance = await newestOf(tx, training.id);
  const ids = [...new Set([...signups.keys(), ...attendance.keys()])];
  const belonging = await departmentsOf(tx, ids, localDay(training.startsAt, zone));
  const visible = ids.filter((id) => {
    const main = belonging.get(id)?.main?.id;
    return scope === 'everyone' || (main !== undefined && scope.includes(main));
  });
  const names = await namesOf(tx, visible);
  const movedUp = new Map(
    (
      await tx
        .select({ employeeId: trainingSignupEvents.employeeId, at: trainingSignupEvents.at })
        .from(trainingSignupEvents)
        .where(
          and(eq(trainingSignupEvents.trainingId, training.id), eq(trainingSignupEvents.kind, 'moved-up')),
        )
        .orderBy(asc(trainingSignupEvents.id))
    ).map(({ employeeId, at }) => [employeeId, at]),
  );
  return visible
    .map((employeeId): PersonRow => {
      const row = attendance.get(employeeId);
      const present = row?.present === true;
      return {
        employeeId,
        number: names.get(employeeId)?.number ?? '',
        name: names.get(employeeId)?.name ?? '',
        department: belonging.get(employeeId)?.main?.name ?? null,
        standing: signups.get(employeeId)?.state ?? 'none',
        movedUpAt: movedUp.get(employeeId)?.toString() ?? null,
        present,
        arrivedAt: present ? (row?.at.toString() ?? null) : null,
        late: present && row?.late === true,
        minutes: row?.minutes ?? null,
        source: row?.source ?? null,
        grade: row?.grade ?? null,
        reason: row?.reason ?? null,
      };
    })
    .sort((a, b) => (a.number < b.number ? -1 : 1));
}

export interface HistoryRow {
  id: string;
  at: Temporal.Instant;
  employeeId: string;
  kind: 'signed-up' | 'waits' | 'moved-up' | 'cancelled' | 'walked-in';
  by: { name: string };
}

/** Every step of every sign-up of these people, the newest first. */
export async function historyBefore(
  tx: Db,
  trainingId: string,
  {
    before,
    employeeIds,
    limit,
  }: { before: string | undefined; employeeIds: readonly string[]; limit: number },
): Promise<HistoryRow[]> {
  if (employeeIds.length === 0) return [];
  return tx
    .select()
    .from(trainingSignupEvents)
    .where(
      and(
        eq(trainingSignupEvents.trainingId, trainingId),
        inArray(trainingSignupEvents.employeeId, [...employeeIds]),
        before === undefined ? undefined : lt(trainingSignupEvents.id, before),
      ),
    )
    .orderBy(desc(trainingSignupEvents.id))
    .limit(limit);
}

export async function materialViews(tx: Db, trainingId: string): Promise<MaterialView[]> {
  const rows = await materialsOf(tx, trainingId);
  const names = await namesOf(
    tx,
    rows.flatMap(({ ownerId }) => ownerId ?? []),
  );
  return rows.map(({ id, no, label, ownerId, doneAt, doneBy, gapReason, gapBy }) => ({
    id,
    no,
    label,
    owner: ownerId === null ? null : (names.get(ownerId) ?? null),
    doneAt: doneAt?.toString() ?? null,
    doneBy: doneBy?.name ?? null,
    gapReason,
    gapBy: gapBy?.name ?? null,
  }));
}
