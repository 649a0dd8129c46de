import type { FastifyRequest } from 'fastify';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that brings a session cookie was made by our own page. Any one of these proves it: a header of
 * our own (another site would need our leave to send it), the browser's word, or an `Origin` that is ours.
 */
export function isFromOurPage(request: FastifyRequest, publicUrl: string): boolean {
  if (READS.has(request.method)) return true;
  if (request.headers['x-cuhuo-csrf']) return true;
  if (request.headers['sec-fetch-site'] === 'same-origin') return true;
  const { origin, host } = request.headers;
  return (
    origin !== undefined &&
    (origin === publicUrl || origin === `http://${host}` || origin === `https://${host}`)
  );
}
