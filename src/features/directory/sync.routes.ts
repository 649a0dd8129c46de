import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import { AppError } from '../../kernel/errors.ts';
import { recordAudit } from '../audit/index.ts';
import { type RunView, runShape, runsPage, runsQuery, startedRunsShape, startRunShape } from './sync.api.ts';
import type { DirectorySync } from './sync.jobs.ts';
import { confirmRun, listRuns, type Run, runById, startRun } from './sync.service.ts';

const tags = ['directory'];
const byId = z.object({ id: z.uuid() });

/** Walks through the platforms' directories: begin one, see what came of them, let held removals happen. */
export function syncRoutes({ deps, begin }: Pick<DirectorySync, 'deps' | 'begin'>): ApiRoutes {
  const { db, clock, sources } = deps;

  return (api) => {
    api.get(
      '/directory/runs',
      {
        schema: {
          summary: 'Directory runs, newest first',
          tags,
          querystring: runsQuery,
          response: { 200: runsPage },
        },
        config: { permission: 'directory.runs' },
      },
      async ({ query }) => {
        const before = readCursor(query.cursor, byId)?.id;
        const rows = await listRuns(db, { limit: query.limit + 1, before });
        const { items, nextCursor } = page(rows, query.limit, ({ id }) => ({ id }));
        return { items: items.map(shown), nextCursor };
      },
    );

    api.get(
      '/directory/runs/:id',
      {
        schema: { summary: 'One directory run', tags, params: byId, response: { 200: runShape } },
        config: { permission: 'directory.runs' },
      },
      async ({ params }) => shown(await found(params.id)),
    );

    api.post(
      '/directory/runs',
      {
        schema: {
          summary: 'Read the directory of one platform, or of all, from the beginning',
          tags,
          body: startRunShape,
          response: { 202: startedRunsShape },
        },
        config: { permission: 'directory.sync' },
      },
      async (request, reply) => {
        const { channel } = request.body;
        const wanted = sources.filter((source) => channel === undefined || source.channel === channel);
        if (wanted.length === 0) throw new AppError('directory.no-source', 'no such directory is connected');
        const ids = await db.transaction(async (tx) => {
          const at = clock.now();
          const started: string[] = [];
          for (const source of wanted) {
            const { id } = await startRun(tx, {
              channel: source.channel,
              account: source.account,
              cause: 'api',
              at,
            });
            started.push(id);
          }
          const actor = actorOf(request);
          await recordAudit(tx, { at, actor, action: 'directory.sync', subject: channel ?? 'all' });
          return started;
        });
        ids.forEach(begin);
        return reply.code(202).send({ items: (await Promise.all(ids.map(found))).map(shown) });
      },
    );

    api.post(
      '/directory/runs/:id::confirm',
      {
        schema: {
          summary: 'Let those leave whom a held run did not find',
          tags,
          params: byId,
          response: { 200: runShape },
        },
        config: { permission: 'directory.sync' },
      },
      async (request) => {
        const run = await confirmRun(deps, request.params.id);
        await recordAudit(db, {
          at: clock.now(),
          actor: actorOf(request),
          action: 'directory.confirm',
          subject: `directory-run:${run.id}`,
          detail: { removed: run.removed },
        });
        return shown(run);
      },
    );
  };

  async function found(id: string): Promise<Run> {
    const run = await runById(db, id);
    if (run === undefined) throw new AppError('directory.run-not-found', `there is no run ${id}`);
    return run;
  }
}

function shown({ cursor: _cursor, claimedUntil: _claimed, startedAt, endedAt, ...run }: Run): RunView {
  return { ...run, startedAt: startedAt.toString(), endedAt: endedAt?.toString() ?? null };
}
