import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { employeeIdOf } from '../directory/index.ts';
import {
  cancelInput,
  changedShape,
  materialInput,
  materialsInput,
  materialsShape,
  nothingInput,
  seriesInput,
  seriesShape,
  type TrainingView,
  trainingInput,
  trainingShape,
  trainingsPage,
  trainingsQuery,
} from './trainings.api.ts';
import { materialViews, trainingsAfter, viewsOf } from './trainings.lists.ts';
import { addMaterials, changeMaterial, removeMaterial } from './trainings.materials.ts';
import { peopleRoutes } from './trainings.people.routes.ts';
import {
  cancelTraining,
  changeTraining,
  createSeries,
  createTraining,
  makeReady,
  openTraining,
} from './trainings.plan.ts';
import { byId, type Change, type TrainingRoutesDeps, tags } from './trainings.routes.deps.ts';
import { type Training, trainingById } from './trainings.store.ts';
import type { Doer } from './trainings.tables.ts';

const reads = { config: { permission: 'trainings.read' } } as const;
const writes = { config: { permission: 'trainings.write' } } as const;
const cursorShape = z.object({ at: z.iso.datetime(), id: z.uuid() });

/** The person behind a session counts as themselves. */
function doerIn(request: FastifyRequest): Doer {
  const { id, name, employeeId } = principalOf(request);
  return employeeId === null ? { kind: 'token', id, name } : { kind: 'employee', id: employeeId, name };
}

