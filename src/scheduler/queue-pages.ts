import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { BullQueue } from './backend.ts';
import { type Board, keepingAdapter } from './queue-board.ts';

export const QUEUE_PAGES = '/console/system/queues';

/**
 * Bull Board over the one queue, to look at: what writes has no address here, what jobs carry is not shown, and nothing
 * is asked of another host. Every route needs `system.read`.
 */
export function queuePages(queue: BullQueue<unknown>): FastifyPluginAsync {
  return async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, permission: 'system.read' };
    });
    const shown = new BullMQAdapter(queue as never, { readOnlyMode: true });
    for (const field of ['data', 'returnValue'] as const) shown.setFormatter(field, () => ({}));
    const { adapter, board: kept } = keepingAdapter();
    const uiConfig = { boardTitle: '促活 · Cuhuo' };
    createBullBoard({ queues: [shown], serverAdapter: adapter, options: { uiConfig } });
    const board = kept();

    await scope.register(fastifyStatic, { root: board.staticFolder, prefix: '/static/', index: false });
    const page = await pageOf(board);
    for (const url of [board.page.route].flat()) {
      scope.get(url, async (_request, reply) => sendPage(reply, page));
    }
    for (const { method, route, handler } of board.routes) {
      if ([method].flat().some((one) => one !== 'get')) continue;
      for (const url of [route].flat()) {
        scope.get(url, async ({ params, query }, reply) => {
          const { queues, uiConfig: config } = board;
          const asked = { params: params as Record<string, string>, query: query as Record<string, string> };
          const answer = await handler({ queues, uiConfig: config, ...asked, body: {}, headers: {} });
          return reply.code(answer.status ?? 200).send(answer.body);
        });
      }
    }
  };
}

/** Bull Board's page asks Google for its letters; whoever looks at queues is nobody's business. */
const FROM_ELSEWHERE = /<link[^>]+href="https?:\/\/[^>]*>/g;

async function pageOf({ page, uiConfig, viewFolder }: Board): Promise<string> {
  const { name, params } = page.handler({ basePath: QUEUE_PAGES, uiConfig });
  const template = await readFile(join(viewFolder, name), 'utf8');
  // None of the values comes from outside: our title, our address, and JSON in which Bull Board escapes brackets.
  return template
    .replace(FROM_ELSEWHERE, '')
    .replace(/<%[=-] *(\w+) *%>/g, (_all, key: string) => params[key] ?? '');
}

/** The page says by a `base` where its files are, which our other pages may not. */
function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const policy = String(reply.getHeader('content-security-policy'));
  return reply
    .header('content-security-policy', policy.replace("base-uri 'none'", "base-uri 'self'"))
    .type('text/html; charset=utf-8')
    .send(page);
}
