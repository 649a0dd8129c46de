import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import { permissionsOf, permits, SCOPED_ROLES } from '../kernel/permissions.ts';
import type { Clock, Temporal } from '../kernel/time.ts';
import {
  newTokenShape,
  type SessionView,
  sessionsPage,
  sessionsQuery,
  type TokenView,
  tokenInput,
  tokensPage,
} from './access.api.ts';
import type { ApiRoutes } from './api.ts';
import { actorOf, personBehind, principalOf } from './auth.ts';
import type { OwnDepartments } from './authorise.ts';
import { createApiToken } from './credentials.ts';
import { pageAmong, pageQuery } from './paging.ts';
import type { RecordAccess } from './records.ts';
import { type Access, accessShape } from './session.api.ts';
import { endOpen, type OpenCredential, openCredentials } from './sessions.ts';

export interface AccessRoutesDeps {
  db: Db;
  /** The wall clock. */
  clock: Clock;
  ownDepartments: OwnDepartments;
  record: RecordAccess;
}

const tags = ['session'];
const byId = z.object({ id: z.uuid() });
const HOURS_A_DAY = 24;

/** What whoever asks may do; sign-ins and tokens, and ending them. */
export function accessRoutes({ db, clock, ownDepartments, record }: AccessRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/session/access',
      {
        schema: { summary: 'What whoever asks may do', tags, response: { 200: accessShape } },
        config: { permission: 'session.read' },
      },
      async (request): Promise<Access> => {
        const principal = principalOf(request);
        const { kind, name, roles } = principal;
        const scoped = roles.some((role) => SCOPED_ROLES.has(role));
        return {
          kind,
          name,
          roles: [...roles],
          permissions: permissionsOf(roles),
          departmentIds: scoped ? [...(await ownDepartments(db, principal))] : [],
        };
      },
    );

    api.get(
      '/sessions',
      {
        schema: {
          summary: 'Sign-ins that still work, the youngest first',
          tags,
          querystring: sessionsQuery,
          response: { 200: sessionsPage },
        },
        config: { permission: 'session.read' },
      },
      async (request) => {
        const principal = principalOf(request);
        const rows = await openCredentials(db, {
          kind: 'session',
          now: clock.now(),
          ...whose(request, request.query.whose === 'all'),
        });
        const mine = principal.employeeId === null && request.query.whose === 'own';
        const shown = mine ? rows.filter(({ id }) => id === principal.id) : rows;
        return pageAmong(
          shown.map((row) => sessionView(row, principal.id)),
          request.query,
          ({ id }) => id,
        );
      },
    );

    api.delete(
      '/sessions/:id',
      {
        schema: {
          summary: 'End a sign-in; somebody else’s needs `access.manage`',
          tags,
          params: byId,
          response: { 204: z.undefined() },
        },
        config: { permission: 'session.read' },
      },
      async (request, reply) => {
        const { id } = request.params;
        const principal = principalOf(request);
        const mayAll = permits(principal.roles, 'access.manage') || principal.id === id;
        // What no employee opened is its own and nobody else's.
        if (!mayAll && principal.employeeId === null) throw notThere();
        await end('session', id, mayAll ? {} : whose(request, false), request);
        return reply.code(204).send();
      },
    );

    api.get(
      '/tokens',
      {
        schema: {
          summary: 'API tokens that still work',
          tags,
          querystring: pageQuery.strict(),
          response: { 200: tokensPage },
        },
        config: { permission: 'access.manage' },
      },
      async ({ query }) => {
        const rows = await openCredentials(db, { kind: 'api-token', now: clock.now() });
        return pageAmong(rows.map(tokenView), query, ({ id }) => id);
      },
    );

    api.post(
      '/tokens',
      {
        schema: {
          summary: 'Make an API token with roles, departments and an end',
          tags,
          body: tokenInput,
          response: { 201: newTokenShape },
        },
        config: { permission: 'access.manage' },
      },
      async (request, reply) => {
        const { days, ...wanted } = request.body;
        const now = clock.now();
        const expiresAt = now.add({ hours: days * HOURS_A_DAY });
        const made = await db.transaction(async (tx) => {
          const madeBy = personBehind(principalOf(request));
          const token = await createApiToken(tx, { ...wanted, madeBy, now, expiresAt });
          await record(tx, {
            by: actorOf(request),
            action: 'token.create',
            subject: `token:${token.id}`,
            detail: { ...wanted, days },
          });
          return token;
        });
        return reply
          .code(201)
          .send({ ...made, ...wanted, createdAt: now.toString(), expiresAt: expiresAt.toString() });
      },
    );

    api.delete(
      '/tokens/:id',
      {
        schema: { summary: 'End an API token', tags, params: byId, response: { 204: z.undefined() } },
        config: { permission: 'access.manage' },
      },
      async (request, reply) => {
        await end('api-token', request.params.id, {}, request);
        return reply.code(204).send();
      },
    );
  };

  async function end(
    kind: 'session' | 'api-token',
    id: string,
    whoseOnly: { employeeId?: string },
    request: FastifyRequest,
  ): Promise<void> {
    const now: Temporal.Instant = clock.now();
    await db.transaction(async (tx) => {
      if ((await endOpen(tx, { kind, id, now, ...whoseOnly })) === undefined) throw notThere();
      const action = kind === 'session' ? 'session.end' : 'token.revoke';
      await record(tx, {
        by: actorOf(request),
        action,
        subject: `${kind === 'session' ? kind : 'token'}:${id}`,
      });
    });
  }
}

/** Whose credentials a query may touch: one's own, unless `all` is asked for and allowed. */
function whose(request: FastifyRequest, all: boolean): { employeeId?: string } {
  const { roles, employeeId } = principalOf(request);
  if (!all) return employeeId === null ? {} : { employeeId };
  if (permits(roles, 'access.manage')) return {};
  throw new AppError('auth.forbidden', 'this needs the permission access.manage');
}

const notThere = () => new AppError('http.not-found', 'nothing of that id works any more');

function sessionView(
  { id, name, way, createdAt, seenAt, expiresAt }: OpenCredential,
  own: string,
): SessionView {
  return {
    id,
    name,
    way,
    own: id === own,
    createdAt: createdAt.toString(),
    seenAt: seenAt?.toString() ?? null,
    expiresAt: expiresAt?.toString() ?? null,
  };
}

function tokenView({ id, name, roles, departmentCodes, createdAt, expiresAt }: OpenCredential): TokenView {
  return {
    id,
    name,
    roles,
    departmentCodes,
    createdAt: createdAt.toString(),
    expiresAt: expiresAt?.toString() ?? null,
  };
}
