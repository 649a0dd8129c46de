import { serveWeb } from '#src/app/web.ts';
import { silentLog } from '#src/kernel/log.ts';
import type { TestApp } from './app.ts';

export const ADMIN_TOKEN = 'test-admin-token';

export interface TestServer {
  url: string;
  /** Calls the API as the first administrator. */
  api(method: string, path: string, body?: unknown): Promise<Response>;
  close(): Promise<void>;
}

/** The application's own HTTP server on a free port: pages, API and channels. */
export async function testServer({ app, database, config }: TestApp): Promise<TestServer> {
  const publicUrl = 'http://127.0.0.1';
  const server = await serveWeb({
    app,
    database,
    config: { ...config, publicUrl },
    secrets: { adminToken: ADMIN_TOKEN },
    log: silentLog,
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    api: (method, path, body) =>
      fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close: () => server.close(),
  };
}
