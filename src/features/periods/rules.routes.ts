import { PassThrough } from 'node:stream';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import { Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { type RuleVersion, ruleVersions } from '../performance/index.ts';
import { writeXlsx } from '../reports/index.ts';
import { draftById, draftRows, draftRule, draftsOf, publishDraft } from './drafts.service.ts';
import { differencesTable } from './drafts.sheet.ts';
import {
  differencesPage,
  differencesQuery,
  draftRequest,
  draftShape,
  draftsPage,
  publishRequest,
  type RuleView,
  ruleShape,
  rulesPage,
  rulesQuery,
} from './periods.api.ts';
import { type PeriodRoutesDeps, whoIs } from './periods.routes.ts';
import { draftView } from './periods.views.ts';

export type RuleRoutesDeps = PeriodRoutesDeps & {
  /** Has a draft compared soon; must not wait. */
  beginComparison: (draftId: string) => void;
};

const tags = ['performance'];
const byId = z.object({ id: z.uuid() });
const MIME = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Rules: their versions, drafts with what they would change, and publishing. */
export function ruleRoutes(deps: RuleRoutesDeps): ApiRoutes {
  const { db, clock } = deps;
  return (api) => {
    api.get(
      '/performance/rules',
      {
        config: { permission: 'performance.read' },
        schema: {
          summary: 'Published versions of a campaign, the newest first',
          tags,
          querystring: rulesQuery,
          response: { 200: rulesPage },
        },
      },
      async ({ query }) => {
        const campaign = await deps.campaignBy(db, query.campaign);
        const before =
          readCursor(query.cursor, z.object({ version: z.int() }))?.version ?? Number.MAX_SAFE_INTEGER;
        const rows = (await ruleVersions(db, campaign.id)).filter(({ version }) => version < before);
        return page(rows.slice(0, query.limit + 1).map(ruleView), query.limit, ({ version }) => ({
          version,
        }));
      },
    );

    api.get(
      '/performance/drafts',
      {
        config: { permission: 'performance.read' },
        schema: {
          summary: 'Drafts of a campaign, the newest first',
          tags,
          querystring: rulesQuery,
          response: { 200: draftsPage },
        },
      },
      async ({ query }) => {
        const campaign = await deps.campaignBy(db, query.campaign);
        return { items: (await draftsOf(db, campaign.id, query.limit)).map(draftView), nextCursor: null };
      },
    );

    api.post(
      '/performance/drafts',
      {
        config: { permission: 'performance.write' },
        schema: {
          summary: 'Draft a rule and have it compared with the one that holds, for everybody',
          tags,
          body: draftRequest,
          response: { 202: draftShape },
        },
      },
      async (request, reply) => {
        const by = await whoIs(db, principalOf(request), deps.namesOf);
        const draft = await db.transaction(async (tx) => {
          const campaign = await deps.campaignBy(tx, request.body.campaign);
          const fromDay = Temporal.PlainDate.from(request.body.fromDay);
          return draftRule(tx, { campaign, rule: request.body.rule, fromDay, by, at: clock.now() });
        });
        deps.beginComparison(draft.id);
        return reply.code(202).send(draftView(draft));
      },
    );

    api.get(
      '/performance/drafts/:id',
      {
        config: { permission: 'performance.read' },
        schema: { summary: 'One draft with its counts', tags, params: byId, response: { 200: draftShape } },
      },
      async ({ params }) => draftView(await draftById(db, params.id)),
    );

    api.get(
      '/performance/drafts/:id/differences',
      {
        config: { permission: 'performance.results' },
        schema: {
          summary: 'Old against new, person by person',
          tags,
          params: byId,
          querystring: differencesQuery,
          response: { 200: differencesPage },
        },
      },
      async (request) => {
        const { limit, cursor, verdict } = request.query;
        const after = readCursor(cursor, z.object({ place: z.int() }))?.place ?? 0;
        const { id } = request.params;
        const what = { action: 'performance.differences', subject: `draft:${id}` };
        const rows = await deps.reading(principalOf(request), what, async (tx) => {
          await draftById(tx, id);
          return draftRows(tx, id, { verdict, after, limit: limit + 1 });
        });
        const { items, nextCursor } = page(rows, limit, ({ place }) => ({ place }));
        return {
          items: items.map(({ number, name, department, period, before, after: then, verdict: found }) => ({
            number,
            name,
            department,
            period,
            before,
            after: then,
            verdict: found,
          })),
          nextCursor,
        };
      },
    );

    api.get(
      '/performance/drafts/:id/differences.xlsx',
      {
        config: { permission: 'performance.results' },
        schema: {
          summary: 'Old against new as a spreadsheet',
          tags,
          params: byId,
          response: { 200: z.unknown() },
        },
      },
      async (request, reply) => {
        const draft = await draftById(db, request.params.id);
        await recordAudit(db, {
          at: clock.now(),
          actor: actorOf(request),
          action: 'performance.differences',
          subject: `draft:${draft.id}`,
          detail: { file: 'xlsx' },
        });
        const out = new PassThrough();
        writeXlsx([differencesTable(db, draft.id)], out).catch((error: unknown) =>
          out.destroy(error instanceof Error ? error : new Error(String(error))),
        );
        return reply
          .header('content-type', MIME)
          .header(
            'content-disposition',
            `attachment; filename*=UTF-8''${encodeURIComponent('绩效规则对比.xlsx')}`,
          )
          .send(out);
      },
    );

    api.post(
      '/performance/drafts/:id/publication',
      {
        config: { permission: 'performance.write' },
        schema: {
          summary: 'Publish a draft that was compared; closed periods stay as they are',
          tags,
          params: byId,
          body: publishRequest,
          response: { 200: ruleShape },
        },
      },
      async (request) => {
        const by = await whoIs(db, principalOf(request), deps.namesOf);
        const { reason } = request.body;
        const at = clock.now();
        return ruleView(
          await db.transaction((tx) => publishDraft(tx, request.params.id, { reason, by, at })),
        );
      },
    );
  };
}

function ruleView({ version, rule, fromDay, reason, publishedBy, publishedAt }: RuleVersion): RuleView {
  return {
    version,
    rule,
    reason,
    publishedBy,
    fromDay: fromDay.toString(),
    publishedAt: publishedAt.toString(),
  };
}
