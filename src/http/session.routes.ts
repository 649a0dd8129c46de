import { z } from 'zod';
import type { Db } from '../kernel/db.ts';
import type { Clock } from '../kernel/time.ts';
import type { ApiRoutes } from './api.ts';
import { principalOf } from './auth.ts';
import { endCredential } from './credentials.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

const principalShape = z.object({
  kind: z.enum(['token', 'session']),
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
});

/** Who is signed in, and signing out. */
export function sessionRoutes({ db, clock }: { db: Db; clock: Clock }): ApiRoutes {
  return (api) => {
    api.get(
      '/session',
      {
        config: { permission: 'session.read' },
        schema: { summary: 'Who asks', tags: ['session'], response: { 200: principalShape } },
      },
      async (request) => {
        const { kind, id, name, roles } = principalOf(request);
        return { kind, id, name, roles: [...roles] };
      },
    );

    api.delete(
      '/session',
      {
        config: { permission: 'session.read' },
        schema: { summary: 'Sign out of the console', tags: ['session'], response: { 204: z.undefined() } },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        if (principal.kind === 'session') await endCredential(db, principal.id, clock.now());
        return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send();
      },
    );
  };
}
