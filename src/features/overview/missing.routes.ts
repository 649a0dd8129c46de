import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { principalOf } from '../../http/auth.ts';
import { scopeOf } from '../../http/authorise.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { narrowed } from '../../kernel/permissions.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { textInput } from '../../kernel/shapes.ts';
import { type Clock, localDay, Temporal } from '../../kernel/time.ts';
import type { Campaign } from '../campaigns/index.ts';
import { type MissingView, missingPage, missingQuery } from './missing.api.ts';
import { audienceOf } from './overview.lists.ts';

export interface MissingRoutesDeps {
  clock: Clock;
  reading: Reading;
  campaignBy: (tx: Db, idOrKey: string) => Promise<Campaign>;
  departmentIdsBelow: (tx: Db, code: string) => Promise<string[]>;
}

/** Who of a campaign's people has not checked in on a day and is not excused from it. */
export function missingRoutes({
  clock,
  reading,
  campaignBy,
  departmentIdsBelow,
}: MissingRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/checkins/missing',
      {
        schema: {
          summary: 'Who has not checked in on a day and is not excused, by number',
          tags: ['check-ins'],
          querystring: missingQuery,
          response: { 200: missingPage },
        },
        config: { permission: 'checkins.read' },
      },
      async (request) => {
        const { limit, cursor, campaign: asked, day: wanted, department } = request.query;
        const after = readCursor(cursor, z.object({ number: textInput }))?.number;
        const scope = scopeOf(request);
        const what = { action: 'checkins.missing', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const campaign = await campaignBy(tx, asked);
          const day =
            wanted === undefined ? localDay(clock.now(), campaign.zone) : Temporal.PlainDate.from(wanted);
          const below = department === undefined ? undefined : await departmentIdsBelow(tx, department);
          const rows = await missing(tx, campaign, {
            day,
            departmentIds: narrowed(scope, below),
            after,
            limit: limit + 1,
          });
          return page(rows, limit, ({ number }) => ({ number }));
        });
      },
    );
  };
}

async function missing(
  tx: Db,
  campaign: Campaign,
  query: {
    day: Temporal.PlainDate;
    departmentIds: readonly string[] | undefined;
    after: string | undefined;
    limit: number;
  },
): Promise<MissingView[]> {
  const on = sql`${query.day.toString()}::date`;
  const anyOf = (ids: readonly string[]): SQL => sql`any(${sql.param([...ids])}::uuid[])`;
  const holds = (period: SQL): SQL =>
    sql`${period}.from_day <= ${on} and (${period}.to_day is null or ${period}.to_day >= ${on})`;
  const audience = await audienceOf(tx, campaign);
  const meant =
    audience === 'everyone'
      ? sql`true`
      : sql`exists (select 1 from memberships w where w.employee_id = e.id
          and w.department_id = ${anyOf(audience)} and ${holds(sql`w`)})`;
  const { rows } = await tx.execute<{
    number: string;
    name: string;
    code: string | null;
    department: string | null;
    last_day: string | null;
  }>(sql`
    select e.number, e.name, d.code, d.name as department, s.last_day
    from employees e
    left join memberships m on m.employee_id = e.id and m.main and ${holds(sql`m`)}
    left join departments d on d.id = m.department_id
    left join streaks s on s.campaign_id = ${campaign.id} and s.employee_id = e.id
    where (e.joined_on is null or e.joined_on <= ${on}) and (e.left_on is null or e.left_on >= ${on})
      and ${meant}
      and ${query.departmentIds === undefined ? sql`true` : sql`m.department_id = ${anyOf(query.departmentIds)}`}
      and ${query.after === undefined ? sql`true` : sql`e.number > ${query.after}`}
      and not exists (select 1 from checkins c
        where c.campaign_id = ${campaign.id} and c.employee_id = e.id and c.day = ${on})
      and not exists (select 1 from excused_days x where x.employee_id = e.id and x.day = ${on})
    order by e.number limit ${query.limit}`);
  return rows.map(({ number, name, code, department, last_day: lastDay }) => ({
    number,
    name,
    department: code === null || department === null ? null : { code, name: department },
    lastDay,
  }));
}
