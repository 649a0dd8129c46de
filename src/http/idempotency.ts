import { createHash } from 'node:crypto';
import { and, eq, lt } from 'drizzle-orm';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import type { Clock, Temporal } from '../kernel/time.ts';
import { principalOf } from './auth.ts';
import { idempotentWrites } from './http.tables.ts';

const KEPT_HOURS = 24;
const HEADER = 'idempotency-key';
const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The headers of every write; loose, because what zod leaves out of headers is gone for the handler too. */
export const idempotencyHeaders = z.looseObject({
  [HEADER]: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The same key and request again: the same answer again'),
});

export function isWrite(method: string): boolean {
  return WRITES.has(method);
}

interface Claim {
  credentialId: string;
  key: string;
  requestHash: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** SHA-256 of what came, before the schema changed it. */
    requestHash: string | null;
    /** The key that this request holds, and under which its answer will be kept. */
    idempotencyClaim: Claim | null;
  }
}

/**
 * A write with an `Idempotency-Key` happens once: sent again within a day, it gets the first answer again.
 *
 * Answers below 500 are kept; after a 5xx the key is free again. A request whose process died keeps its key, because
 * nobody can say whether it happened.
 */
export function answerRepeats(api: FastifyInstance, { db, clock }: { db: Db; clock: Clock }): void {
  api.decorateRequest('requestHash', null);
  api.decorateRequest('idempotencyClaim', null);

  api.addHook('preValidation', async (request) => {
    if (keyOf(request) !== undefined) request.requestHash = hashOf(request);
  });

  api.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return;
    const claim = { credentialId: principalOf(request).id, key, requestHash: request.requestHash ?? '' };
    if (await take(db, claim, clock.now())) request.idempotencyClaim = claim;
    else return replay(db, claim, reply);
  });

  api.addHook('onSend', async (request, reply, payload) => {
    const claim = request.idempotencyClaim;
    if (claim === null) return payload;
    // The write has happened; not being able to remember its answer is no reason to hide it.
    await keep(db, claim, reply, payload).catch((error: unknown) => {
      request.log.error({ err: error }, 'the answer to a write could not be kept');
    });
    return payload;
  });
}

/** Forgets the answers of yesterday. Resolves to how many. */
export async function forgetOldAnswers(db: Db, now: Temporal.Instant): Promise<number> {
  const old = lt(idempotentWrites.at, now.subtract({ hours: KEPT_HOURS }));
  const result = await db.delete(idempotentWrites).where(old);
  return result.rowCount ?? 0;
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers[HEADER];
  return isWrite(request.method) && typeof key === 'string' ? key : undefined;
}

/** Takes the key when nobody holds it, or when its day is over. */
async function take(db: Db, claim: Claim, now: Temporal.Instant): Promise<boolean> {
  const fresh = { requestHash: claim.requestHash, status: null, contentType: null, body: null, at: now };
  const taken = await db
    .insert(idempotentWrites)
    .values({ ...claim, at: now })
    .onConflictDoUpdate({
      target: [idempotentWrites.credentialId, idempotentWrites.key],
      set: fresh,
      setWhere: lt(idempotentWrites.at, now.subtract({ hours: KEPT_HOURS })),
    })
    .returning({ key: idempotentWrites.key });
  return taken.length > 0;
}

async function replay(db: Db, claim: Claim, reply: FastifyReply): Promise<FastifyReply> {
  const [first] = await db.select().from(idempotentWrites).where(rowOf(claim));
  if (first !== undefined && first.requestHash !== claim.requestHash) {
    throw new AppError('idempotency.other-request', 'use a new key for a new request');
  }
  if (first?.status == null) {
    throw new AppError(
      'idempotency.in-flight',
      'ask again in a moment; if it stays so, look whether the first happened',
    );
  }
  if (first.contentType !== null) void reply.header('content-type', first.contentType);
  // Bytes go out as they are; a text would pass through the serializer.
  const body = first.body === null ? undefined : Buffer.from(first.body);
  return reply.code(first.status).header('idempotency-replayed', 'true').send(body);
}

async function keep(db: Db, claim: Claim, reply: FastifyReply, payload: unknown): Promise<void> {
  const body = textOf(payload);
  if (reply.statusCode >= 500 || body === undefined) {
    await db.delete(idempotentWrites).where(rowOf(claim));
    return;
  }
  const contentType = reply.getHeader('content-type')?.toString() ?? null;
  await db.update(idempotentWrites).set({ status: reply.statusCode, contentType, body }).where(rowOf(claim));
}

function rowOf(claim: Claim) {
  return and(eq(idempotentWrites.credentialId, claim.credentialId), eq(idempotentWrites.key, claim.key));
}

/** Null for no body; undefined for a stream, which cannot be kept. */
function textOf(payload: unknown): string | null | undefined {
  if (payload === undefined || payload === null) return null;
  if (Buffer.isBuffer(payload)) return payload.toString();
  return typeof payload === 'string' ? payload : undefined;
}

/** The parts of an upload as a form are read later and do not count; its length does. */
function hashOf(request: FastifyRequest): string {
  const { method, url, body, headers } = request;
  const hash = createHash('sha256').update(`${method} ${url} ${headers['content-length'] ?? ''}\n`);
  return hash.update(Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null)).digest('hex');
}
