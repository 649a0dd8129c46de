import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { principalOf } from '../../http/auth.ts';
import { scopeOf } from '../../http/authorise.ts';
import { page, readCursor } from '../../http/paging.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { narrowed, type Scope } from '../../kernel/permissions.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { dayInput } from '../../kernel/shapes.ts';
import { type Clock, localDay } from '../../kernel/time.ts';
import { type Campaign, calendarOf } from '../campaigns/index.ts';
import { checkinsPage, checkinsQuery, type StreakView, streaksPage, streaksQuery } from './checkins.api.ts';
import { checkinsBefore, type StreakRow, streaksBefore } from './checkins.lists.ts';
import { currentOn } from './checkins.rules.ts';
import { excusedSince } from './checkins.streaks.ts';

export interface CheckinRoutesDeps {
  clock: Clock;
  /** The company's zone: its today says which departments stand beside streaks. */
  zone: string;
  reading: Reading;
  /** These three reject when there is nothing of that name. */
  campaignBy: (tx: Db, idOrKey: string) => Promise<Campaign>;
  employeeIdOf: (tx: Db, number: string, scope: Scope) => Promise<string>;
  departmentIdsBelow: (tx: Db, code: string) => Promise<string[]>;
}

const tags = ['check-ins'];
const checkinPosition = z.object({ campaignId: z.uuid(), day: dayInput, employeeId: z.uuid() });
const streakPosition = z.object({ campaignId: z.uuid(), employeeId: z.uuid() });

/** Check-ins, and the streaks that follow from them. */
export function checkinRoutes(deps: CheckinRoutesDeps): ApiRoutes {
  const { clock, zone, reading } = deps;
  return (api) => {
    api.get(
      '/checkins',
      {
        config: { permission: 'checkins.read' },
        schema: {
          summary: 'Check-ins, the newest day first; departments are those of the day',
          tags,
          querystring: checkinsQuery,
          response: { 200: checkinsPage },
        },
      },
      async (request) => {
        const { limit, cursor, from, to } = request.query;
        const after = readCursor(cursor, checkinPosition);
        const scope = scopeOf(request);
        const what = { action: 'checkins.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const whose = await idsIn(tx, request.query, scope, deps);
          const rows = await checkinsBefore(tx, { ...whose, from, to, after, limit: limit + 1 });
          const { items, nextCursor } = page(rows, limit, ({ position }) => position);
          return { items: items.map(({ view }) => view), nextCursor };
        });
      },
    );

    api.get(
      '/streaks',
      {
        config: { permission: 'checkins.read' },
        schema: {
          summary: 'Streaks as seen today, with the departments of today',
          tags,
          querystring: streaksQuery,
          response: { 200: streaksPage },
        },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const after = readCursor(cursor, streakPosition);
        const scope = scopeOf(request);
        const what = { action: 'streaks.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const whose = await idsIn(tx, request.query, scope, deps);
          const day = localDay(clock.now(), zone);
          const rows = await streaksBefore(tx, { ...whose, day, after, limit: limit + 1 });
          const { items, nextCursor } = page(rows, limit, ({ position }) => position);
          return { items: await asSeenToday(tx, items, deps), nextCursor };
        });
      },
    );
  };
}

interface Named {
  campaign?: string | undefined;
  employee?: string | undefined;
  department?: string | undefined;
}

async function idsIn(
  tx: Db,
  { campaign, employee, department }: Named,
  scope: Scope,
  deps: CheckinRoutesDeps,
) {
  const wanted = department === undefined ? undefined : await deps.departmentIdsBelow(tx, department);
  return {
    campaignId: campaign === undefined ? undefined : (await deps.campaignBy(tx, campaign)).id,
    employeeId: employee === undefined ? undefined : await deps.employeeIdOf(tx, employee, scope),
    departmentIds: narrowed(scope, wanted),
  };
}

/** Each streak on its person's own today: it may have ended since the last check-in. */
async function asSeenToday(
  tx: Db,
  rows: readonly StreakRow[],
  { clock, campaignBy }: CheckinRoutesDeps,
): Promise<StreakView[]> {
  const now = clock.now();
  const calendars = new Map<string, Awaited<ReturnType<typeof calendarOf>>>();
  const since = new Map<string, Map<string, number>>();
  for (const [id, own] of groupBy(rows, ({ campaign }) => campaign.id)) {
    calendars.set(id, await calendarOf(tx, await campaignBy(tx, id)));
    const people = own.map(({ position, zone }) => ({
      employeeId: position.employeeId,
      today: localDay(now, zone),
    }));
    since.set(id, await excusedSince(tx, id, people));
  }
  return rows.map(({ position, zone, current: lastRun, lastDay, ...row }) => {
    const calendar = calendars.get(row.campaign.id) as Awaited<ReturnType<typeof calendarOf>>;
    const stored = { current: lastRun, best: row.best, counted: row.counted, lastDay };
    const excused = since.get(row.campaign.id)?.get(position.employeeId);
    const current = currentOn(stored, localDay(now, zone), calendar, excused);
    return { ...row, current, lastRun, lastDay: lastDay.toString() };
  });
}
