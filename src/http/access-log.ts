import type { FastifyInstance } from 'fastify';

/** Asked every few seconds by machines. */
const CHATTER = new Set(['/healthz', '/readyz', '/metrics']);

/** One line for each request, without its query and body: sign-in links and names of people stand there. */
export function logAccess(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const level = CHATTER.has(path) ? 'debug' : 'info';
    const principal = request.principal?.id;
    const durationMs = Math.round(reply.elapsedTime);
    request.log[level](
      { method: request.method, path, status: reply.statusCode, durationMs, principal },
      'request answered',
    );
  });
}
