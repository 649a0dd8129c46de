import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { messageOf } from '../kernel/errors.ts';

export type HealthResult = { ok: true } | { ok: false; reason: string };

/** Asks one thing that we need whether it works. A rejection counts as a no. */
export type HealthCheck = () => Promise<HealthResult>;

export interface Readiness {
  status: 'ready' | 'not-ready';
  checks: Record<string, HealthResult>;
}

/** `/healthz`: the process is alive. `/readyz`: everything it needs works, or a reason for each that does not. */
export function serveHealth(
  server: FastifyInstance,
  { checks, timeoutMs = 2000 }: { checks: Readonly<Record<string, HealthCheck>>; timeoutMs?: number },
): void {
  // Requests that come while the checks run share their result: a flood of them asks the database once.
  let running: Promise<Readiness> | undefined;
  const ready = () => {
    running ??= readiness(checks, timeoutMs).finally(() => {
      running = undefined;
    });
    return running;
  };
  const unlimited = { config: { rateLimit: false as const } };
  server.get('/healthz', unlimited, async () => ({ status: 'ok' }));
  server.get('/readyz', unlimited, async (_request, reply) => {
    const result = await ready();
    return reply.code(result.status === 'ready' ? 200 : 503).send(result);
  });
}

/** Asks all at once; each gets `timeoutMs` milliseconds. */
export async function readiness(
  checks: Readonly<Record<string, HealthCheck>>,
  timeoutMs: number,
): Promise<Readiness> {
  const names = Object.keys(checks);
  const results = await Promise.all(Object.values(checks).map((check) => bounded(check, timeoutMs)));
  return {
    status: results.every(({ ok }) => ok) ? 'ready' : 'not-ready',
    checks: Object.fromEntries(results.map((result, index) => [names[index] ?? '', result])),
  };
}

async function bounded(check: HealthCheck, timeoutMs: number): Promise<HealthResult> {
  const late: HealthResult = { ok: false, reason: `no answer in ${timeoutMs} ms` };
  const stop = new AbortController();
  const timeout = sleep(timeoutMs, late, { signal: stop.signal }).catch(() => late);
  try {
    return await Promise.race([check(), timeout]);
  } catch (error) {
    return { ok: false, reason: withoutCredentials(messageOf(error)) };
  } finally {
    stop.abort();
  }
}

/** Anybody may read `/readyz`, and drivers like to repeat the address they could not reach. */
function withoutCredentials(reason: string): string {
  return (reason.split('\n', 1)[0] ?? '').replace(/\/\/[^/@\s]*@/g, '//').slice(0, 200);
}
