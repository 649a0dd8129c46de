import type { Socket } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import { type FastifyInstance, type FastifyPluginAsync, fastify, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, systemClock } from '../kernel/time.ts';
import { logAccess } from './access-log.ts';
import { type ApiRoutes, completeDescriptions } from './api.ts';
import { type HolderOf, requirePrincipal } from './auth.ts';
import { authorise, type OwnDepartments } from './authorise.ts';
import { type HealthCheck, serveHealth } from './health.ts';
import { answerRepeats } from './idempotency.ts';
import { type Metrics, serveMetrics } from './metrics.ts';
import { describeApi } from './openapi.ts';
import { type EmployeeBehind, type SignInWay, servePlatformSignIn } from './platform-sign-in.ts';
import { httpProblems, mergeProblems, type ProblemTable } from './problems.table.ts';
import { answerWithProblems, PROBLEM_TYPE, problemOf, sendProblem } from './problems.ts';
import { defaultLimits, type Limits, limitRate } from './rate-limit.ts';
import type { RecordAccess } from './records.ts';
import { listRoutes } from './route-list.ts';
import { sendSecurityHeaders } from './security-headers.ts';
import { sessionRoutes } from './session.routes.ts';
import { serveSignIn, signInLock } from './sign-in.ts';

export interface ServerOptions {
  log: Log;
  db: Db;
  adminToken: string;
  /** Origin under which browsers reach us; `https:` makes cookies secure. */
  publicUrl: string;
  version: string;
  metrics: Metrics;
  /** What `/readyz` asks, by name. */
  checks: Readonly<Record<string, HealthCheck>>;
  /** The codes of the features, each with status and title. */
  problems?: readonly ProblemTable[];
  /** What the features add to `/api/v1`. */
  routes?: readonly ApiRoutes[];
  /** Pages of others behind our sign-in; each of their routes must name its permission. */
  guardedPages?: readonly GuardedPages[];
  limits?: Partial<Limits>;
  /** The wall clock, by which links, sessions and idempotency keys age; never the manual one. */
  clock?: Clock;
  /** The people behind sessions, and the departments that are theirs; without these nobody but tokens gets in. */
  holderOf?: HolderOf;
  ownDepartments?: OwnDepartments;
  /** The platforms that vouch for people, and who has which id there. */
  signInWays?: readonly SignInWay[];
  employeeBehind?: EmployeeBehind;
  /** Writes sign-ins into the audit. */
  record?: RecordAccess;
}

export interface GuardedPages {
  prefix: string;
  pages: FastifyPluginAsync;
}

const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * The HTTP server, not listening yet: webhooks, sandbox and console are registered on what it resolves to.
 *
 * @example
 * const server = await createServer({ …, routes: features.flatMap(({ routes }) => routes ?? []) });
 * await server.register(feishuWebhook);
 * await server.listen({ host, port });
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { db, publicUrl, clock = systemClock } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const table = mergeProblems(httpProblems, ...(options.problems ?? []));
  const server = newServer(options.log, table);

  listRoutes(server);
  answerWithProblems(server, table);
  logAccess(server);
  await sendSecurityHeaders(server, publicUrl);
  await server.register(fastifyCookie);
  await limitRate(server, limits);
  serveMetrics(server, options.metrics);
  serveHealth(server, { checks: options.checks });
  server.setNotFoundHandler({ preHandler: server.rateLimit() }, notFound);
  await describeApi(server, { version: options.version, publicUrl });
  const lock = signInLock(server);
  const signIn = { db, clock, publicUrl, record: options.record ?? (async () => undefined) };
  serveSignIn(server, lock, signIn);
  servePlatformSignIn(server, lock, {
    ...signIn,
    ways: options.signInWays ?? [],
    holderOf: options.holderOf ?? (async () => undefined),
    employeeBehind: options.employeeBehind ?? (async () => undefined),
    log: options.log,
  });

  await server.register(
    async (api) => {
      requirePrincipal(api, { ...options, ...limits, clock });
      authorise(api, options);
      answerRepeats(api, { db, clock });
      completeDescriptions(api);
      api.setNotFoundHandler({ preHandler: api.rateLimit() }, notFound);
      const typed = api.withTypeProvider<ZodTypeProvider>();
      for (const add of [sessionRoutes({ db, clock }), ...(options.routes ?? [])]) add(typed);
    },
    { prefix: '/api/v1' },
  );
  for (const { prefix, pages } of options.guardedPages ?? []) {
    await server.register(
      async (scope) => {
        requirePrincipal(scope, { ...options, ...limits, clock });
        authorise(scope, options);
        await scope.register(pages);
      },
      { prefix },
    );
  }
  return server;
}

function newServer(log: Log, table: ProblemTable): FastifyInstance {
  const server = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newId,
    trustProxy: false,
    bodyLimit: BODY_LIMIT_BYTES,
    // How long a request may take to arrive; an answer may take longer, as importing and moving the clock do.
    requestTimeout: 60_000,
    http: { headersTimeout: 20_000 },
    clientErrorHandler: (error, socket) => refuseConnection(error.code, table, socket),
    frameworkErrors: (error, request, reply) => void sendProblem(error, table, request, reply),
  }) as unknown as FastifyInstance;
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.removeContentTypeParser('text/plain');
  server.decorateRequest('principal', null);
  server.decorateRequest('reach', null);
  return server;
}

function notFound(): never {
  throw new AppError('http.not-found', 'no such address or method');
}

/** What was not HTTP, or came too slowly, has no request that could be answered: the bytes go straight out. */
function refuseConnection(code: string, table: ProblemTable, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const statuses: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };
  const error = Object.assign(new Error('the request could not be read'), {
    statusCode: statuses[code] ?? 400,
  });
  const problem = problemOf(error, table, { language: undefined, id: newId() });
  const body = JSON.stringify(problem);
  const head = [`HTTP/1.1 ${problem.status} Refused`, `content-type: ${PROBLEM_TYPE}`, 'connection: close'];
  socket.end(`${[...head, `content-length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`);
}
