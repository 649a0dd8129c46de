import { and, desc, eq, isNotNull, isNull, lt } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiRoutes } from '../http/api.ts';
import { type Actor, actorOf } from '../http/auth.ts';
import { page, readCursor } from '../http/paging.ts';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import type { Temporal } from '../kernel/time.ts';
import { type ChannelViewsDeps, channelViews } from './channels.lists.ts';
import {
  cancelledShape,
  channelsShape,
  messageDetailShape,
  messagesPage,
  messagesQuery,
  reasonInput,
  resumeInput,
  type StopView,
  stopInput,
  stopShape,
  stopsPage,
  stopsQuery,
} from './messages.api.ts';
import { messageDetail, messagesBefore } from './messages.lists.ts';
import { outboxMessages, sendStops } from './outbox.tables.ts';
import { beginStop, cancelMessage, endStop, type Stop } from './stops.ts';

export interface MessageRoutesDeps extends ChannelViewsDeps {
  db: Db;
  /** Rejects when there is none of that name. */
  campaignBy: (tx: Db, idOrKey: string) => Promise<{ id: string }>;
  audit: (
    tx: Db,
    by: Actor,
    what: { action: string; subject: string; detail?: Record<string, unknown> },
  ) => Promise<void>;
  nudge: () => void;
}

const byId = z.object({ id: z.uuid() });
const tags = ['messages'];

