import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { momentInput } from '../../kernel/shapes.ts';
import type { Clock } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { pointsPage, pointsQuery, reversalInput, reversalShape } from './rewards.api.ts';
import { reverse } from './rewards.ledger.ts';
import { entriesBefore } from './rewards.lists.ts';

export interface RewardRoutesDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  /** Both reject when there is nothing of that name. */
  campaignBy: (tx: Db, idOrKey: string) => Promise<{ id: string }>;
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
}

/** What somebody's points are made of. */
export function rewardRoutes({ db, clock, reading, campaignBy, employeeIdOf }: RewardRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/points',
      {
        config: { permission: 'points.read' },
        schema: {
          summary: "One person's entries in the ledger of points, the newest first",
          tags: ['points'],
          querystring: pointsQuery,
          response: { 200: pointsPage },
        },
      },
      async (request) => {
        const { limit, cursor, employee, campaign } = request.query;
        const after = readCursor(cursor, z.object({ at: momentInput, transferId: z.uuid() }));
        const what = { action: 'points.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const employeeId = await employeeIdOf(tx, employee);
          const campaignId = campaign === undefined ? undefined : (await campaignBy(tx, campaign)).id;
          const rows = await entriesBefore(tx, { employeeId, campaignId, after, limit: limit + 1 });
          return page(rows, limit, ({ at, transferId }) => ({ at, transferId }));
        });
      },
    );

    // The colon of `points:reverse` is written twice, because one alone would begin a parameter.
    api.post(
      '/points::reverse',
      {
        config: { permission: 'points.correct' },
        schema: {
          summary: 'Take a transfer of points back by booking its opposite, once',
          tags: ['points'],
          body: reversalInput,
          response: { 200: reversalShape },
        },
      },
      async (request) => {
        const { key, reason } = request.body;
        const at = clock.now();
        return db.transaction(async (tx) => {
          const outcome = await reverse(tx, { key, at });
          if (outcome === 'unknown') throw new AppError('points.not-found', `nothing was booked as ${key}`);
          const actor = actorOf(request);
          await recordAudit(tx, {
            at,
            actor,
            action: 'points.reverse',
            subject: key,
            detail: { reason, outcome },
          });
          return { reversed: outcome === 'reversed' };
        });
      },
    );
  };
}
