import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Locale } from '../../chat/locale.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError, UserError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { type Clock, Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import {
  type ExcusalView,
  excusalBody,
  excusalReportShape,
  excusalShape,
  excusalsPage,
  excusalsQuery,
  revokeQuery,
} from './excusals.api.ts';
import { importExcusals, readExcusals } from './excusals.import.ts';
import { excusalsBefore } from './excusals.lists.ts';
import { excuse, MOST_DAYS, revoke } from './excusals.service.ts';
import { tellChanges } from './excusals.tell.ts';

export interface ExcusalRoutesDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  /** Rejects when nobody has this number. */
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const LARGEST_FILE_BYTES = 50 * 1024 * 1024;
const tags = ['excusals'];

/** 免打卡: days that nobody may hold against a person. */
export function excusalRoutes({ db, clock, reading, employeeIdOf }: ExcusalRoutesDeps): ApiRoutes {
  const byOf = (request: FastifyRequest): string => {
    const { kind, id } = actorOf(request);
    return `${kind}:${id}`;
  };
  const nameOf = (request: FastifyRequest): string => principalOf(request).name;
  const config = { permission: 'evidence.correct' as const };

  return (api) => {
    api.get(
      '/excusals',
      {
        config,
        schema: {
          summary: 'Excusals, the youngest first, with those that were taken back',
          tags,
          querystring: excusalsQuery,
          response: { 200: excusalsPage },
        },
      },
      async (request) => {
        const { limit, cursor, employee, ...filters } = request.query;
        const before = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const what = { action: 'excusals.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const employeeId = employee === undefined ? undefined : await employeeIdOf(tx, employee);
          const rows = await excusalsBefore(tx, { ...filters, employeeId, before, limit: limit + 1 });
          return page(rows, limit, ({ id }) => ({ id }));
        });
      },
    );

    api.post(
      '/excusals',
      {
        config,
        schema: {
          summary: 'Excuse a person; under the same reference the days or the reason are changed',
          tags,
          body: excusalBody,
          response: { 200: excusalShape },
        },
      },
      async (request): Promise<ExcusalView> => {
        const { employee, from, to, reason, reference = newId(), note } = request.body;
        const at = clock.now();
        const given = { from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to) };
        checkDays(given);
        return db.transaction(async (tx) => {
          const employeeId = await employeeIdOf(tx, employee);
          const one = { employeeId, ...given, reason, reference, note: note ?? null };
          const [outcome] = await excuse(tx, 'api', [one], { by: byOf(request), at });
          if (outcome !== undefined)
            await tellChanges(tx, [{ employeeId, from, to, reason, outcome }], {
              byName: nameOf(request),
              at,
            });
          const view = (await excusalsBefore(tx, { employeeId, limit: 500 })).find(
            (row) => row.source === 'api' && row.reference === reference && row.revoked === null,
          );
          if (view === undefined) throw new Error(`excusal ${reference} is not there after it was written`);
          const detail = { outcome, reason, from, to };
          if (outcome !== 'unchanged')
            await recordAudit(tx, {
              at,
              actor: actorOf(request),
              action: 'excusals.add',
              subject: view.id,
              detail,
            });
          return view;
        });
      },
    );

    api.delete(
      '/excusals/:id',
      {
        config,
        schema: {
          summary: 'Take an excusal back; both rows stay',
          tags,
          params: z.object({ id: z.uuid() }),
          querystring: revokeQuery,
          response: { 200: excusalShape },
        },
      },
      async (request): Promise<ExcusalView> => {
        const { id } = request.params;
        const { reason: note } = request.query;
        const at = clock.now();
        return db.transaction(async (tx) => {
          const { employeeId, fromDay, toDay, reason } = await revoke(tx, id, {
            by: byOf(request),
            at,
            note,
          });
          const days = { from: fromDay.toString(), to: toDay.toString() };
          const change = { employeeId, ...days, reason, outcome: 'revoked' as const };
          await tellChanges(tx, [change], { byName: nameOf(request), at });
          await recordAudit(tx, {
            at,
            actor: actorOf(request),
            action: 'excusals.revoke',
            subject: id,
            detail: { note },
          });
          const [view] = await excusalsBefore(tx, { id, limit: 1 });
          return view as ExcusalView;
        });
      },
    );

    // Files come as they are and may be large, which other bodies may not.
    void api.register(async (scope: typeof api) => {
      scope.addContentTypeParser(
        ['text/csv', XLSX],
        { parseAs: 'buffer' },
        async (_request: unknown, bytes: Buffer) => bytes,
      );
      const file = { schema: z.instanceof(Buffer).meta({ type: 'string', format: 'binary' }) };
      scope.post(
        '/excusals::import',
        {
          config,
          schema: {
            summary:
              'Import a file of leave, trips and shifts; what is right is written, and each row is reported',
            tags,
            body: { content: { 'text/csv': file, [XLSX]: file } },
            response: { 200: excusalReportShape },
          },
          bodyLimit: LARGEST_FILE_BYTES,
        },
        async (request) => {
          const bytes = request.body as unknown;
          if (!Buffer.isBuffer(bytes)) throw new UserError('send a CSV or XLSX file');
          const format = request.headers['content-type']?.startsWith(XLSX) === true ? 'xlsx' : 'csv';
          const locale = languageOf(request);
          const table = await readExcusals(bytes, { format, name: `excusals.${format}`, locale });
          return db.transaction((tx) =>
            importExcusals(tx, table, {
              at: clock.now(),
              actor: actorOf(request),
              byName: nameOf(request),
              locale,
            }),
          );
        },
      );
    });
  };
}

function checkDays({ from, to }: { from: Temporal.PlainDate; to: Temporal.PlainDate }): void {
  const days = from.until(to).total('days') + 1;
  if (days < 1 || days > MOST_DAYS)
    throw new AppError('excusal.days', `${from.toString()} to ${to.toString()}: give 1 to ${MOST_DAYS} days`);
}

/** As the titles of problems: Chinese for whoever asks for it. */
function languageOf(request: FastifyRequest): Locale {
  return request.headers['accept-language']?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
