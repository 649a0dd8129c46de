import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, personBehind, principalOf } from '../../http/auth.ts';
import { page, pageOf, pageQuery, readCursor } from '../../http/paging.ts';
import { AppError } from '../../kernel/errors.ts';
import { permits } from '../../kernel/permissions.ts';
import { recordAudit } from '../audit/index.ts';
import { mimes } from './reports.answer.ts';
import { type ExportShape, exportRequestShape, exportShape, refusalShape } from './reports.api.ts';
import { decideExport } from './reports.approval.ts';
import { reportProblems } from './reports.problems.ts';
import { exportById, isAvailable, listExports, namesIn, shown, wantedBy } from './reports.queries.ts';
import { type ExportDeps, requestExport } from './reports.service.ts';
import type { Export } from './reports.tables.ts';

/** Whether somebody follows an old link in a browser, who should read a sentence rather than a document for programs. */
const isOpenedByHand = (request: FastifyRequest): boolean =>
  request.headers.accept?.includes('text/html') ?? false;

function goneSentence(request: FastifyRequest): string {
  const language = request.headers['accept-language']?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
  return `${reportProblems['export.gone'].title[language]}${language === 'en' ? '.' : '。'}`;
}

/** `begin` comes from `reports(…)`. */
export function reportRoutes(deps: ExportDeps & { begin: (exportId: string) => void }): ApiRoutes {
  const { db, clock } = deps;
  const byId = z.object({ id: z.uuid() });
  const options = { tags: ['exports'] };
  const channels = deps.approval?.channels ?? (() => []);

  async function found(id: string): Promise<Export> {
    const row = await exportById(db, id);
    if (row === undefined) throw new AppError('export.not-found', `there is no export ${id}`);
    return row;
  }

  /** As the caller sees them. */
  async function view(request: FastifyRequest, rows: readonly Export[]): Promise<ExportShape[]> {
    const { roles, employeeId } = principalOf(request);
    const approver = employeeId !== null && permits(roles, 'exports.approve') ? employeeId : undefined;
    const seer = { now: clock.now(), names: await namesIn(db, rows), approver };
    return rows.map((row) => shown(row, seer));
  }

  async function viewOne(request: FastifyRequest, row: Export): Promise<ExportShape> {
    const [one] = await view(request, [row]);
    return one as ExportShape;
  }

  /** The second person, who has to be one: a token has no eyes, and might be the first person's. */
  async function decide(request: FastifyRequest, id: string, refusal?: string): Promise<Export> {
    const { employeeId, name } = principalOf(request);
    if (employeeId === null) throw new AppError('export.nobody', 'sign in as yourself to decide');
    const by = { employeeId, name };
    return db.transaction((tx) => decideExport(tx, { channels }, id, { by, at: clock.now(), refusal }));
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
      async (request) => {
        const { limit, cursor } = request.query;
        const after = readCursor(cursor, byId);
        const rows = await listExports(db, { limit: limit + 1, before: after?.id });
        const { items, nextCursor } = page(rows, limit, ({ id }) => ({ id }));
        return { items: await view(request, items), nextCursor };
      },
    );

    api.post(
      '/exports',
      {
        config: { permission: 'exports.make' },
        schema: {
          ...options,
          summary: 'Have an export made; ask for it by its id until its state is `done`',
          description: 'Many rows wait for a second person first (`exports.secondApproverAbove`).',
          body: exportRequestShape,
          response: { 202: exportShape },
        },
      },
      async (request, reply) => {
        const by = actorOf(request);
        const person = personBehind(principalOf(request));
        const at = clock.now();
        const row = await db.transaction((tx) =>
          requestExport(tx, deps, { ...wantedBy(request.body), by, person, at }),
        );
        if (row.state === 'requested') deps.begin(row.id);
        return reply.code(202).send(await viewOne(request, row));
      },
    );

    api.get(
      '/exports/:id',
      {
        config: { permission: 'exports.make' },
        schema: { ...options, summary: 'One export', params: byId, response: { 200: exportShape } },
      },
      async (request) => viewOne(request, await found(request.params.id)),
    );

    api.post(
      '/exports/:id/approval',
      {
        config: { permission: 'exports.approve' },
        schema: {
          ...options,
          summary: "Agree to somebody else's export; only for people who signed in as themselves",
          params: byId,
          response: { 200: exportShape },
        },
      },
      async (request) => {
        const row = await decide(request, request.params.id);
        deps.begin(row.id);
        return viewOne(request, row);
      },
    );

    api.post(
      '/exports/:id/refusal',
      {
        config: { permission: 'exports.approve' },
        schema: {
          ...options,
          summary: "Refuse somebody else's export, with the reason",
          params: byId,
          body: refusalShape,
          response: { 200: exportShape },
        },
      },
      async (request) => viewOne(request, await decide(request, request.params.id, request.body.reason)),
    );

    api.get(
      '/exports/:id/file',
      {
        config: { permission: 'exports.make' },
        schema: {
          ...options,
          summary: 'The file of an export',
          params: byId,
          response: { 200: z.unknown(), 410: z.unknown() },
        },
      },
      async (request, reply) => {
        const row = await found(request.params.id);
        if (row.state === 'waiting') throw new AppError('export.not-approved', `export ${row.id} waits`);
        if (row.state === 'refused') throw new AppError('export.refused', row.refusal ?? '');
        if (row.state !== 'done') throw new AppError('export.not-ready', `export ${row.id} is ${row.state}`);
        const now = clock.now();
        if (!isAvailable(row, now) || row.path === null) {
          if (isOpenedByHand(request))
            return reply.code(410).type('text/plain; charset=utf-8').send(goneSentence(request));
          throw new AppError('export.gone', `the file of ${row.id} is gone`);
        }
        await recordAudit(db, {
          at: now,
          actor: actorOf(request),
          action: 'export.download',
          subject: `export:${row.id}`,
          detail: { file: row.fileName, purpose: row.purpose, sha256: row.sha256 },
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
