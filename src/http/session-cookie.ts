import type { FastifyReply } from 'fastify';
import { SESSION_HOURS } from './credentials.ts';

export const SESSION_COOKIE = 'cuhuo_session';

/** Hands a session's secret to the browser: no script reads it, no other site sends it. */
export function giveCookie(reply: FastifyReply, secret: string, publicUrl: string): FastifyReply {
  return reply.setCookie(SESSION_COOKIE, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl.startsWith('https:'),
    maxAge: SESSION_HOURS * 3600,
  });
}
