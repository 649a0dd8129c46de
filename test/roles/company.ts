import type { FastifyInstance } from 'fastify';
import { serveWeb } from '#src/app/web.ts';
import { createApiToken } from '#src/http/credentials.ts';
import { silentLog } from '#src/kernel/log.ts';
import { type Role, roles } from '#src/kernel/permissions.ts';
import { systemClock } from '#src/kernel/time.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

export interface Company extends SmallApp {
  server: FastifyInstance;
  /** A request with the token of this role; the liaison's is for RD. */
  asks(role: Role | 'anonymous', method: string, url: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  code: string | undefined;
  text: string;
}

/** The whole server over a small company in which each role has a token. */
export async function company(content: Parameters<typeof smallApp>[0]): Promise<Company> {
  const it = await smallApp(content);
  const server = await serveWeb({
    app: it.app,
    database: it.database,
    config: { ...it.config, publicUrl: 'http://127.0.0.1' },
    secrets: { adminToken: 'bootstrap' },
    log: silentLog,
  });
  const secrets = new Map<string, string>();
  for (const role of roles) {
    const departmentCodes = role === 'liaison' ? ['RD'] : [];
    const token = { name: role, now: systemClock.now(), roles: [role], departmentCodes };
    secrets.set(role, (await createApiToken(it.database.db, token)).secret);
  }
  return {
    ...it,
    server,
    async asks(role, method, url, body) {
      const response = await server.inject({
        method: method as 'GET',
        url,
        headers: {
          ...(role === 'anonymous' ? {} : { authorization: `Bearer ${secrets.get(role)}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      const isProblem = String(response.headers['content-type']).includes('problem+json');
      return {
        status: response.statusCode,
        code: isProblem ? response.json().code : undefined,
        text: response.body,
      };
    },
    async close() {
      await server.close();
      await it.close();
    },
  };
}
