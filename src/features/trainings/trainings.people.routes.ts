import type { FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import { z } from 'zod';
import { type Locale, localeOf } from '../../chat/locale.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { principalOf } from '../../http/auth.ts';
import { scopeOf } from '../../http/authorise.ts';
import { page, readCursor } from '../../http/paging.ts';
import { UserError } from '../../kernel/errors.ts';
import { textInput } from '../../kernel/shapes.ts';
import { employeeIdOf, namesOf } from '../directory/index.ts';
import {
  arrivalsQuery,
  arrivalsShape,
  attendanceDoneShape,
  attendanceInput,
  codeShape,
  historyPage,
  importQuery,
  importShape,
  peoplePage,
  peopleQuery,
  personDoneShape,
  personInput,
  resultsShape,
} from './trainings.api.ts';
import { codeAt } from './trainings.code.ts';
import { correctAttendance } from './trainings.correct.ts';
import { peopleWorkbook } from './trainings.export.ts';
import { importDurations, MOST_IMPORT_BYTES } from './trainings.import.ts';
import { historyBefore, peopleOf } from './trainings.lists.ts';
import { attendUrl } from './trainings.page.ts';
import { arrivalsOf, lastArrival, resultsOf } from './trainings.results.ts';
import { byId, type Change, type TrainingRoutesDeps, tags } from './trainings.routes.deps.ts';
import { takesAttendance } from './trainings.rules.ts';
import { cancelSignUp, signUp } from './trainings.signup.ts';
import { trainingById } from './trainings.store.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const sees = { config: { permission: 'trainings.people' } } as const;
const corrects = { config: { permission: 'trainings.correct' } } as const;
const nothing = z.strictObject({});
const localeIn = (request: FastifyRequest): Locale => localeOf(request.headers['accept-language'] ?? 'zh-CN');

/** Who is on the list, who came, how it went: people within the caller's scope, and every look is audited. */
export function peopleRoutes(deps: TrainingRoutesDeps & { change: Change }): ApiRoutes {
  const { db, clock, reading, change, zone } = deps;
  const seeing = (request: FastifyRequest) => ({ scope: scopeOf(request), zone });

  return (api) => {
    api.get(
      '/trainings/:id/people',
      {
        schema: {
          summary: 'Sign-ups and attendance by 工号; audited',
          tags,
          params: byId,
          querystring: peopleQuery,
          response: { 200: peoplePage },
        },
        ...sees,
      },
      async (request) => {
        const { id } = request.params;
        const { limit, cursor } = request.query;
        const after = readCursor(cursor, z.object({ number: textInput }))?.number;
        const see = seeing(request);
        return reading(principalOf(request), { action: 'trainings.people', subject: id }, async (tx) => {
          const people = await peopleOf(tx, await trainingById(tx, id), see);
          const rest = people.filter(({ number }) => after === undefined || number > after);
          const { items, nextCursor } = page(rest.slice(0, limit + 1), limit, ({ number }) => ({ number }));
          return { items: items.map(({ employeeId: _own, ...row }) => row), nextCursor };
        });
      },
    );

    api.get(
      '/trainings/:id/history',
      {
        schema: {
          summary: 'Every step of every sign-up, the newest first; audited',
          tags,
          params: byId,
          querystring: peopleQuery,
          response: { 200: historyPage },
        },
        ...sees,
      },
      async (request) => {
        const { id } = request.params;
        const { limit, cursor } = request.query;
        const before = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const see = seeing(request);
        return reading(principalOf(request), { action: 'trainings.history', subject: id }, async (tx) => {
          const people = await peopleOf(tx, await trainingById(tx, id), see);
          const employeeIds = people.map(({ employeeId }) => employeeId);
          const rows = await historyBefore(tx, id, { before, employeeIds, limit: limit + 1 });
          const names = await namesOf(tx, employeeIds);
          const { items, nextCursor } = page(rows, limit, (row) => ({ id: row.id }));
          return {
            items: items.map(({ at, employeeId, kind, by }) => ({
              at: at.toString(),
              number: names.get(employeeId)?.number ?? '',
              name: names.get(employeeId)?.name ?? '',
              kind,
              by: by.name,
            })),
            nextCursor,
          };
        });
      },
    );

    api.post(
      '/trainings/:id/people',
      {
        schema: {
          summary: 'Sign somebody up, or cancel for them; without a seat they wait',
          tags,
          params: byId,
          body: personInput,
          response: { 200: personDoneShape },
        },
        ...corrects,
      },
      async (request) => {
        const { id: trainingId } = request.params;
        const { employee, do: what } = request.body;
        return change(request, what, trainingId, async (tx, deed) => {
          const employeeId = await employeeIdOf(tx, employee, scopeOf(request));
          if (what === 'cancel')
            return { outcome: (await cancelSignUp(tx, deps, { trainingId, employeeId }, deed)).kind };
          const { kind } = await signUp(tx, deps, { trainingId, employeeId, despite: true }, deed);
          return { outcome: kind === 'conflict' ? ('closed' as const) : kind };
        });
      },
    );

    api.post(
      '/trainings/:id/attendance',
      {
        schema: {
          summary: 'Note down, or take back, that somebody was there; what was known before stays',
          tags,
          params: byId,
          body: attendanceInput,
          response: { 200: attendanceDoneShape },
        },
        ...corrects,
      },
      async (request) => {
        const { id } = request.params;
        const { employee, ...given } = request.body;
        return change(request, 'attendance', id, async (tx, deed) => {
          const employeeId = await employeeIdOf(tx, employee, scopeOf(request));
          return { outcome: await correctAttendance(tx, id, { ...given, employeeId }, deed) };
        });
      },
    );

    api.get(
      '/trainings/:id/people.xlsx',
      {
        schema: {
          summary: 'Sign-ups and attendance as a workbook; audited',
          tags,
          params: byId,
          querystring: nothing,
          response: { 200: z.unknown() },
        },
        ...sees,
      },
      async (request, reply) => {
        const { id } = request.params;
        const see = seeing(request);
        const what = { action: 'trainings.export', subject: id };
        const { people, training } = await reading(principalOf(request), what, async (tx) => {
          const found = await trainingById(tx, id);
          return { training: found, people: await peopleOf(tx, found, see) };
        });
        const bytes = await peopleWorkbook(people, { zone: training.zone, locale: localeIn(request) });
        return reply
          .type(XLSX)
          .header('content-disposition', `attachment; filename="training-${training.no}.xlsx"`)
          .send(bytes);
      },
    );

    api.get(
      '/trainings/:id/code',
      {
        schema: {
          summary: 'The code of this moment, for the wall',
          tags,
          params: byId,
          querystring: nothing,
          response: { 200: codeShape },
        },
        config: { permission: 'trainings.write' },
      },
      async (request, reply) => {
        const now = clock.now();
        const training = await trainingById(db, request.params.id);
        const { code, until } = codeAt(deps.secretKey, training.id, now);
        const url = attendUrl(deps, training.no, code);
        void reply.header('cache-control', 'no-store');
        return {
          now: now.toString(),
          open: training.state === 'open' && takesAttendance(training, now),
          code,
          until: until.toString(),
          url,
          qr: await QRCode.toString(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 }),
        };
      },
    );

    api.get(
      '/trainings/:id/arrivals',
      {
        schema: {
          summary: 'Who came after a place in the list; audited when it names somebody',
          tags,
          params: byId,
          querystring: arrivalsQuery,
          response: { 200: arrivalsShape },
        },
        ...sees,
      },
      async (request) => {
        const { id } = request.params;
        const { after } = request.query;
        const see = seeing(request);
        const through = await lastArrival(db, id, after);
        const training = await trainingById(db, id);
        // A wall asks every other second; what names nobody is no read of personal data.
        if (through === after) return arrivalsOf(db, training, see, { after, through });
        const what = { action: 'trainings.arrivals', subject: id };
        return reading(principalOf(request), what, (tx) => arrivalsOf(tx, training, see, { after, through }));
      },
    );

    api.get(
      '/trainings/:id/results',
      {
        schema: {
          summary: 'How it went: attendance, satisfaction, quiz; audited',
          tags,
          params: byId,
          querystring: nothing,
          response: { 200: resultsShape },
        },
        ...sees,
      },
      async (request) => {
        const { id } = request.params;
        const see = seeing(request);
        return reading(principalOf(request), { action: 'trainings.results', subject: id }, async (tx) =>
          resultsOf(tx, await trainingById(tx, id), see),
        );
      },
    );

    // Files come as they are, by a parser of their own.
    void api.register(async (scope: typeof api) => {
      scope.addContentTypeParser(
        ['text/csv', XLSX],
        { parseAs: 'buffer', bodyLimit: MOST_IMPORT_BYTES },
        async (_request: unknown, bytes: Buffer) => bytes,
      );
      const file = { schema: z.instanceof(Buffer).meta({ type: 'string', format: 'binary' }) };
      scope.post(
        '/trainings/:id/attendance::import',
        {
          bodyLimit: MOST_IMPORT_BYTES,
          schema: {
            summary: 'Read who was online for how long (XLSX or CSV: 工号, 时长); reports every row',
            tags,
            params: byId,
            querystring: importQuery,
            body: { content: { 'text/csv': file, [XLSX]: file } },
            response: { 200: importShape },
          },
          ...corrects,
        },
        async (request) => {
          const { id } = request.params;
          const { dryRun } = request.query;
          const isXlsx = request.headers['content-type']?.startsWith(XLSX) === true;
          scopeOf(request);
          const bytes = request.body as unknown;
          if (!Buffer.isBuffer(bytes)) throw new UserError('send the file itself, as XLSX or CSV');
          return change(request, dryRun ? 'import-dry' : 'import', id, (tx, deed) =>
            importDurations(
              tx,
              id,
              {
                bytes,
                name: isXlsx ? 'durations.xlsx' : 'durations.csv',
                locale: localeIn(request),
              },
              { dryRun },
              deed,
            ),
          );
        },
      );
    });
  };
}
