import { sql } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { recordAudit } from '../features/audit/index.ts';
import { serveLinks } from '../features/links/links.routes.ts';
import { accessRoutes } from '../http/access.routes.ts';
import type { ApiRoutes } from '../http/api.ts';
import { actorBehind } from '../http/auth.ts';
import { clockRoutes } from '../http/clock.routes.ts';
import type { HealthCheck } from '../http/health.ts';
import { createServer } from '../http/server.ts';
import type { Database } from '../kernel/db.ts';
import type { Log } from '../kernel/log.ts';
import type { Secrets } from '../kernel/secrets.ts';
import { systemClock } from '../kernel/time.ts';
import { VERSION } from '../kernel/version.ts';
import { QUEUE_PAGES, queuePages } from '../scheduler/index.ts';
import { queueRoutes } from '../scheduler/queue.routes.ts';
import { serveConsole } from './console-page.ts';
import { peopleBehindSessions } from './people-in.ts';
import { signInWays } from './sign-in-ways/index.ts';

interface WebOptions {
  app: App;
  config: Pick<Config, 'role' | 'clock' | 'sandbox' | 'publicUrl' | 'behaviour'> &
    Partial<Pick<Config, 'platforms'>>;
  database: Database;
  secrets: Pick<Secrets, 'adminToken'>;
  log: Log;
  /** False until everything that a start does is done; ready from the beginning unless given. */
  isStarted?: () => boolean;
}

/** The HTTP side of a process, not listening yet: health for every role; API, channels and pages unless it only works. */
export async function serveWeb({
  app,
  config,
  database,
  secrets,
  log,
  isStarted = () => true,
}: WebOptions): Promise<FastifyInstance> {
  const people = peopleBehindSessions({ clock: app.clock, zone: config.behaviour.zone });
  const server = await createServer({
    log,
    db: database.db,
    adminToken: secrets.adminToken,
    publicUrl: config.publicUrl,
    version: VERSION,
    metrics: app.metrics,
    checks: {
      start: async () => (isStarted() ? { ok: true } : { ok: false, reason: 'still starting' }),
      ...readinessChecks(app, database),
    },
    routes:
      config.role === 'worker'
        ? []
        : [
            ...routesOf(app, config, database),
            queueRoutes(app.queue),
            accessRoutes({ db: database.db, clock: systemClock, ...people }),
          ],
    problems: app.problems,
    guardedPages:
      config.role === 'worker' ? [] : [{ prefix: QUEUE_PAGES, pages: queuePages(app.queue.inside) }],
    ...people,
    signInWays: signInWays(config.platforms ?? {}),
  });
  if (config.role === 'worker') return server;
  for (const adapter of app.adapters) {
    await adapter.listen?.(server, async (event) => (await app.router.route(event)).answer);
  }
  serveLinks(server, { db: database.db, clock: app.clock });
  for (const serve of app.pages) serve(server);
  await serveConsole(server);
  server.get('/', { config: { rateLimit: false } }, async (_request, reply) =>
    reply.redirect(config.sandbox ? '/sandbox' : '/console', 302),
  );
  return server;
}

function routesOf(app: App, config: WebOptions['config'], { db }: Database): ApiRoutes[] {
  const clock = clockRoutes({
    mode: config.clock,
    now: () => app.clock.now(),
    async advance(to, by) {
      await app.advance(to);
      await recordAudit(db, {
        at: app.clock.now(),
        actor: actorBehind(by),
        action: 'clock.set',
        subject: to.toString(),
      });
    },
  });
  return [clock, ...app.routes];
}

/** The database, the queue, and every channel by its name, beside the start itself. */
function readinessChecks(app: App, { db }: Database): Record<string, HealthCheck> {
  const checks: Record<string, HealthCheck> = {
    async database() {
      await db.execute(sql`select 1`);
      return { ok: true };
    },
    async queue() {
      await app.queue.ready();
      return { ok: true };
    },
  };
  for (const adapter of app.adapters) {
    checks[adapter.channel] = async () => {
      const reason = await adapter.readiness();
      return reason === undefined ? { ok: true } : { ok: false, reason };
    };
  }
  return checks;
}
