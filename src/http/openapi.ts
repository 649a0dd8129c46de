import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { SESSION_COOKIE } from './session-cookie.ts';

/**
 * `/api/openapi.json`, written from the zod schemas of the routes, and `/api/docs`, which shows it with files of our
 * own. Must be registered before the routes it describes.
 */
export async function describeApi(
  server: FastifyInstance,
  about: { version: string; publicUrl: string },
): Promise<void> {
  await server.register(fastifySwagger, {
    hideUntagged: true,
    transform,
    transformObject: jsonSchemaTransformObject,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cuhuo 促活',
        version: about.version,
        description: 'Errors are problem documents (RFC 9457). Lists give `nextCursor`; pass it as `cursor`.',
      },
      servers: [{ url: about.publicUrl }],
      security: [{ bearer: [] }, { session: [] }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'CUHUO_ADMIN_TOKEN, or a token of `cuhuo token`',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: SESSION_COOKIE,
            description: 'Writes also need x-cuhuo-csrf',
          },
        },
      },
    },
  });
  server.get('/api/openapi.json', { schema: { hide: true } }, async () => server.swagger());
  await server.register(fastifySwaggerUi, { routePrefix: '/api/docs', theme: { title: 'Cuhuo API' } });
}

type Transform = typeof jsonSchemaTransform;

/** As the type provider does it, also for a body that may come in several content types. */
const transform: Transform = (route) => {
  const content = contentOf(route.schema?.body);
  if (content === undefined) return jsonSchemaTransform(route);
  const bodyOf = (body: unknown) => jsonSchemaTransform({ ...route, schema: { body } }).schema['body'];
  const bodies = Object.entries(content).map(([type, { schema }]) => [type, { schema: bodyOf(schema) }]);
  const { body: _several, ...rest } = route.schema as FastifySchema;
  const { schema, url } = jsonSchemaTransform({ ...route, schema: rest });
  return { schema: { ...schema, body: { content: Object.fromEntries(bodies) } }, url };
};

function contentOf(body: unknown): Record<string, { schema: unknown }> | undefined {
  const isObject = typeof body === 'object' && body !== null;
  return isObject && 'content' in body ? (body.content as Record<string, { schema: unknown }>) : undefined;
}
