import { and, desc, eq, sql } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { type Clock, Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { excusals, incidents } from '../excusals/excusals.tables.ts';
import {
  type IncidentView,
  incidentBody,
  incidentDecision,
  incidentShape,
  incidentsPage,
  incidentsQuery,
} from './incidents.api.ts';
import type { AmnestyRule } from './incidents.rules.ts';
import { declare, dismiss, type Incident, incidentBy, report } from './incidents.service.ts';

export interface IncidentRoutesDeps {
  db: Db;
  clock: Clock;
  zone: string;
  amnesty: AmnestyRule;
}

const tags = ['incidents'];
const params = z.object({ id: z.uuid() });

/** Outages: found in our health record or reported; declaring one excuses everybody whom it hit. */
export function incidentRoutes({ db, clock, zone, amnesty }: IncidentRoutesDeps): ApiRoutes {
  const decided = async (
    request: FastifyRequest<{ Params: { id: string }; Body: { reason: string } }>,
    how: 'declare' | 'dismiss',
  ): Promise<IncidentView> => {
    const at = clock.now();
    const actor = actorOf(request);
    const { id } = request.params;
    const deciding = { by: `${actor.kind}:${actor.id}`, reason: request.body.reason, at };
    return db.transaction(async (tx) => {
      if (how === 'declare')
        await declare(tx, id, { ...deciding, byName: principalOf(request).name, rule: amnesty });
      else await dismiss(tx, id, deciding);
      const after = await viewOf(tx, await incidentBy(tx, id));
      const detail = { reason: deciding.reason, people: after.people };
      await recordAudit(tx, { at, actor, action: `incidents.${how}`, subject: after.number, detail });
      return after;
    });
  };

  return (api) => {
    api.get(
      '/incidents',
      {
        config: { permission: 'incidents.read' },
        schema: {
          summary: 'Outages that took their share of a check-in window, the youngest first',
          tags,
          querystring: incidentsQuery,
          response: { 200: incidentsPage },
        },
      },
      async ({ query: { limit, cursor, state } }) => {
        const before = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        return db.transaction(async (tx) => {
          const rows = await tx
            .select()
            .from(incidents)
            .where(
              sql`${state === undefined ? sql`true` : sql`${incidents.state} = ${state}`}
                and ${before === undefined ? sql`true` : sql`${incidents.id} < ${before}`}`,
            )
            .orderBy(desc(incidents.id))
            .limit(limit + 1);
          const { items, nextCursor } = page(rows, limit, ({ id }) => ({ id }));
          const views: IncidentView[] = [];
          for (const row of items) views.push(await viewOf(tx, row));
          return { items: views, nextCursor };
        });
      },
    );

    api.post(
      '/incidents',
      {
        config: { permission: 'incidents.decide' },
        schema: {
          summary: 'Report an outage that the health record does not show; declare it to excuse people',
          tags,
          body: incidentBody,
          response: { 200: incidentShape },
        },
      },
      async (request) => {
        const { title, startsAt, endsAt, channel } = request.body;
        const at = clock.now();
        const given = {
          title,
          startsAt: Temporal.Instant.from(startsAt),
          endsAt: Temporal.Instant.from(endsAt),
          channel: channel ?? null,
        };
        return db.transaction(async (tx) => {
          const written = await report(tx, given, { zone, rule: amnesty, at });
          const actor = actorOf(request);
          await recordAudit(tx, { at, actor, action: 'incidents.report', subject: written.number });
          return viewOf(tx, written);
        });
      },
    );

    api.post(
      '/incidents/:id/declare',
      {
        config: { permission: 'incidents.decide' },
        schema: {
          summary: 'Excuse everybody whose check-in window the outage hit and whose day does not count',
          tags,
          params,
          body: incidentDecision,
          response: { 200: incidentShape },
        },
      },
      async (request) => decided(request, 'declare'),
    );

    api.post(
      '/incidents/:id/dismiss',
      {
        config: { permission: 'incidents.decide' },
        schema: {
          summary: 'Nobody was hit: the outage excuses nobody',
          tags,
          params,
          body: incidentDecision,
          response: { 200: incidentShape },
        },
      },
      async (request) => decided(request, 'dismiss'),
    );
  };
}

async function viewOf(tx: Db, incident: Incident): Promise<IncidentView> {
  const { id, number, title, startsAt, endsAt, channel, source, state, evidence } = incident;
  const { decidedBy, decidedAt, decidedReason } = incident;
  const people =
    state === 'found'
      ? incident.expected
      : await tx.$count(excusals, and(eq(excusals.source, 'incident'), eq(excusals.reference, number)));
  return {
    id,
    number,
    title,
    startsAt: startsAt.toString(),
    endsAt: endsAt.toString(),
    channel,
    source,
    state,
    lostMinutes: numberIn(evidence?.['lostMinutes']),
    windowMinutes: numberIn(evidence?.['windowMinutes']),
    people,
    decided:
      decidedBy === null || decidedAt === null
        ? null
        : { by: decidedBy, at: decidedAt.toString(), reason: decidedReason ?? '' },
  };
}

const numberIn = (value: string | number | undefined): number | null =>
  typeof value === 'number' ? value : null;
