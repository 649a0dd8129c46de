import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { principalOf, requires } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { momentInput } from '../../kernel/shapes.ts';
import { pointsPage, pointsQuery } from './rewards.api.ts';
import { entriesBefore } from './rewards.lists.ts';

export interface RewardRoutesDeps {
  reading: Reading;
  /** Both reject when there is nothing of that name. */
  campaignBy: (tx: Db, idOrKey: string) => Promise<{ id: string }>;
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
}

/** What somebody's points are made of. */
export function rewardRoutes({ reading, campaignBy, employeeIdOf }: RewardRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/points',
      {
        schema: {
          summary: "One person's entries in the ledger of points, the newest first",
          tags: ['points'],
          querystring: pointsQuery,
          response: { 200: pointsPage },
        },
        preHandler: requires('hr'),
      },
      async (request) => {
        const { limit, cursor, employee, campaign } = request.query;
        const after = readCursor(cursor, z.object({ at: momentInput, id: z.uuid() }));
        const what = { action: 'points.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const employeeId = await employeeIdOf(tx, employee);
          const campaignId = campaign === undefined ? undefined : (await campaignBy(tx, campaign)).id;
          const rows = await entriesBefore(tx, { employeeId, campaignId, after, limit: limit + 1 });
          return page(rows, limit, ({ at, id }) => ({ at, id }));
        });
      },
    );
  };
}
