import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sandboxError } from './sandbox.errors.ts';

/** Where `vite build` puts the page: beside the compiled server, or in `dist` when we run from source. */
const BUILT = ['../sandbox-page/', '../../dist/sandbox-page/'];

function builtPage(): string {
  const folders = BUILT.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return folders.find((folder) => existsSync(join(folder, 'index.html'))) ?? folders[0] ?? '';
}

/** Serves the built page; without a build, one sentence says what to do. */
export async function pageRoutes(routes: FastifyInstance, pageRoot = builtPage()): Promise<void> {
  const assets = join(pageRoot, 'assets');
  if (existsSync(assets)) {
    await routes.register(fastifyStatic, {
      root: assets,
      prefix: '/assets/',
      decorateReply: false,
      immutable: true,
      maxAge: '365d',
      schemaHide: true,
    });
  }
  const index = async (): Promise<Buffer> => {
    try {
      return await readFile(join(pageRoot, 'index.html'));
    } catch {
      throw sandboxError('sandbox.page-missing');
    }
  };
  routes.get('/', { schema: { hide: true } }, async (_request, reply) => {
    const page = await index();
    return await reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
  });
}
