import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, personBehind, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { CorrectDays } from '../corrections/index.ts';
import { appealOn, decideAppeal, listAppeals } from './appeals.service.ts';
import { tellDecision } from './appeals.tell.ts';
import { appealShape, appealsPage, appealsQuery, decisionRequest } from './periods.api.ts';
import type { PeriodRoutesDeps } from './periods.routes.ts';
import { appealViews } from './periods.views.ts';

export type AppealRoutesDeps = Pick<PeriodRoutesDeps, 'db' | 'clock' | 'reading' | 'nudge'> & {
  correctDays: CorrectDays;
};

const tags = ['performance'];

/** What people object to, and what was decided. */
export function appealRoutes({ db, clock, reading, nudge, correctDays }: AppealRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/appeals',
      {
        config: { permission: 'evidence.correct' },
        schema: {
          summary: 'Appeals: open ones the oldest first, decided ones the newest first',
          tags,
          querystring: appealsQuery,
          response: { 200: appealsPage },
        },
      },
      async (request) => {
        const { limit, cursor, state } = request.query;
        const after = readCursor(cursor, z.object({ no: z.int() }))?.no;
        const what = { action: 'appeals.list', subject: `state=${state}` };
        return reading(principalOf(request), what, async (tx) => {
          const rows = await listAppeals(tx, { state, after, limit: limit + 1 });
          return page(await appealViews(tx, rows), limit, ({ no }) => ({ no }));
        });
      },
    );

    api.post(
      '/appeals/:id/decision',
      {
        config: { permission: 'evidence.correct' },
        schema: {
          summary: 'Decide an appeal once, with a reason that the person reads',
          tags,
          params: z.object({ id: z.uuid() }),
          body: decisionRequest,
          response: { 200: appealShape },
        },
      },
      async (request) => {
        const principal = principalOf(request);
        const made = {
          ...request.body,
          by: actorOf(request),
          employeeId: personBehind(principal),
          byName: principal.name,
          at: clock.now(),
        };
        const view = await db.transaction(async (tx) => {
          const appeal = await decideAppeal(tx, { id: request.params.id }, made, correctDays);
          await tellDecision(tx, appeal, made);
          const found = await appealOn(tx, appeal);
          return (await appealViews(tx, found === undefined ? [] : [found]))[0];
        });
        nudge();
        return view as NonNullable<typeof view>;
      },
    );
  };
}