/** Classes: planning, changing, opening, cancelling, and what each needs. */
export function trainingRoutes(deps: TrainingRoutesDeps): ApiRoutes {
  const { db, clock } = deps;

  /** A change with its line in the audit; what it promised and scheduled leaves at once. */
  const change: Change = async (request, action, subject, work) => {
    const at = clock.now();
    const done = await db.transaction(async (tx) => {
      const result = await work(tx, { at, by: doerIn(request) });
      const actor = actorOf(request);
      await recordAudit(tx, { at, actor, action: `trainings.${action}`, subject });
      return result;
    });
    deps.nudge();
    await deps.wake();
    return done;
  };
  const viewOf = async (tx: Db, training: Training): Promise<TrainingView> =>
    (await viewsOf(tx, [training]))[0] as TrainingView;

  const ownersOf = async (tx: Db, items: readonly { label: string; owner: string | null }[]) => {
    const found: { label: string; ownerId: string | null }[] = [];
    for (const { label, owner } of items)
      found.push({ label, ownerId: owner === null ? null : await employeeIdOf(tx, owner) });
    return found;
  };

  return (api) => {
    api.get(
      '/trainings',
      {
        schema: {
          summary: 'Trainings by their start',
          tags,
          querystring: trainingsQuery,
          response: { 200: trainingsPage },
        },
        ...reads,
      },
      async ({ query: { limit, cursor, from, to, state } }) => {
        const after = readCursor(cursor, cursorShape);
        const rows = await trainingsAfter(db, {
          from: from === undefined ? undefined : Temporal.Instant.from(from),
          to: to === undefined ? undefined : Temporal.Instant.from(to),
          state,
          after: after === undefined ? undefined : { at: Temporal.Instant.from(after.at), id: after.id },
          limit: limit + 1,
        });
        return page(await viewsOf(db, rows), limit, ({ startsAt, id }) => ({ at: startsAt, id }));
      },
    );

    api.post(
      '/trainings',
      {
        schema: {
          summary: 'Plan a training; nobody sees it yet',
          tags,
          body: trainingInput,
          response: { 201: trainingShape },
        },
        ...writes,
      },
      async (request, reply) => {
        const made = await change(request, 'create', 'training', async (tx, deed) =>
          viewOf(tx, await createTraining(tx, deps, request.body, deed)),
        );
        return reply.code(201).send(made);
      },
    );

    api.post(
      '/trainings::series',
      {
        schema: {
          summary: 'Plan a series, at the same hour on the wall each time',
          tags,
          body: seriesInput,
          response: { 201: seriesShape },
        },
        ...writes,
      },
      async (request, reply) => {
        const made = await change(request, 'create-series', 'series', async (tx, deed) => {
          const { seriesId, items } = await createSeries(tx, deps, request.body, deed);
          return { seriesId, items: await viewsOf(tx, items) };
        });
        return reply.code(201).send(made);
      },
    );

    api.get(
      '/trainings/:id',
      {
        schema: {
          summary: 'One training',
          tags,
          params: byId,
          querystring: z.strictObject({}),
          response: { 200: trainingShape },
        },
        ...reads,
      },
      async ({ params }) => viewOf(db, await trainingById(db, params.id)),
    );

    api.put(
      '/trainings/:id',
      {
        schema: {
          summary: 'Change a training; a new time or place is told once to everybody on its list',
          tags,
          params: byId,
          body: trainingInput,
          response: { 200: changedShape },
        },
        ...writes,
      },
      async (request) => {
        const { id } = request.params;
        return change(request, 'change', id, async (tx, deed) => {
          const { training, told, movedUp } = await changeTraining(tx, deps, id, request.body, deed);
          return { training: await viewOf(tx, training), told, movedUp };
        });
      },
    );

    api.post(
      '/trainings/:id/open',
      {
        schema: {
          summary: 'Open the sign-up, and put the reminders',
          tags,
          params: byId,
          body: nothingInput,
          response: { 200: trainingShape },
        },
        ...writes,
      },
      async (request) => {
        const { id } = request.params;
        return change(request, 'open', id, async (tx, deed) =>
          viewOf(tx, await openTraining(tx, deps, id, deed)),
        );
      },
    );

    api.post(
      '/trainings/:id/cancel',
      {
        schema: {
          summary: 'It does not take place; everybody on its list is told',
          tags,
          params: byId,
          body: cancelInput,
          response: { 200: trainingShape },
        },
        ...writes,
      },
      async (request) => {
        const { id } = request.params;
        return change(request, 'cancel', id, async (tx, deed) =>
          viewOf(tx, await cancelTraining(tx, deps, id, request.body.reason, deed)),
        );
      },
    );

    api.post(
      '/trainings/:id/ready',
      {
        schema: {
          summary: 'Everything for it is there; refused while the checklist has a gap without a reason',
          tags,
          params: byId,
          body: nothingInput,
          response: { 200: trainingShape },
        },
        ...writes,
      },
      async (request) => {
        const { id } = request.params;
        return change(request, 'ready', id, async (tx, deed) => viewOf(tx, await makeReady(tx, id, deed)));
      },
    );

    const listed = async (tx: Db, id: string) => ({ items: await materialViews(tx, id) });

    api.get(
      '/trainings/:id/materials',
      {
        schema: {
          summary: 'What it needs, whose it is, what is there; audited',
          tags,
          params: byId,
          querystring: z.strictObject({}),
          response: { 200: materialsShape },
        },
        ...writes,
      },
      async (request) => {
        const { id } = request.params;
        await trainingById(db, id);
        const what = { action: 'trainings.materials', subject: id };
        return deps.reading(principalOf(request), what, (tx) => listed(tx, id));
      },
    );

    api.post(
      '/trainings/:id/materials',
      {
        schema: {
          summary: 'Add to the checklist; owners are told',
          tags,
          params: byId,
          body: materialsInput,
          response: { 200: materialsShape },
        },
        ...writes,
      },
      async (request) => {
        const { id } = request.params;
        return change(request, 'add-materials', id, async (tx, deed) => {
          await addMaterials(tx, id, await ownersOf(tx, request.body.items), deed);
          return listed(tx, id);
        });
      },
    );

    const byItem = z.object({ id: z.uuid(), material: z.uuid() });
    api.put(
      '/trainings/:id/materials/:material',
      {
        schema: {
          summary: 'Tick off, give a reason for a gap, hand over',
          tags,
          params: byItem,
          body: materialInput,
          response: { 200: materialsShape },
        },
        ...writes,
      },
      async (request) => {
        const { id, material } = request.params;
        return change(request, 'change-material', id, async (tx, deed) => {
          const { owner, ...given } = request.body;
          const ownerId = owner == null ? owner : await employeeIdOf(tx, owner);
          await changeMaterial(tx, id, material, { ...given, ownerId }, deed);
          return listed(tx, id);
        });
      },
    );

    api.delete(
      '/trainings/:id/materials/:material',
      {
        schema: {
          summary: 'Take off the checklist',
          tags,
          params: byItem,
          response: { 200: materialsShape },
        },
        ...writes,
      },
      async (request) => {
        const { id, material } = request.params;
        return change(request, 'remove-material', id, async (tx) => {
          await removeMaterial(tx, id, material);
          return listed(tx, id);
        });
      },
    );

    peopleRoutes({ ...deps, change })(api);
  };
}
