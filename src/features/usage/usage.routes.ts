import { sql } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Locale } from '../../chat/locale.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import { instantFromSql } from '../../kernel/columns.ts';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { dayInput, textInput } from '../../kernel/shapes.ts';
import type { Clock } from '../../kernel/time.ts';
import { type UsageView, usageBody, usagePage, usageQuery, usageReportShape } from './usage.api.ts';
import { importUsage, readUsage, type UsageRow } from './usage.import.ts';

export interface UsageRoutesDeps {
  db: Db;
  clock: Clock;
  zone: string;
  reading: Reading;
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const LARGEST_FILE_BYTES = 50 * 1024 * 1024;
const tags = ['usage'];
const position = z.object({ day: dayInput, employeeId: z.uuid(), source: textInput });

/** Use of the software as servers report it: the strongest evidence. */
export function usageRoutes({ db, clock, zone, reading, employeeIdOf }: UsageRoutesDeps): ApiRoutes {
  const take = (request: FastifyRequest, rows: readonly UsageRow[], source: string) =>
    importUsage(db, rows, {
      at: clock.now(),
      zone,
      actor: actorOf(request),
      locale: languageOf(request),
      source,
    });

  return (api) => {
    api.get(
      '/usage',
      {
        config: { permission: 'evidence.read' },
        schema: {
          summary: 'Reported use, the newest day first',
          tags,
          querystring: usageQuery,
          response: { 200: usagePage },
        },
      },
      async (request) => {
        const { limit, cursor, employee, from, to } = request.query;
        const after = readCursor(cursor, position);
        const what = { action: 'usage.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const employeeId = employee === undefined ? undefined : await employeeIdOf(tx, employee);
          const { rows } = await tx.execute<{
            employee_id: string;
            number: string;
            name: string;
            day: string;
            source: string;
            amount: number | null;
            received_at: string;
          }>(sql`
            select u.employee_id, e.number, e.name, u.day, u.source, u.amount, u.received_at
            from usage_days u join employees e on e.id = u.employee_id
            where ${employeeId === undefined ? sql`true` : sql`u.employee_id = ${employeeId}`}
              and ${from === undefined ? sql`true` : sql`u.day >= ${from}`}
              and ${to === undefined ? sql`true` : sql`u.day <= ${to}`}
              and ${after === undefined ? sql`true` : sql`(u.day, u.employee_id, u.source) < (${after.day}::date, ${after.employeeId}::uuid, ${after.source})`}
            order by u.day desc, u.employee_id desc, u.source desc limit ${limit + 1}`);
          const { items, nextCursor } = page(rows, limit, (row) => ({
            day: row.day,
            employeeId: row.employee_id,
            source: row.source,
          }));
          return {
            items: items.map(
              ({ number, name, day, source, amount, received_at }): UsageView => ({
                employee: { number, name },
                day,
                source,
                amount,
                receivedAt: instantFromSql(received_at).toString(),
              }),
            ),
            nextCursor,
          };
        });
      },
    );

    api.post(
      '/usage',
      {
        config: { permission: 'usage.write' },
        schema: {
          summary: 'Report use, once for each source, day and person; a repeat changes nothing',
          tags,
          body: usageBody,
          response: { 200: usageReportShape },
        },
      },
      async (request) => {
        const { source, items } = request.body;
        const rows = items.map(({ employee, day, amount }, index): UsageRow => {
          return { line: index + 1, cells: { number: employee, day, amount: amount ?? '' } };
        });
        return take(request, rows, source);
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
        '/usage::import',
        {
          config: { permission: 'usage.write' },
          schema: {
            summary: 'Report use by a file; what is right is recorded, and each row is reported',
            tags,
            body: { content: { 'text/csv': file, [XLSX]: file } },
            response: { 200: usageReportShape },
          },
          bodyLimit: LARGEST_FILE_BYTES,
        },
        async (request) => {
          const format = request.headers['content-type']?.startsWith(XLSX) === true ? 'xlsx' : 'csv';
          const bytes = request.body as unknown;
          if (!Buffer.isBuffer(bytes)) throw new UserError('send a CSV or XLSX file');
          const { rows } = await readUsage(bytes, {
            format,
            name: `usage.${format}`,
            locale: languageOf(request),
          });
          return take(request, rows, 'file');
        },
      );
    });
  };
}

/** As the titles of problems: Chinese for whoever asks for it. */
function languageOf(request: FastifyRequest): Locale {
  return request.headers['accept-language']?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
