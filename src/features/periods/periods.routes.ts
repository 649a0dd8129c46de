import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import type { Principal } from '../../http/auth.ts';
import { actorOf, personBehind, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Reading } from '../../kernel/reading.ts';
import { monthDays, Temporal } from '../../kernel/time.ts';
import type { WorkdayCalendar } from '../../kernel/workdays.ts';
import { recordAudit } from '../audit/index.ts';
import type { Campaign } from '../campaigns/index.ts';
import { askToLook } from './appeals.tell.ts';
import {
  keyShape,
  nothing,
  objectionsRequest,
  periodRequest,
  periodShape,
  periodsPage,
  periodsQuery,
  resultsPage,
  resultsQuery,
  supplementRequest,
} from './periods.api.ts';
import {
  prepareSupplement,
  type RunDeps,
  requestClosing,
  requestPreview,
  requestSupplement,
  runsOf,
} from './periods.runs.ts';
import {
  askForObjections,
  listPeriods,
  lockedPeriod,
  monthSpan,
  openPeriod,
  periodById,
  prepareClosing,
  reopen,
  type Span,
} from './periods.service.ts';
import type { PerformancePeriod, PerformanceRun } from './periods.tables.ts';
import { peopleInLastRun, periodViews, resultsAfter } from './periods.views.ts';

export interface PeriodRoutesDeps extends RunDeps {
  /** What is announced by now; the campaign's own days are frozen. */
  calendar: WorkdayCalendar;
  reading: Reading;
  campaignBy: (tx: Db, idOrKey: string) => Promise<Campaign>;
  namesOf: (tx: Db, ids: readonly string[]) => Promise<Map<string, { number: string; name: string }>>;
  /** Has a run made soon; must not wait. */
  beginRun: (runId: string) => void;
  /** Called when a message was promised. */
  nudge: () => void;
}

const tags = ['performance'];
const byId = z.object({ id: z.uuid() });

/** Who does it, as four eyes tell people apart: the number and the name of an employee, else the token. */
export async function whoIs(
  tx: Db,
  { kind, id, name, ...who }: Principal,
  namesOf: PeriodRoutesDeps['namesOf'],
): Promise<string> {
  const employeeId = personBehind(who);
  const person = employeeId === null ? undefined : (await namesOf(tx, [employeeId])).get(employeeId);
  if (person === undefined) return `${kind}:${id} ${name}`;
  return `${person.number} ${person.name}${kind === 'token' ? ` (${name})` : ''}`;
}

