import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import { type Permission, permits, reachOf, type Scope } from '../kernel/permissions.ts';
import { type Principal, principalOf } from './auth.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller must be permitted; an address of the API that names nothing serves administrators alone. */
    permission?: Permission;
  }
  interface FastifyRequest {
    /** How far the caller's permission reaches here; null until it is known. Read it with `scopeOf`. */
    reach: { scope: Scope; isRead: boolean } | null;
  }
}

/** The ids of the departments that are a caller's own, those below included. */
export type OwnDepartments = (db: Db, principal: Principal) => Promise<readonly string[]>;

/**
 * Lets in, before the body is read, who may what the route's `config` says: `{ config: { permission: 'tips.read' } }`.
 *
 * Whoever reaches only their own departments gets no answer from a handler that did not ask how far that is: what
 * `scopeOf` says must be part of its query.
 */
export function authorise(api: FastifyInstance, options: { db: Db; ownDepartments?: OwnDepartments }): void {
  api.addHook('preParsing', async (request) => {
    const principal = principalOf(request);
    const { permission } = request.routeOptions.config;
    if (request.is404) return;
    if (permission === undefined ? !principal.roles.includes('admin') : !permits(principal.roles, permission))
      throw new AppError(
        'auth.forbidden',
        `this needs the permission ${permission ?? 'of an administrator'}`,
      );
    const bounded =
      permission !== undefined && reachOf(principal.roles, permission) === 'own-departments'
        ? ((await options.ownDepartments?.(options.db, principal)) ?? [])
        : undefined;
    request.reach = { scope: bounded ?? 'everyone', isRead: bounded === undefined };
  });
  api.addHook('onSend', async (request, reply, payload) => {
    if (request.reach?.isRead === false && reply.statusCode < 400) {
      request.reach = null;
      request.log.error(
        { route: request.routeOptions.url },
        'a route did not keep to the scope of its caller',
      );
      throw new AppError('auth.forbidden', 'this address cannot tell your departments from the others');
    }
    return payload;
  });
}

/** Whose data the caller may get; part of every query about people and of every figure about them. */
export function scopeOf(request: FastifyRequest): Scope {
  if (request.reach === null) return [];
  request.reach.isRead = true;
  return request.reach.scope;
}
