import type { FastifyInstance } from 'fastify';
import { apiProblems, apiRoutes } from '#src/app/routes.ts';
import { createMetrics } from '#src/http/metrics.ts';
import { createServer } from '#src/http/server.ts';
import { silentLog } from '#src/kernel/log.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { type TestApp, testApp } from '../support/app.ts';

const ADMIN_TOKEN = 'the-first-administrator';
export const asAdmin = { authorization: `Bearer ${ADMIN_TOKEN}` };

/** A Friday, before anybody has got a tip. */
export const FIRST_DAY = '2026-09-18';

/** Some days of a company of 300 take their time on a busy machine. */
export const SLOW_MS = 120_000;

export interface Answer {
  status: number;
  body: any; // oxlint-disable-line typescript/no-explicit-any
}

export interface Rest extends TestApp {
  server: FastifyInstance;
  /** How often the routes asked for new schedules. */
  refreshed(): number;
  get(path: string): Promise<Answer>;
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, payload?: unknown, type?: string): Promise<Answer>;
  /** Every item of a list, page by page; `between` runs before each page but the first. */
  all(
    path: string,
    options?: { limit?: number; between?: (page: number) => Promise<unknown> },
  ): Promise<unknown[]>;
  /** The lines that this work adds to the audit, as `<action> <subject>`. */
  audited(work: () => Promise<unknown>): Promise<string[]>;
}

/** The application with the sample company, and the REST API over it. */
export async function rest(): Promise<Rest> {
  const it = await testApp({ startAt: `${FIRST_DAY}T00:00:00Z`, content: 'config/content/office-suite' });
  const { db } = it.database;
  let refreshed = 0;
  const server = await createServer({
    log: silentLog,
    db,
    adminToken: ADMIN_TOKEN,
    publicUrl: 'http://127.0.0.1:8787',
    version: '1.2.3',
    metrics: createMetrics(),
    checks: {},
    routes: apiRoutes({
      db,
      clock: it.app.clock,
      calendar: workdayCalendar(),
      zone: 'Asia/Shanghai',
      adapters: it.app.adapters,
      company: { zone: 'Asia/Shanghai', quiet: [{ from: '20:30', to: '08:00' }] },
      nudge: it.app.relay.nudge,
      async refreshSchedules() {
        refreshed += 1;
        await it.app.refreshSchedules();
      },
    }),
    problems: apiProblems,
  });

  async function get(path: string): Promise<Answer> {
    const response = await server.inject({ url: `/api/v1/${path}`, headers: asAdmin });
    return { status: response.statusCode, body: response.json() };
  }

  async function lastLine(): Promise<number> {
    const { rows } = await it.database.pool.query('select coalesce(max(id), 0)::int as id from audit');
    return rows[0].id;
  }

  return {
    ...it,
    server,
    refreshed: () => refreshed,
    get,
    async send(method, path, payload, type = 'application/json') {
      const body = type === 'application/json' ? JSON.stringify(payload) : (payload as string | Buffer);
      const response = await server.inject({
        method,
        url: `/api/v1/${path}`,
        headers: payload === undefined ? asAdmin : { ...asAdmin, 'content-type': type },
        ...(payload === undefined ? {} : { payload: body }),
      });
      return { status: response.statusCode, body: response.json() };
    },
    async all(path, { limit = 7, between } = {}) {
      const items: unknown[] = [];
      const ask = (cursor: string) => `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`;
      let cursor = '';
      for (let page = 1; ; page += 1) {
        const { status, body } = await get(ask(cursor));
        if (status !== 200) throw new Error(`${path} answered ${JSON.stringify(body)}`);
        items.push(...body.items);
        if (body.nextCursor === null) return items;
        if (body.items.length !== limit) throw new Error('a page before the last one is full');
        cursor = `&cursor=${body.nextCursor}`;
        await between?.(page);
      }
    },
    async audited(work) {
      const before = await lastLine();
      await work();
      const { rows } = await it.database.pool.query(
        'select action, subject, detail::text from audit where id > $1 order by id',
        [before],
      );
      return rows.map(({ action, subject }) => `${action} ${subject}`);
    },
    async close() {
      await server.close();
      await it.close();
    },
  };
}
