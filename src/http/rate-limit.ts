import fastifyRateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface Limits {
  /** Requests a minute from one address (IPv6: one /64) that no token or session comes with. */
  anonymousPerMinute: number;
  /** Requests a minute with one token or session. */
  principalPerMinute: number;
  /** Wrong tokens a minute from one address. */
  failedTokensPerMinute: number;
}

export const defaultLimits: Limits = {
  anonymousPerMinute: 600,
  principalPerMinute: 60_000,
  failedTokensPerMinute: 20,
};

/** Platforms retry what we refuse, and the sandbox polls: these have their own ways to stay small. */
const UNLIMITED = ['/webhooks/', '/sandbox/api/'];

/** Counts requests in this process alone: two processes allow twice as much. */
export async function limitRate(server: FastifyInstance, limits: Limits): Promise<void> {
  await server.register(fastifyRateLimit, {
    timeWindow: 60_000,
    max: ({ principal }: FastifyRequest) =>
      principal === null ? limits.anonymousPerMinute : limits.principalPerMinute,
    keyGenerator: (request) => request.principal?.id ?? fastifyRateLimit.normalizeIP(request.ip),
    allowList: (request) => UNLIMITED.some((prefix) => request.url.startsWith(prefix)),
  });
}
