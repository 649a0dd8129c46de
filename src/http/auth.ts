import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import type { Role } from '../kernel/permissions.ts';
import type { Clock } from '../kernel/time.ts';
import { findCredential } from './credentials.ts';
import { isFromOurPage } from './csrf.ts';
import { giveCookie, SESSION_COOKIE } from './session-cookie.ts';
import { findSession } from './sessions.ts';

/** Who calls the API. */
export interface Principal {
  kind: 'token' | 'session';
  /** `bootstrap` for the first administrator's token, else the id of the credential. */
  id: string;
  name: string;
  roles: readonly Role[];
  /** Behind a session that the bot or a platform opened; null for tokens and for links made on the server. */
  employeeId: string | null;
  /** The employee who made the token; null for sessions, and for tokens that were made on the server. */
  madeBy: string | null;
  /** Codes of the departments to which a token is bound; a session's follow from its employee. */
  departmentCodes: readonly string[];
}

/** The employee behind a session, as they are now: they may have lost a role, or left, since they signed in. */
export type HolderOf = (
  db: Db,
  employeeId: string,
) => Promise<{ name: string; roles: readonly Role[] } | undefined>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Null outside of `/api/v1`; there, `principalOf` gives it. */
    principal: Principal | null;
  }
}

const NOBODY = { employeeId: null, madeBy: null, departmentCodes: [] };

export interface AuthOptions {
  db: Db;
  clock: Clock;
  adminToken: string;
  publicUrl: string;
  failedTokensPerMinute: number;
  holderOf?: HolderOf;
}

/** Everything in this scope, also an address that does not exist, needs a bearer token or a console session. */
export function requirePrincipal(api: FastifyInstance, options: AuthOptions): void {
  const identify = identifier(api, options);
  // First who it is, so that the rate limit can tell callers apart; then, before the body is read, whether they may.
  api.addHook('onRequest', async (request, reply) => {
    request.principal = await identify(request, reply);
  });
  api.addHook('preParsing', async (request) => {
    const { kind } = principalOf(request);
    if (kind === 'session' && !isFromOurPage(request, options.publicUrl)) {
      throw new AppError('auth.cross-site', 'send the header x-cuhuo-csrf with every write');
    }
  });
}

/** Who calls. Throws AppError `auth.required` when nobody in particular does. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) {
    throw new AppError(
      'auth.required',
      'send a valid token as "authorization: Bearer …", or sign in to the console',
    );
  }
  return request.principal;
}

/** Who the audit names: the employee behind a session, else the token, or the session that a link of the server opened. */
export type Actor = { kind: 'employee' | 'token'; id: string };

export function actorBehind({ id, employeeId }: Pick<Principal, 'id' | 'employeeId'>): Actor {
  return employeeId === null ? { kind: 'token', id } : { kind: 'employee', id: employeeId };
}

/** Who the audit names for what this request does. */
export const actorOf = (request: FastifyRequest): Actor => actorBehind(principalOf(request));

/**
 * Whose pair of eyes it is: whoever is signed in, or made the token that calls. Who asks with a token of their own is
 * no second person when they sign in. Null where nobody is known.
 */
export const personBehind = ({ employeeId, madeBy }: Pick<Principal, 'employeeId' | 'madeBy'>) =>
  employeeId ?? madeBy;

/** A hook for what needs a role beyond the permission of the route: `{ preHandler: requires('hr') }`. */
export function requires(role: Role): preHandlerAsyncHookHandler {
  return async (request) => {
    const { roles } = principalOf(request);
    if (roles.includes(role) || roles.includes('admin')) return;
    throw new AppError('auth.forbidden', `this needs the role ${role}`);
  };
}

function identifier(api: FastifyInstance, options: AuthOptions) {
  const { db, clock, adminToken } = options;
  // Wrong tokens of one address; when there are too many, tokens from there are not even looked at for a minute.
  const failures = api.createRateLimit({ max: options.failedTokensPerMinute, timeWindow: 60_000 });

  async function byToken(request: FastifyRequest, secret: string): Promise<Principal | null> {
    const before = await failures(request, { increment: false });
    if (!before.isAllowed && before.remaining === 0) {
      throw new AppError(
        'http.too-many-requests',
        'too many wrong tokens came from this address; wait a minute',
      );
    }
    if (isSame(secret, adminToken)) {
      return { kind: 'token', id: 'bootstrap', name: 'administrator', roles: ['admin'], ...NOBODY };
    }
    const found = await findCredential(db, { kind: 'api-token', secret, now: clock.now() });
    if (found !== undefined) return { kind: 'token', ...found };
    await failures(request);
    return null;
  }

  async function bySession(secret: string, reply: FastifyReply): Promise<Principal | null> {
    const found = await findSession(db, secret, clock.now());
    if (found === undefined) return null;
    if (found.renewed !== undefined) void giveCookie(reply, found.renewed, options.publicUrl);
    const { id, name, roles, employeeId, departmentCodes } = found;
    const session = { kind: 'session', id, name, roles, employeeId, madeBy: null, departmentCodes } as const;
    if (employeeId === null) return session;
    const holder = await options.holderOf?.(db, employeeId);
    return holder === undefined ? null : { ...session, name: holder.name, roles: holder.roles };
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<Principal | null> => {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) return byToken(request, token);
    const cookie = request.cookies[SESSION_COOKIE];
    return cookie === undefined ? null : bySession(cookie, reply);
  };
}

/** Takes the same time wherever the two differ, and whatever their lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
