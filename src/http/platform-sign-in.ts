import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Db } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import { permits } from '../kernel/permissions.ts';
import type { HolderOf } from './auth.ts';
import { startSession } from './credentials.ts';
import { giveCookie } from './session-cookie.ts';
import { type Lock, openedBy, type SignInDeps } from './sign-in.ts';

/** One platform that can vouch for people. */
export interface SignInWay {
  name: 'feishu' | 'wecom' | 'dingtalk';
  /** Where the browser goes to be recognised. `challenge` is PKCE's S256; `inClient`: the platform's own browser asks. */
  address(asked: { state: string; challenge: string; redirectUri: string; inClient: boolean }): string;
  /** The platform's id of whoever came back with this code; undefined for people outside of the company. */
  identify(back: { code: string; verifier: string; redirectUri: string }): Promise<string | undefined>;
  /** How the user agent of the platform's own browser names itself. */
  client: RegExp;
}

/** The employee who has this id on this channel. */
export type EmployeeBehind = (
  db: Db,
  channel: SignInWay['name'],
  platformId: string,
) => Promise<string | undefined>;

export interface PlatformSignInDeps extends SignInDeps {
  ways: readonly SignInWay[];
  holderOf: HolderOf;
  employeeBehind: EmployeeBehind;
  log: { warn: (fields: object, message: string) => void };
}

const ROOT = '/console/sign-in';
const COOKIE = 'cuhuo_sign_in';
const WITHIN_SECONDS = 600;

/** Why somebody did not get in; the page `/console/enter` has a sentence for each. */
type Refused = 'unknown-person' | 'no-role' | 'cancelled' | 'expired' | 'platform-failed';

/**
 * `/console/sign-in/feishu` and the like: OAuth with a state that is bound to the browser, and PKCE where the platform
 * looks at it. Only people whom the directory knows and who have a role get in.
 */
export function servePlatformSignIn(server: FastifyInstance, lock: Lock, deps: PlatformSignInDeps): void {
  const byName = new Map(deps.ways.map((way) => [way.name as string, way]));
  const callback = (way: SignInWay) => `${deps.publicUrl}${ROOT}/${way.name}/back`;
  const secure = deps.publicUrl.startsWith('https:');

  server.get(`${ROOT}/ways`, { schema: { hide: true } }, async () => ({ ways: [...byName.keys()] }));

  for (const way of deps.ways) {
    server.get(
      `${ROOT}/${way.name}`,
      { exposeHeadRoute: false, schema: { hide: true } },
      async (request, reply) => {
        await lock.check(request);
        // Letters and digits only: WeCom takes no others.
        const state = randomBytes(24).toString('hex');
        const verifier = randomBytes(48).toString('base64url');
        const challenge = createHash('sha256').update(verifier).digest('base64url');
        const inClient = way.client.test(request.headers['user-agent'] ?? '');
        // Lax: the browser comes back from another site, and must bring it along.
        void reply.setCookie(COOKIE, `${way.name}.${state}.${verifier}`, {
          path: ROOT,
          httpOnly: true,
          sameSite: 'lax',
          secure,
          maxAge: WITHIN_SECONDS,
        });
        void reply.header('cache-control', 'no-store');
        return reply.redirect(way.address({ state, challenge, redirectUri: callback(way), inClient }), 303);
      },
    );

    server.get(
      `${ROOT}/${way.name}/back`,
      { exposeHeadRoute: false, schema: { hide: true, querystring: backQuery } },
      async (request, reply) => {
        await lock.check(request);
        void reply.header('cache-control', 'no-store').clearCookie(COOKIE, { path: ROOT });
        const outcome = await comeBack(way, request, callback(way), deps);
        if (typeof outcome !== 'string')
          return giveCookie(reply, outcome.secret, deps.publicUrl).redirect('/console', 303);
        await lock.failed(request);
        return turnedAway(reply, outcome);
      },
    );
  }
}

const word = z.string().max(2_000).optional();
/** DingTalk says `authCode`, the others `code`. */
const backQuery = z.object({ code: word, authCode: word, state: word, error: word });

function turnedAway(reply: FastifyReply, why: Refused): FastifyReply {
  return reply.redirect(`/console/enter?problem=${why}`, 303);
}

async function comeBack(
  way: SignInWay,
  request: FastifyRequest,
  redirectUri: string,
  deps: PlatformSignInDeps,
) {
  const { code, authCode, state, error } = backQuery.parse(request.query);
  const [name, expected, verifier] = (request.cookies[COOKIE] ?? '').split('.');
  if (name !== way.name || expected === undefined || verifier === undefined || !isSame(state ?? '', expected))
    return 'expired' satisfies Refused;
  const given = authCode ?? code;
  if (error !== undefined || given === undefined) return 'cancelled' satisfies Refused;
  try {
    const platformId = await way.identify({ code: given, verifier, redirectUri });
    if (platformId === undefined) return 'unknown-person' satisfies Refused;
    return await letIn(way, platformId, deps);
  } catch (failure) {
    deps.log.warn({ way: way.name, reason: messageOf(failure) }, 'a platform did not say who signs in');
    return 'platform-failed' satisfies Refused;
  }
}

async function letIn(
  way: SignInWay,
  platformId: string,
  { db, clock, holderOf, employeeBehind, record }: PlatformSignInDeps,
) {
  const employeeId = await employeeBehind(db, way.name, platformId);
  if (employeeId === undefined) return 'unknown-person' satisfies Refused;
  const holder = await holderOf(db, employeeId);
  if (holder === undefined || !permits(holder.roles, 'console.use')) return 'no-role' satisfies Refused;
  return db.transaction(async (tx) => {
    const session = await startSession(tx, {
      name: holder.name,
      employeeId,
      way: way.name,
      now: clock.now(),
    });
    await record(tx, openedBy(session));
    return session;
  });
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
