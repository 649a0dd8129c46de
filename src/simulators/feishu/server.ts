import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { notFound, refuse, type SimAnswer, type SimRequest } from './answers.ts';
import type { createFaults } from './faults.ts';
import { objectIn } from './messages.ts';
import { type Rates, TIER_4 } from './rates.ts';

export interface Route {
  method: string;
  /** `/open-apis/im/v1/messages/:id` */
  path: string;
  /** In counts and faults. */
  name: string;
  /** Absent where no token is asked for. */
  auth?: 'tenant';
  limited?: boolean;
  answer: (request: SimRequest) => SimAnswer | Promise<SimAnswer>;
}

export interface Count {
  calls: number;
  /** Refused for rate. */
  throttled: number;
}

interface ServerDeps {
  routes: readonly Route[];
  check: (authorization: string | undefined) => SimAnswer | undefined;
  rates: Rates;
  faults: ReturnType<typeof createFaults>;
  counts: Map<string, Count>;
}

const MOST_BYTES = 40_000_000;

/** HTTP as the open platform speaks it: unknown routes first, then the token, then the rate, then the work. */
export function createSimServer(deps: ServerDeps): Server {
  const routes = deps.routes.map((route) => ({ ...route, parts: route.path.split('/') }));

  function find(method: string, path: string) {
    const parts = path.replace(/\/$/, '').split('/');
    for (const route of routes) {
      if (route.method !== method || route.parts.length !== parts.length) continue;
      const params: Record<string, string> = {};
      const fits = route.parts.every((part, index) => {
        const given = parts[index] ?? '';
        if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(given);
        return part.startsWith(':') || part === given;
      });
      if (fits) return { route, params };
    }
    return undefined;
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const found = find(incoming.method ?? 'GET', url.pathname);
    const body = await read(incoming);
    if (found === undefined || body === undefined) return reply(response, notFound);
    const { route, params } = found;
    const count = deps.counts.get(route.name) ?? { calls: 0, throttled: 0 };
    deps.counts.set(route.name, count);
    count.calls += 1;
    const json = objectIn(body.toString('utf8'));
    const { headers, method = '' } = incoming;
    const request: SimRequest = {
      method,
      path: url.pathname,
      params,
      query: url.searchParams,
      headers,
      body,
      json,
    };
    const fault = deps.faults.take(route.name);
    if (fault === 'silent') return void incoming.socket.destroy();
    if (typeof fault === 'object' && 'answer' in fault) return reply(response, fault.answer);
    const answer =
      (route.auth === 'tenant' ? deps.check(headers.authorization) : undefined) ?? limit(route, count);
    const result = answer ?? (await route.answer(request));
    if (typeof result.body === 'object' && (result.body as { code?: number } | null)?.code === 230020)
      count.throttled += 1;
    if (fault === 'lost') return void incoming.socket.destroy();
    if (typeof fault === 'object') await pause(fault.slowMs);
    reply(response, result);
  }

  function limit(route: Route, count: Count): SimAnswer | undefined {
    if (route.limited !== true) return undefined;
    const waitMs = deps.rates.take(route.name, TIER_4);
    if (waitMs === undefined) return undefined;
    count.throttled += 1;
    return refuse(99991400, 'request trigger frequency limit', 429, {
      'x-ogw-ratelimit-limit': '50',
      'x-ogw-ratelimit-reset': String(Math.ceil(waitMs / 1_000)),
    });
  }

  return createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      reply(response, { status: 500, body: { code: 2200, msg: `Internal Error ${String(error)}` } });
    });
  });
}

async function read(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reply(response: ServerResponse, { status, headers = {}, body }: SimAnswer): void {
  const isBytes = Buffer.isBuffer(body);
  const bytes = isBytes ? body : Buffer.from(JSON.stringify(body));
  const type = isBytes ? 'application/octet-stream' : 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length, ...headers });
  response.end(bytes);
}
