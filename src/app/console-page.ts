import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { packagePath } from '../kernel/package-path.ts';

const BUILT_PAGE = 'dist/console';

/** The console's built page under `/console`; every path of it answers with the page, which then shows the right view. */
export async function serveConsole(server: FastifyInstance): Promise<void> {
  const root = packagePath(BUILT_PAGE);
  await server.register(async (pages) => {
    if (!existsSync(root)) {
      pages.get('/console', { config: { rateLimit: false } }, async (_request, reply) =>
        reply.code(503).type('text/plain; charset=utf-8').send('The console is not built yet: npm run build'),
      );
      return;
    }
    await pages.register(fastifyStatic, { root, prefix: '/console/', wildcard: false, index: false });
    for (const path of ['/console', '/console/', '/console/*']) {
      pages.get(path, { config: { rateLimit: false } }, (_request, reply) => reply.sendFile('index.html'));
    }
  });
}