/** Periods: what decides together, its preview, objections, closing and supplements. */
export function periodRoutes(deps: PeriodRoutesDeps): ApiRoutes {
  const { db, clock, calendar } = deps;

  async function answer(period: PerformancePeriod, by: string) {
    const [view] = await periodViews(db, [period], { at: clock.now(), by, calendar });
    return view as NonNullable<typeof view>;
  }

  return (api) => {
    api.get(
      '/performance/periods',
      {
        config: { permission: 'performance.read' },
        schema: {
          summary: 'Performance periods, the newest first',
          tags,
          querystring: periodsQuery,
          response: { 200: periodsPage },
        },
      },
      async (request) => {
        const { limit, cursor, campaign } = request.query;
        const before = readCursor(cursor, byId)?.id;
        const campaignId = campaign === undefined ? undefined : (await deps.campaignBy(db, campaign)).id;
        const rows = await listPeriods(db, { campaignId, before, limit: limit + 1 });
        const { items, nextCursor } = page(rows, limit, ({ id }) => ({ id }));
        const by = await whoIs(db, principalOf(request), deps.namesOf);
        return { items: await periodViews(db, items, { at: clock.now(), by, calendar }), nextCursor };
      },
    );

    api.post(
      '/performance/periods',
      {
        config: { permission: 'performance.close' },
        schema: {
          summary: 'Open a period: a month, or other days of a campaign',
          tags,
          body: periodRequest,
          response: { 201: periodShape },
        },
      },
      async (request, reply) => {
        const by = await whoIs(db, principalOf(request), deps.namesOf);
        const opened = await db.transaction(async (tx) => {
          const campaign = await deps.campaignBy(tx, request.body.campaign);
          return openPeriod(tx, campaign, spanOf(campaign, request.body), clock.now());
        });
        return reply.code(201).send(await answer(opened, by));
      },
    );

    api.get(
      '/performance/periods/:id',
      {
        config: { permission: 'performance.read' },
        schema: { summary: 'One period', tags, params: byId, response: { 200: periodShape } },
      },
      async (request) =>
        answer(await periodById(db, request.params.id), await whoIs(db, principalOf(request), deps.namesOf)),
    );

    api.get(
      '/performance/periods/:id/results',
      {
        config: { permission: 'performance.results' },
        schema: {
          summary: 'What a run found of each person, by number; the last run unless another is named',
          tags,
          params: byId,
          querystring: resultsQuery,
          response: { 200: resultsPage },
        },
      },
      async (request) => {
        const { limit, cursor, run } = request.query;
        const after = readCursor(cursor, z.object({ place: z.int() }))?.place ?? 0;
        const subject = `period:${request.params.id}`;
        const rows = await deps.reading(
          principalOf(request),
          { action: 'performance.results', subject },
          async (tx) =>
            resultsAfter(tx, await periodById(tx, request.params.id), { run, after, limit: limit + 1 }),
        );
        const { items, nextCursor } = page(rows, limit, ({ place }) => ({ place }));
        return { items: items.map(({ row }) => row), nextCursor };
      },
    );

    type Step = (
      tx: Db,
      id: string,
      deed: { by: string; at: Temporal.Instant },
    ) => Promise<PerformancePeriod | PerformanceRun>;

    /** A step of the period without anything to say about it. */
    const step = (path: string, action: string, summary: string, take: Step): void => {
      api.post(
        `/performance/periods/:id/${path}`,
        {
          config: { permission: 'performance.close' },
          schema: { summary, tags, params: byId, body: nothing, response: { 200: periodShape } },
        },
        async (request) => {
          const { id } = request.params;
          const at = clock.now();
          const by = await whoIs(db, principalOf(request), deps.namesOf);
          const result = await db.transaction(async (tx) => {
            const taken = await take(tx, id, { by, at });
            await audit(tx, request, action, id, at);
            return taken;
          });
          if ('requestedAt' in result) deps.beginRun(result.id);
          return answer(await periodById(db, id), by);
        },
      );
    };
    step('preview', 'period.preview-ask', 'Have everybody evaluated as of now', requestPreview);
    step('reopen', 'period.reopen', 'Back to the beginning, so that the rule may be changed', (tx, id) =>
      reopen(tx, id),
    );
    step('closing', 'period.closing-ask', 'Ask for the closing; somebody else confirms it', prepareClosing);
    step(
      'closing/confirmation',
      'period.closing-confirm',
      'Close what somebody else asked to close',
      requestClosing,
    );
    step('supplement', 'period.supplement-ask', 'Ask for a supplement to a closed period', prepareSupplement);

    api.post(
      '/performance/periods/:id/supplement/confirmation',
      {
        config: { permission: 'performance.close' },
        schema: {
          summary: 'Have the supplement made that somebody else asked for',
          tags,
          params: byId,
          body: supplementRequest,
          response: { 200: periodShape },
        },
      },
      async (request) => {
        const { id } = request.params;
        const at = clock.now();
        const by = await whoIs(db, principalOf(request), deps.namesOf);
        const run = await db.transaction(async (tx) => {
          const requested = await requestSupplement(tx, id, { by, at, reason: request.body.reason });
          await audit(tx, request, 'period.supplement-confirm', id, at);
          return requested;
        });
        deps.beginRun(run.id);
        return answer(await periodById(db, id), by);
      },
    );

    api.post(
      '/performance/periods/:id/objections',
      {
        config: { permission: 'performance.close' },
        schema: {
          summary: 'Ask people to look at their record and object until a day',
          tags,
          params: byId,
          body: objectionsRequest,
          response: { 200: periodShape },
        },
      },
      async (request) => {
        const { id } = request.params;
        const at = clock.now();
        const until = Temporal.PlainDate.from(request.body.until);
        const by = await whoIs(db, principalOf(request), deps.namesOf);
        const period = await db.transaction(async (tx) => {
          const before = (await lockedPeriod(tx, id)).objectionsUntil;
          const asked = await askForObjections(tx, id, { until, at });
          // Asked again for the same day, everybody has been told.
          if (request.body.tell && before?.equals(until) !== true) {
            const month = asked.fromDay.toPlainYearMonth().toString();
            await askToLook(tx, await peopleInLastRun(tx, id), {
              month,
              until,
              campaignId: asked.campaignId,
              at,
            });
          }
          await audit(tx, request, 'period.objections', id, at);
          return asked;
        });
        deps.nudge();
        return answer(period, by);
      },
    );

    api.get(
      '/performance/periods/:id/package',
      {
        config: { permission: 'performance.results' },
        schema: {
          summary: 'The signed package of the closing, or of a supplement',
          tags,
          params: byId,
          querystring: z.strictObject({ revision: z.coerce.number().int().min(0).default(0) }),
          response: { 200: z.unknown() },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const period = await periodById(db, id);
        const run = (await runsOf(db, [id])).find(
          ({ revision, state }) => state === 'done' && revision === request.query.revision,
        );
        if (run?.packagePath == null) throw new AppError('period.no-run', 'there is no package of this');
        await audit(db, request, 'period.package', id, clock.now(), { sha256: run.packageSha256 });
        const name = `绩效-${period.name}${run.revision === 0 ? '' : `-补充${run.revision}`}.jsonl`;
        return reply
          .header('content-type', 'application/x-ndjson; charset=utf-8')
          .header('content-length', run.packageBytes ?? 0)
          .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
          .send(createReadStream(join(deps.fileRoot, run.packagePath)));
      },
    );

    api.get(
      '/performance/key',
      {
        config: { permission: 'performance.read' },
        schema: {
          summary: 'The public key that packages are signed with',
          tags,
          response: { 200: keyShape },
        },
      },
      async () => ({
        algorithm: 'ed25519' as const,
        publicKey: deps.signer.publicKey,
        fingerprint: deps.signer.fingerprint,
      }),
    );
  };
}

type Request = Parameters<typeof actorOf>[0];

async function audit(
  tx: Db,
  request: Request,
  action: string,
  id: string,
  at: Temporal.Instant,
  detail: Record<string, unknown> = {},
): Promise<void> {
  const actor = actorOf(request);
  await recordAudit(tx, { at, actor, action, subject: `period:${id}`, detail });
}

function spanOf(campaign: Campaign, { month, from, to }: z.infer<typeof periodRequest>): Span {
  if (month !== undefined) {
    const wanted = Temporal.PlainYearMonth.from(month);
    return monthSpan(campaign, wanted) ?? { name: month, ...monthDays(wanted) };
  }
  const [first, last] = [Temporal.PlainDate.from(from ?? ''), Temporal.PlainDate.from(to ?? '')];
  return { name: `${first.toString()}_${last.toString()}`, from: first, to: last };
}
