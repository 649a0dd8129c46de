import { Writable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ApiRoutes } from '#src/http/api.ts';
import { createMetrics } from '#src/http/metrics.ts';
import { createServer, type ServerOptions } from '#src/http/server.ts';
import { createLog } from '#src/kernel/log.ts';
import { manualClock } from '#src/kernel/time.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

export const ADMIN_TOKEN = 'the-first-administrator';
export const asAdmin = { authorization: `Bearer ${ADMIN_TOKEN}` };
export const PUBLIC_URL = 'http://127.0.0.1:8787';

export interface TestApi {
  server: FastifyInstance;
  database: TestDatabase;
  clock: ReturnType<typeof manualClock>;
  /** Every line of the log so far. */
  log(): string;
  close(): Promise<void>;
}

/** A server on a database of its own, with these routes; `clock` is the wall clock. */
export async function testApi(
  options: Partial<ServerOptions> & { routes?: ApiRoutes[] } = {},
): Promise<TestApi> {
  const database = await testDatabase();
  const clock = manualClock('2026-03-02T01:00:00Z');
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const server = await createServer({
    log: createLog('info', sink),
    db: database.db,
    adminToken: ADMIN_TOKEN,
    publicUrl: PUBLIC_URL,
    version: '1.2.3',
    metrics: createMetrics(),
    checks: {},
    clock,
    ...options,
  });
  return {
    server,
    database,
    clock,
    log: () => lines.join(''),
    async close() {
      await server.close();
      await database.close();
    },
  };
}

/** An answer with nothing in it, for routes whose shape does not matter. */
export function described(tag = 'things') {
  return { summary: 'A thing', tags: [tag] };
}
