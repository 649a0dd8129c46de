import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { principalOf } from '../../http/auth.ts';
import { page, pageOf, pageQuery, readCursor } from '../../http/paging.ts';
import { AppError } from '../../kernel/errors.ts';
import { recordAudit } from '../audit/index.ts';
import { mimes } from './reports.answer.ts';
import { exportRequestShape, exportShape } from './reports.api.ts';
import { exportById, isAvailable, listExports, shown, wantedBy } from './reports.queries.ts';
import type { OtherShape } from './reports.rules.ts';
import { type ExportDeps, requestExport } from './reports.service.ts';
import type { Export } from './reports.tables.ts';

/** `begin` comes from `reports(…)`. Every request of this scope needs the role `hr`. */
export function reportRoutes(deps: ExportDeps & { begin: (exportId: string) => void }): ApiRoutes {
  const { db, clock } = deps;
  const byId = z.object({ id: z.uuid() });
  const options = { tags: ['exports'] };

  async function found(id: string): Promise<Export> {
    const row = await exportById(db, id);
    if (row === undefined) throw new AppError('export.not-found', `there is no export ${id}`);
    return row;
  }

  function named(wanted: ReturnType<typeof wantedBy>) {
    const other = wanted.kind === 'checkins' ? undefined : deps.others?.[wanted.kind];
    return other === undefined
      ? wanted
      : { ...wanted, fileName: other.fileNameOf(wanted.period, wanted.shape as OtherShape) };
  }

  return (api) => {
    api.get(
      '/exports',
      {
        config: { permission: 'exports.make' },
        schema: {
          ...options,
          summary: 'Exports, newest first',
          querystring: pageQuery,
          response: { 200: pageOf(exportShape) },
        },
      },
      async ({ query }) => {
        const after = readCursor(query.cursor, byId);
        const rows = await listExports(db, { limit: query.limit + 1, before: after?.id });
        const now = clock.now();
        const { items, nextCursor } = page(rows, query.limit, ({ id }) => ({ id }));
        return { items: items.map((row) => shown(row, now)), nextCursor };
      },
    );

    api.post(
      '/exports',
      {
        config: { permission: 'exports.make' },
        schema: {
          ...options,
          summary: 'Have an export made; ask for it by its id until its state is `done`',
          body: exportRequestShape,
          response: { 202: exportShape },
        },
      },
      async (request, reply) => {
        const by = { kind: 'token', id: principalOf(request).id } as const;
        const at = clock.now();
        const row = await db.transaction((tx) =>
          requestExport(tx, { ...named(wantedBy(request.body)), by, at }),
        );
        deps.begin(row.id);
        return reply.code(202).send(shown(row, at));
      },
    );

    api.get(
      '/exports/:id',
      {
        config: { permission: 'exports.make' },
        schema: { ...options, summary: 'One export', params: byId, response: { 200: exportShape } },
      },
      async ({ params }) => shown(await found(params.id), clock.now()),
    );

    api.get(
      '/exports/:id/file',
      {
        config: { permission: 'exports.make' },
        schema: {
          ...options,
          summary: 'The file of an export',
          params: byId,
          response: { 200: z.unknown() },
        },
      },
      async (request, reply) => {
        const row = await found(request.params.id);
        if (row.state !== 'done') throw new AppError('export.not-ready', `export ${row.id} is ${row.state}`);
        const now = clock.now();
        if (!isAvailable(row, now) || row.path === null)
          throw new AppError('export.gone', `the file of ${row.id} is gone`);
        await recordAudit(db, {
          at: now,
          actor: { kind: 'token', id: principalOf(request).id },
          action: 'export.download',
          subject: `export:${row.id}`,
          detail: { file: row.fileName, sha256: row.sha256 },
        });
        return reply
          .header('content-type', mimes[row.format])
          .header('content-length', row.bytes ?? 0)
          .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(row.fileName)}`)
          .send(createReadStream(join(deps.fileRoot, row.path)));
      },
    );
  };
}
