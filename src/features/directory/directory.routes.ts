import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Locale } from '../../chat/locale.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { scopeOf } from '../../http/authorise.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { narrowed } from '../../kernel/permissions.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { textInput, wordInput } from '../../kernel/shapes.ts';
import { type Clock, localDay, Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import {
  departmentsPage,
  departmentsQuery,
  type EmployeeDetail,
  type EmployeeView,
  employeeDetailShape,
  employeesPage,
  employeesQuery,
  type ImportReportView,
  importQuery,
  importReportShape,
  importRows,
} from './directory.api.ts';
import {
  type DepartmentColumn,
  type DirectoryFiles,
  type EmployeeColumn,
  readDirectory,
} from './directory.columns.ts';
import { departmentIdsBelow, departmentsAfter, people, personByNumber } from './directory.lists.ts';
import { importDirectory } from './import.service.ts';
import type { ImportReport } from './import-report.ts';
import type { EmployeeEntry } from './people.queries.ts';

export interface DirectoryRoutesDeps {
  db: Db;
  clock: Clock;
  /** The company's zone: its today is the day from which an import holds, and whose departments are shown. */
  zone: string;
  reading: Reading;
  /** New people may live in zones that have no schedules yet. */
  refreshSchedules: () => Promise<void>;
}

const tags = ['directory'];
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const LARGEST_IMPORT_BYTES = 50 * 1024 * 1024;

/** Departments, employees, and importing both. */
export function directoryRoutes(deps: DirectoryRoutesDeps): ApiRoutes {
  const { db, clock, zone, reading } = deps;
  const today = () => localDay(clock.now(), zone);

  return (api) => {
    api.get(
      '/departments',
      {
        config: { permission: 'departments.read' },
        schema: {
          summary: 'Departments by code',
          tags,
          querystring: departmentsQuery,
          response: { 200: departmentsPage },
        },
      },
      async ({ query: { limit, cursor } }) => {
        const after = readCursor(cursor, z.object({ code: textInput }))?.code;
        return page(await departmentsAfter(db, { after, limit: limit + 1 }), limit, ({ code }) => ({ code }));
      },
    );

    api.get(
      '/employees',
      {
        config: { permission: 'people.read' },
        schema: {
          summary: 'Employees by number, leavers included unless a day is given',
          tags,
          querystring: employeesQuery,
          response: { 200: employeesPage },
        },
      },
      async (request) => {
        const { limit, cursor, department, search, employedOn } = request.query;
        const after = readCursor(cursor, z.object({ number: textInput }))?.number;
        const what = { action: 'employees.list', subject: filtersIn(request.query) };
        const scope = scopeOf(request);
        return reading(principalOf(request), what, async (tx) => {
          const rows = await people(tx, {
            day: employedOn === undefined ? today() : Temporal.PlainDate.from(employedOn),
            onlyEmployed: employedOn !== undefined,
            departments: narrowed(
              scope,
              department === undefined ? undefined : await departmentIdsBelow(tx, department),
            ),
            search,
            after,
            limit: limit + 1,
          });
          return page(rows.map(employeeView), limit, ({ number }) => ({ number }));
        });
      },
    );

    api.get(
      '/employees/:number',
      {
        config: { permission: 'people.read' },
        schema: {
          summary: 'One employee with all departments so far',
          tags,
          params: z.object({ number: wordInput }),
          querystring: z.strictObject({}),
          response: { 200: employeeDetailShape },
        },
      },
      async (request): Promise<EmployeeDetail> => {
        const { number } = request.params;
        const what = { action: 'employees.read', subject: `employee=${number}` };
        const mine = narrowed(scopeOf(request), undefined);
        return reading(principalOf(request), what, async (tx) => {
          const { person, posts, accounts } = await personByNumber(tx, number, today(), mine);
          return {
            ...employeeView(person),
            posts: posts.map(({ from, to, ...post }) => ({
              ...post,
              from: from.toString(),
              to: to?.toString() ?? null,
            })),
            accounts,
          };
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
      const body = {
        content: { 'application/json': { schema: importRows }, 'text/csv': file, [XLSX]: file },
      };
      scope.post(
        '/employees::import',
        {
          config: { permission: 'people.write' },
          schema: {
            summary: 'Import departments and employees; what can be imported is, and each row is reported',
            tags,
            querystring: importQuery,
            body,
            response: { 200: importReportShape },
          },
          bodyLimit: LARGEST_IMPORT_BYTES,
        },
        async (request) => importFrom(deps, request, request.query, request.body),
      );
    });
  };
}

export function employeeView({ department, joinedOn, leftOn, ...person }: EmployeeEntry): EmployeeView {
  return {
    ...person,
    joinedOn: joinedOn?.toString() ?? null,
    leftOn: leftOn?.toString() ?? null,
    department: department === null ? null : { code: department.code, name: department.name },
  };
}

type ImportQuery = z.infer<typeof importQuery>;

async function importFrom(
  { db, clock, zone, refreshSchedules }: DirectoryRoutesDeps,
  request: FastifyRequest,
  query: ImportQuery,
  body: unknown,
): Promise<ImportReportView> {
  const at = clock.now();
  const locale = languageOf(request);
  const dryRun = query.dryRun === 'true';
  const files = await filesIn(body, query.kind, request.headers['content-type'] ?? '', locale);
  const asOf = query.asOf === undefined ? localDay(at, zone) : Temporal.PlainDate.from(query.asOf);
  const actor = actorOf(request);
  const report = await orRollBack(db, dryRun, (tx) =>
    importDirectory(tx, files, {
      at,
      asOf,
      actor,
      complete: query.complete === 'true',
      confirmed: query.confirmed === 'true',
      locale,
    }),
  );
  // What changed something has its line already; a report alone may name people as well.
  if (dryRun || !report.changed) {
    const subject = `directory@${asOf.toString()}`;
    await recordAudit(db, { at, actor, action: 'directory.preview', subject, detail: { dryRun } });
  }
  if (!dryRun) await refreshSchedules();
  return { ...report, dryRun, unknownColumns: files.unknownColumns };
}

class RolledBack extends Error {}

/** With `dryRun` everything is done and then undone, so that the report is exactly what would happen. */
async function orRollBack(
  db: Db,
  dryRun: boolean,
  work: (tx: Db) => Promise<ImportReport>,
): Promise<ImportReport> {
  let report: ImportReport | undefined;
  try {
    return await db.transaction(async (tx) => {
      report = await work(tx);
      if (dryRun) throw new RolledBack();
      return report;
    });
  } catch (error) {
    if (error instanceof RolledBack && report !== undefined) return report;
    throw error;
  }
}

async function filesIn(
  body: unknown,
  kind: ImportQuery['kind'],
  contentType: string,
  locale: Locale,
): Promise<DirectoryFiles> {
  if (body == null) throw new UserError('send rows as JSON, or a CSV or XLSX file');
  if (!Buffer.isBuffer(body)) return rowsIn(body as z.infer<typeof importRows>);
  const isWorkbook = contentType.startsWith(XLSX);
  const ending = isWorkbook ? 'xlsx' : 'csv';
  if (kind !== undefined) {
    return readDirectory({ [kind]: body }, { locale, names: { [kind]: `${kind}.${ending}` } });
  }
  if (isWorkbook) {
    return readDirectory({ workbook: body }, { locale, names: { workbook: 'organisation.xlsx' } });
  }
  throw new UserError('a CSV file needs ?kind=employees or ?kind=departments');
}

type JsonCell = string | number | boolean | null | string[];

function rowsIn({ departments, employees }: z.infer<typeof importRows>): DirectoryFiles {
  return {
    departments: departments.map((row, index) => ({
      line: index + 1,
      cells: cellsIn<DepartmentColumn>(row),
    })),
    employees: employees.map((row, index) => ({ line: index + 1, cells: cellsIn<EmployeeColumn>(row) })),
    unknownColumns: { departments: [], employees: [] },
  };
}

/** A file holds several codes in one cell, joined by a semicolon. */
function cellsIn<Column extends string>(row: { [Key in Column]?: JsonCell | undefined }) {
  const cells: Partial<Record<Column, string | number | boolean>> = {};
  for (const [column, value] of Object.entries(row) as [Column, JsonCell | undefined][]) {
    if (value !== undefined) cells[column] = Array.isArray(value) ? value.join(';') : (value ?? '');
  }
  return cells;
}

/** As the titles of problems: Chinese for whoever asks for it. */
function languageOf(request: FastifyRequest): Locale {
  return request.headers['accept-language']?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
