import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, personBehind, principalOf } from '../../http/auth.ts';
import { scopeOf } from '../../http/authorise.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { narrowed, type Scope } from '../../kernel/permissions.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import type { Clock } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { decisionBody, type MakeupView, makeupShape, makeupsPage, makeupsQuery } from './makeups.api.ts';
import { makeupsBefore } from './makeups.lists.ts';
import { decide, requestBy } from './makeups.service.ts';

export interface MakeupRoutesDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  employeeIdOf: (tx: Db, number: string, scope: Scope) => Promise<string>;
  /** Lets the relay look at once: the person is told. */
  nudge: () => void;
}

const tags = ['make-ups'];

/** 补卡 and 补学 for whoever decides, and for HR's records. */
export function makeupRoutes({ db, clock, reading, employeeIdOf, nudge }: MakeupRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/makeups',
      {
        config: { permission: 'makeups.decide' },
        schema: {
          summary: 'Make-ups and days earned back, the youngest first',
          tags,
          querystring: makeupsQuery,
          response: { 200: makeupsPage },
        },
      },
      async (request) => {
        const { limit, cursor, state, employee } = request.query;
        const before = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const scope = scopeOf(request);
        const what = { action: 'makeups.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const employeeId = employee === undefined ? undefined : await employeeIdOf(tx, employee, scope);
          const departmentIds = narrowed(scope, undefined);
          const rows = await makeupsBefore(tx, {
            state,
            employeeId,
            departmentIds,
            before,
            limit: limit + 1,
          });
          return page(rows, limit, ({ id }) => ({ id }));
        });
      },
    );

    api.post(
      '/makeups/:id/decision',
      {
        config: { permission: 'makeups.decide' },
        schema: {
          summary: 'Agree to a make-up or refuse it, with the reason; the person is told',
          tags,
          params: z.object({ id: z.uuid() }),
          body: decisionBody,
          response: { 200: makeupShape },
        },
      },
      async (request): Promise<MakeupView> => {
        const { id } = request.params;
        const { outcome, reason } = request.body;
        const departmentIds = narrowed(scopeOf(request), undefined);
        const at = clock.now();
        const view = await db.transaction(async (tx) => {
          const [mine] = await makeupsBefore(tx, { id, departmentIds, limit: 1 });
          // A liaison decides only what the rule gives to liaisons.
          if (
            mine === undefined ||
            mine.kind !== 'make-up' ||
            (departmentIds !== undefined && mine.approver !== 'liaison')
          )
            throw new AppError('makeup.not-found', `there is no make-up ${id}`, { details: { id } });
          const person = personBehind(principalOf(request));
          if (person !== null && (await requestBy(tx, id)).employeeId === person)
            throw new AppError('makeup.own', 'somebody else has to decide it', { details: { id } });
          const actor = actorOf(request);
          const by = `${actor.kind}:${actor.id}`;
          const done = await decide(tx, id, { outcome, by, reason: reason ?? null, at });
          await recordAudit(tx, {
            at,
            actor,
            action: 'makeups.decide',
            subject: id,
            detail: { outcome: done.outcome },
          });
          const [after] = await makeupsBefore(tx, { id, limit: 1 });
          return after as MakeupView;
        });
        nudge();
        return view;
      },
    );
  };
}