/** What goes out, how far it is, and the brakes. */
export function messageRoutes(deps: MessageRoutesDeps): ApiRoutes {
  const { db, clock, adapters, audit, nudge } = deps;

  async function found(tx: Db, id: string): Promise<void> {
    const [row] = await tx
      .select({ id: outboxMessages.id })
      .from(outboxMessages)
      .where(eq(outboxMessages.id, id));
    if (row === undefined) throw new AppError('message.not-found', `there is no message ${id}`);
  }

  /** A change, its audit and the moment that all of it carries. */
  async function changing<Result>(
    request: FastifyRequest,
    what: { action: string; subject: string; detail?: Record<string, unknown> },
    change: (tx: Db, by: string, at: Temporal.Instant) => Promise<Result>,
  ): Promise<Result> {
    const by = actorOf(request);
    const result = await db.transaction(async (tx) => {
      const done = await change(tx, by.id, clock.now());
      await audit(tx, by, what);
      return done;
    });
    nudge();
    return result;
  }

  return (api) => {
    api.get(
      '/messages',
      {
        config: { permission: 'messages.read' },
        schema: {
          summary: 'Messages that were promised, the youngest first, with how far each has come',
          tags,
          querystring: messagesQuery,
          response: { 200: messagesPage },
        },
      },
      async ({ query }) => {
        const { limit, cursor, purpose, campaign, answers } = query;
        const after = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const campaignId = campaign === undefined ? undefined : (await deps.campaignBy(db, campaign)).id;
        const rows = await messagesBefore(db, { purpose, campaignId, answers, after, limit: limit + 1 });
        return page(rows, limit, ({ id }) => ({ id }));
      },
    );

    api.get(
      '/messages/:id',
      {
        config: { permission: 'messages.read' },
        schema: {
          summary: 'One message: states, reasons, and when each channel will be done',
          tags,
          params: byId,
          querystring: z.strictObject({}),
          response: { 200: messageDetailShape },
        },
      },
      async ({ params }) => messageDetail(db, params.id, { adapters, clock }),
    );

    api.post(
      '/messages/:id/pause',
      {
        config: { permission: 'deliveries.control' },
        schema: {
          summary: 'Keep back whatever of a message has not left yet',
          tags,
          params: byId,
          body: reasonInput,
          response: { 200: stopShape },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { reason } = request.body;
        return changing(
          request,
          { action: 'messages.pause', subject: id, detail: { reason } },
          async (tx, by, at) => {
            await found(tx, id);
            return stopView(
              await beginStop(tx, { kind: 'pause', scope: 'message', subject: id, reason, by, at }),
            );
          },
        );
      },
    );

    api.post(
      '/messages/:id/resume',
      {
        config: { permission: 'deliveries.control' },
        schema: {
          summary: 'End the pause of a message',
          tags,
          params: byId,
          body: resumeInput,
          response: { 200: stopShape },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { backlog } = request.body;
        return changing(
          request,
          { action: 'messages.resume', subject: id, detail: { backlog } },
          async (tx, by, at) => {
            const [stop] = await tx
              .select({ id: sendStops.id })
              .from(sendStops)
              .where(
                and(eq(sendStops.scope, 'message'), eq(sendStops.subject, id), isNull(sendStops.endedAt)),
              );
            if (stop === undefined) throw new AppError('stop.not-found', 'this message is not paused');
            return stopView(await endStop(tx, { id: stop.id, backlog, by, at }));
          },
        );
      },
    );

    api.post(
      '/messages/:id/cancel',
      {
        config: { permission: 'deliveries.control' },
        schema: {
          summary: 'End whatever of a message has not left yet',
          tags,
          params: byId,
          body: reasonInput,
          response: { 200: cancelledShape },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { reason } = request.body;
        return changing(
          request,
          { action: 'messages.cancel', subject: id, detail: { reason } },
          async (tx, _by, at) => {
            await found(tx, id);
            return { cancelled: await cancelMessage(tx, { messageId: id, reason: 'cancelled', at }) };
          },
        );
      },
    );

    api.get(
      '/stops',
      {
        config: { permission: 'messages.read' },
        schema: {
          summary: 'What was paused or killed, the youngest first',
          tags,
          querystring: stopsQuery,
          response: { 200: stopsPage },
        },
      },
      async ({ query: { limit, cursor, active } }) => {
        const after = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const rows = await db
          .select()
          .from(sendStops)
          .where(
            and(
              active === undefined
                ? undefined
                : active
                  ? isNull(sendStops.endedAt)
                  : isNotNull(sendStops.endedAt),
              after === undefined ? undefined : lt(sendStops.id, after),
            ),
          )
          .orderBy(desc(sendStops.id))
          .limit(limit + 1);
        return page(rows.map(stopView), limit, ({ id }) => ({ id }));
      },
    );

    api.post(
      '/stops',
      {
        config: { permission: 'deliveries.control' },
        schema: {
          summary: 'Pause or kill what goes out: of a message, campaign, department, channel, or everything',
          tags,
          body: stopInput,
          response: { 200: stopShape },
        },
      },
      async (request) => {
        const { kind, scope, subject, reason } = request.body;
        const what = { action: `stops.${kind}`, subject: `${scope} ${subject}`.trim(), detail: { reason } };
        return changing(request, what, async (tx, by, at) =>
          stopView(await beginStop(tx, { kind, scope, subject, reason, by, at })),
        );
      },
    );

    api.post(
      '/stops/:id/end',
      {
        config: { permission: 'deliveries.control' },
        schema: {
          summary: 'End a stop, and say what becomes of what a pause kept',
          tags,
          params: byId,
          body: resumeInput,
          response: { 200: stopShape },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { backlog } = request.body;
        return changing(
          request,
          { action: 'stops.end', subject: id, detail: { backlog } },
          async (tx, by, at) => stopView(await endStop(tx, { id, backlog, by, at })),
        );
      },
    );

    api.get(
      '/channels',
      {
        config: { permission: 'channels.read' },
        schema: {
          summary: 'The channels: whether each is ready, what it allows and what of it is used',
          tags,
          querystring: z.strictObject({}),
          response: { 200: channelsShape },
        },
      },
      async () => ({ items: await channelViews(db, deps) }),
    );
  };
}

function stopView({ since, endedAt, ...stop }: Stop): StopView {
  return { ...stop, since: since.toString(), endedAt: endedAt?.toString() ?? null };
}
