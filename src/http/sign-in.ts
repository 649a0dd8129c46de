import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/time.ts';
import { actorBehind } from './auth.ts';
import { type OpenedSession, openSession, wasLink } from './credentials.ts';
import { isFromOurPage } from './csrf.ts';
import type { RecordAccess } from './records.ts';
import { giveCookie } from './session-cookie.ts';

const SPENT_PAGE = `<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>促活 Cuhuo</title>
<h1>登录链接已失效</h1><p>链接只能使用一次，15 分钟内有效。请在服务器上生成新链接，或对机器人说“控制台”。</p>
<p lang="en">This sign-in link was used or is older than 15 minutes. Make a new one on the server, or say “console” to the bot.</p></html>
`;

export interface SignInDeps {
  db: Db;
  clock: Clock;
  publicUrl: string;
  record: RecordAccess;
}

/** Wrong sign-ins of one address within ten minutes, after which nothing from there is looked at for as long. */
export const FAILURES_BEFORE_LOCK = 10;
const LOCK_MS = 10 * 60_000;

export type Lock = ReturnType<typeof signInLock>;

/** Counts the failures of an address and shuts it out when there are too many. */
export function signInLock(server: FastifyInstance) {
  const failures = server.createRateLimit({ max: FAILURES_BEFORE_LOCK, timeWindow: LOCK_MS });
  return {
    /** Throws AppError `http.too-many-requests` while the address is shut out. */
    async check(request: FastifyRequest): Promise<void> {
      const before = await failures(request, { increment: false });
      if (!before.isAllowed && before.remaining === 0)
        throw new AppError(
          'http.too-many-requests',
          'too many wrong sign-ins came from this address; wait ten minutes',
        );
    },
    async failed(request: FastifyRequest): Promise<void> {
      await failures(request);
    },
  };
}

/** `/console/sign-in`: the links that open the console once. */
export function serveSignIn(
  server: FastifyInstance,
  lock: Lock,
  { db, clock, publicUrl, record }: SignInDeps,
): void {
  const token = z.object({ token: z.string().min(1).max(200) });

  async function open(request: FastifyRequest, secret: string): Promise<OpenedSession | undefined> {
    await lock.check(request);
    const session = await openSession(db, secret, clock.now());
    if (session !== undefined) await record(db, openedBy(session));
    // A link that was used before was somebody's; only who guesses is counted.
    else if (!(await wasLink(db, secret))) await lock.failed(request);
    return session;
  }

  // No HEAD: whoever looks whether the link works would use it up.
  server.get(
    '/console/sign-in',
    { exposeHeadRoute: false, schema: { hide: true, querystring: token } },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const session = await open(request, token.parse(request.query).token);
      if (session !== undefined)
        return giveCookie(reply, session.secret, publicUrl).redirect('/console', 303);
      if (!request.headers.accept?.includes('text/html')) throw spent();
      return reply.code(401).type('text/html; charset=utf-8').send(SPENT_PAGE);
    },
  );

  // What stood behind the # of a link from chat; the page sends it after a tap.
  server.post(
    '/console/sign-in',
    { schema: { hide: true, body: token } },
    async (request, reply): Promise<FastifyReply> => {
      void reply.header('cache-control', 'no-store');
      // Another site must not sign somebody in as somebody else.
      if (!isFromOurPage(request, publicUrl))
        throw new AppError('auth.cross-site', 'send the header x-cuhuo-csrf');
      const session = await open(request, token.parse(request.body).token);
      if (session === undefined) throw spent();
      return giveCookie(reply, session.secret, publicUrl).code(204).send();
    },
  );
}

const spent = () => new AppError('auth.link-spent', 'it works once, within 15 minutes');

/** The line of the audit about a session that has begun. */
export function openedBy({ id, employeeId, way }: OpenedSession) {
  return {
    by: actorBehind({ id, employeeId }),
    action: 'session.open',
    subject: `session:${id}`,
    detail: { way },
  };
}
