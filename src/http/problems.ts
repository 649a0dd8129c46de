import { DrizzleQueryError } from 'drizzle-orm';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import { httpProblems, type ProblemKind, type ProblemTable } from './problems.table.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** A problem document, RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:cuhuo:problem: and the code'),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    instance: z.string().describe('This occurrence: the request id, as the log has it'),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** Every error of this server leaves as a problem document. */
export function answerWithProblems(server: FastifyInstance, table: ProblemTable): void {
  server.setErrorHandler((error, request, reply) => sendProblem(error, table, request, reply));
}

export function sendProblem(
  error: unknown,
  table: ProblemTable,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(error, table, { language: request.headers['accept-language'], id: request.id });
  // A query error prints its parameters, which may be somebody's data; its cause says what went wrong.
  const shown = error instanceof DrizzleQueryError ? error.cause : error;
  if (problem.status >= 500) request.log.error({ err: shown, code: problem.code }, 'request failed');
  if (problem.code === 'auth.required') void reply.header('www-authenticate', 'Bearer realm="cuhuo"');
  if (problem.status === 429 && !reply.hasHeader('retry-after')) void reply.header('retry-after', '60');
  // Bytes, because Fastify adds a charset to JSON that is a string, and this media type has none.
  return reply
    .code(problem.status)
    .type(PROBLEM_TYPE)
    .send(Buffer.from(JSON.stringify(problem)));
}

/** What happened, without anything that only we should know: an unknown error says no more than that it was ours. */
export function problemOf(
  error: unknown,
  table: ProblemTable,
  request: { language: string | undefined; id: string },
): Problem {
  const { code, kind, ...rest } = describe(error, table);
  const language = request.language?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
  return {
    type: `urn:cuhuo:problem:${code}`,
    title: kind.title[language],
    status: kind.status,
    code,
    instance: `urn:uuid:${request.id}`,
    ...rest,
  };
}

type Description = { code: string; kind: ProblemKind } & Pick<Problem, 'detail' | 'errors' | 'details'>;

const INTERNAL: Description = { code: 'http.internal', kind: httpProblems['http.internal'] };

function describe(error: unknown, table: ProblemTable): Description {
  if (error instanceof AppError) return describeAppError(error, table);
  if (hasZodFastifySchemaValidationErrors(error)) {
    return { code: 'http.invalid', kind: httpProblems['http.invalid'], errors: faultsOf(error) };
  }
  return describeHttpError(error);
}

function describeAppError(error: AppError, table: ProblemTable): Description {
  const kind = table[error.code];
  if (kind === undefined || kind.status >= 500)
    return kind === undefined ? INTERNAL : { code: error.code, kind };
  const details = Object.keys(error.details).length === 0 ? {} : { details: error.details };
  return { code: error.code, kind, detail: error.message, ...details };
}

/** `body.entries.0.question` or `query.limit`, and what is wrong there. */
function faultsOf(error: Pick<FastifyError, 'validation' | 'validationContext'>): Problem['errors'] {
  const place = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'body');
  return error.validation?.map(({ instancePath, message }) => ({
    path: [place, ...instancePath.split('/').filter((step) => step !== '')].join('.'),
    message: message ?? 'is not right',
  }));
}

/** What Fastify or one of its plugins refused. Only what it says about a 4xx is meant for the caller. */
function describeHttpError(error: unknown): Description {
  const status = (error as Partial<FastifyError> | null)?.statusCode;
  if (!(error instanceof Error) || status === undefined || status < 400 || status >= 500) return INTERNAL;
  const entry = Object.entries(httpProblems).find(
    ([code, kind]) => kind.status === status && !isSpecial(code),
  );
  const [code, kind] = entry ?? ['http.bad-request', httpProblems['http.bad-request']];
  return { code, kind: { ...kind, status }, detail: error.message };
}

/** Codes that say more than their status does. */
function isSpecial(code: string): boolean {
  return !code.startsWith('http.') && code !== 'auth.required' && code !== 'auth.forbidden';
}
