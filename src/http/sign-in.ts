import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/time.ts';
import { SESSION_COOKIE } from './auth.ts';
import { openSession, SESSION_HOURS } from './credentials.ts';

const SPENT_PAGE = `<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>促活 Cuhuo</title>
<h1>登录链接已失效</h1><p>链接只能使用一次，15 分钟内有效。请在服务器上生成新链接。</p>
<p lang="en">This sign-in link was used or is older than 15 minutes. Make a new one on the server.</p></html>
`;

/** `/console/sign-in?token=…`: the link that opens the console once. */
export function serveSignIn(
  server: FastifyInstance,
  { db, clock, publicUrl }: { db: Db; clock: Clock; publicUrl: string },
): void {
  const query = z.object({ token: z.string().min(1).max(200) });
  const cookie = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl.startsWith('https:'),
    maxAge: SESSION_HOURS * 3600,
  } as const;
  const schema = { hide: true, querystring: query };
  // No HEAD: whoever looks whether the link works would use it up.
  server.get('/console/sign-in', { exposeHeadRoute: false, schema }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const session = await openSession(db, query.parse(request.query).token, clock.now());
    if (session !== undefined)
      return reply.setCookie(SESSION_COOKIE, session, cookie).redirect('/console', 303);
    if (!request.headers.accept?.includes('text/html')) {
      throw new AppError('auth.link-spent', 'it works once, within 15 minutes');
    }
    return reply.code(401).type('text/html; charset=utf-8').send(SPENT_PAGE);
  });
}
