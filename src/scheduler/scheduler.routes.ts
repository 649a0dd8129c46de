import { and, asc, desc, eq, gt, lt } from 'drizzle-orm';
import { z } from 'zod';
import type { ApiRoutes } from '../http/api.ts';
import { page, readCursor } from '../http/paging.ts';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import { momentInput, textInput, wordInput } from '../kernel/shapes.ts';
import { Temporal } from '../kernel/time.ts';
import {
  type ScheduleRunView,
  type ScheduleView,
  scheduleRunsPage,
  scheduleRunsQuery,
  schedulesPage,
  schedulesQuery,
} from './scheduler.api.ts';
import { scheduleRuns, schedules } from './scheduler.tables.ts';

const tags = ['schedules'];

/** What will happen when, and what became of what was due. */
export function schedulerRoutes({ db }: { db: Db }): ApiRoutes {
  return (api) => {
    api.get(
      '/schedules',
      {
        config: { permission: 'schedules.read' },
        schema: {
          summary: 'Schedules by key, each with its next slot',
          tags,
          querystring: schedulesQuery,
          response: { 200: schedulesPage },
        },
      },
      async ({ query: { limit, cursor, job } }) => {
        const after = readCursor(cursor, z.object({ key: textInput }))?.key;
        const rows = await schedulesAfter(db, { job, after, limit: limit + 1 });
        return page(rows, limit, ({ key }) => ({ key }));
      },
    );

    api.get(
      '/schedules/:key/runs',
      {
        config: { permission: 'schedules.read' },
        schema: {
          summary: 'What became of the slots of one schedule, the newest first',
          tags,
          params: z.object({
            key: wordInput.describe('The key, with its slashes written as %2F, or the id'),
          }),
          querystring: scheduleRunsQuery,
          response: { 200: scheduleRunsPage },
        },
      },
      async ({ params, query: { limit, cursor } }) => {
        const after = readCursor(cursor, z.object({ slot: momentInput }))?.slot;
        const id = await scheduleIdOf(db, params.key);
        const rows = await runsBefore(db, { id, after, limit: limit + 1 });
        return page(rows, limit, ({ slot }) => ({ slot }));
      },
    );
  };
}

async function schedulesAfter(
  db: Db,
  { job, after, limit }: { job: string | undefined; after: string | undefined; limit: number },
): Promise<ScheduleView[]> {
  const rows = await db
    .select()
    .from(schedules)
    .where(
      and(
        job === undefined ? undefined : eq(schedules.job, job),
        after === undefined ? undefined : gt(schedules.key, after),
      ),
    )
    .orderBy(asc(schedules.key))
    .limit(limit);
  return rows.map(({ nextAt, retryAt, until, createdAt, ...row }) => ({
    ...row,
    nextAt: nextAt?.toString() ?? null,
    retryAt: retryAt?.toString() ?? null,
    until: until?.toString() ?? null,
    createdAt: createdAt.toString(),
  }));
}

async function scheduleIdOf(db: Db, keyOrId: string): Promise<string> {
  const byId = z.uuid().safeParse(keyOrId).success;
  const [found] = await db
    .select({ id: schedules.id })
    .from(schedules)
    .where(byId ? eq(schedules.id, keyOrId) : eq(schedules.key, keyOrId));
  if (found === undefined) {
    throw new AppError('schedule.not-found', `there is no schedule ${keyOrId}`, {
      details: { schedule: keyOrId },
    });
  }
  return found.id;
}

async function runsBefore(
  db: Db,
  { id, after, limit }: { id: string; after: string | undefined; limit: number },
): Promise<ScheduleRunView[]> {
  const rows = await db
    .select({
      slot: scheduleRuns.slot,
      outcome: scheduleRuns.outcome,
      reason: scheduleRuns.reason,
      at: scheduleRuns.at,
    })
    .from(scheduleRuns)
    .where(
      and(
        eq(scheduleRuns.scheduleId, id),
        after === undefined ? undefined : lt(scheduleRuns.slot, Temporal.Instant.from(after)),
      ),
    )
    .orderBy(desc(scheduleRuns.slot))
    .limit(limit);
  return rows.map(({ slot, at, ...run }) => ({ ...run, slot: slot.toString(), at: at.toString() }));
}
