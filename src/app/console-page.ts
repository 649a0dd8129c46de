import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { packagePath } from '../kernel/package-path.ts';

const BUILT_PAGE = 'dist/console';

/**
 * The console's built page under `/console`; every path of it answers with the page, which then shows the right view.
 * Its assets carry a hash in their names and stay in the browser for a year; the page itself is asked for each time.
 */
export async function serveConsole(server: FastifyInstance): Promise<void> {
  const root = packagePath(BUILT_PAGE);
  await server.register(async (pages) => {
    const config = { rateLimit: false };
    if (!existsSync(root)) {
      pages.get('/console', { config }, async (_request, reply) =>
        reply.code(503).type('text/plain; charset=utf-8').send('The console is not built yet: npm run build'),
      );
      return;
    }
    await pages.register(fastifyStatic, {
      root: join(root, 'assets'),
      prefix: '/console/assets/',
      index: false,
      immutable: true,
      maxAge: '365d',
      preCompressed: true,
    });
    for (const path of ['/console', '/console/', '/console/*']) {
      pages.get(path, { config }, (_request, reply) =>
        reply.sendFile('index.html', root, { immutable: false, maxAge: 0 }),
      );
    }
  });
}
