import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault, RouteOptions } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Temporal } from '../kernel/time.ts';
import { idempotencyHeaders, isWrite } from './idempotency.ts';
import { PROBLEM_TYPE, problemSchema } from './problems.ts';

/** Fastify whose schemas are zod's: what a handler reads and answers has the types of its schema. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/**
 * What a feature adds to `/api/v1`. Paths are relative to it; a colon that is meant as one is written twice.
 * Files come as bodies of their own type, by a parser in a scope of its own (`test/http/openapi.test.ts` shows it):
 * the parts of a form would stay outside of what an idempotency key covers.
 *
 * @example
 * export const tipRoutes = (deps: { db: Db }): ApiRoutes => (api) => {
 *   api.get('/tips', { schema: { summary: 'The library', tags: ['tips'], querystring: pageQuery,
 *     response: { 200: pageOf(tipShape) } } }, async ({ query }) => listTips(deps.db, query));
 * };
 */
export type ApiRoutes = (api: Api) => void;

/** An instant in a request: `2026-03-02T09:00:00+08:00` or with Z. Answers give `instant.toString()`. */
export const instantInput = z.iso.datetime({ offset: true }).transform((text) => Temporal.Instant.from(text));

const problemAnswer = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: problemSchema } },
});

/**
 * Adds to the description of each route what all have in common: the answers to a refused request, and the key of a
 * write. A route that does not describe itself ends the start.
 */
export function completeDescriptions(api: FastifyInstance): void {
  api.addHook('onRoute', (route) => {
    const schema = route.schema;
    if (schema === undefined || !isComplete(schema)) {
      throw new Error(
        `${String(route.method)} ${route.url} needs a summary, a tag and the shape of its answer`,
      );
    }
    route.schema = {
      ...schema,
      response: {
        401: problemAnswer('Nobody in particular asks'),
        '4xx': problemAnswer('The request was refused'),
        ...(schema.response as Record<string, unknown>),
      },
      ...(methodsOf(route).some(isWrite) ? { headers: idempotencyHeaders } : {}),
    };
  });
}

function isComplete(schema: NonNullable<RouteOptions['schema']>): boolean {
  return Boolean(schema.summary) && (schema.tags ?? []).length > 0 && schema.response !== undefined;
}

function methodsOf(route: RouteOptions): readonly string[] {
  return [route.method].flat();
}
