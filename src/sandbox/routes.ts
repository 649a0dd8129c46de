import { createReadStream } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { localeOf } from '../chat/locale.ts';
import type { SealedMessage } from '../chat/message.ts';
import { readPicture } from '../chat/pictures.ts';
import { fileBelow } from '../kernel/files.ts';
import { type DeedDeps, perform } from './deeds.ts';
import { contentDisposition, safeMime } from './files.ts';
import { messageById } from './im.lists.ts';
import { isMember } from './im.ts';
import { pageRoutes } from './page-files.ts';
import type { PeopleBook } from './people.ts';
import * as api from './sandbox.api.ts';
import { problemOf, sandboxError } from './sandbox.errors.ts';
import type { Streams } from './streams.ts';
import { chatsView, messagesView } from './views.ts';

export interface SandboxRouteDeps extends DeedDeps {
  book: PeopleBook;
  streams: Streams;
  /** Whether the clock moves only by hand; the page then shows the time. */
  clockIsManual: boolean;
  zone: string | undefined;
  pageRoot: string | undefined;
}

const BODY_LIMIT = 64 * 1024;
/** The sandbox is a tool of the installation, no part of its API. */
const hide = true;

/** The page and its API under `/sandbox`. There is no login: whoever opens it may be anybody of the directory. */
export async function sandboxRoutes(routes: FastifyInstance, deps: SandboxRouteDeps): Promise<void> {
  await routes.register(
    async (scope) => {
      scope.setErrorHandler(explain);
      scope.setValidatorCompiler(validatorCompiler);
      await pageRoutes(scope, deps.pageRoot);
      await scope.register(async (inner) => apiRoutes(inner, deps), { prefix: '/api' });
    },
    { prefix: '/sandbox' },
  );
}

/** Ours become problem documents; the rest goes to the server's own handler. */
function explain(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error, localeOf(request.headers['accept-language'] ?? ''));
  if (problem === undefined) throw error;
  return reply
    .code(problem.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}

async function apiRoutes(scope: FastifyInstance, deps: SandboxRouteDeps): Promise<void> {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  const { db, book } = deps;
  scope.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    done();
  });
  await peopleAndClock(scope, deps);

  routes.get('/chats', { schema: { hide, querystring: api.asQuery } }, async ({ query }) => {
    const me = await book.find(query.as);
    if (me === undefined) throw sandboxError('sandbox.person-unknown');
    return await chatsView(db, book, me);
  });

  routes.get(
    '/chats/:chatId/messages',
    { schema: { hide, params: api.chatParams, querystring: api.messagesQuery } },
    async ({ params: { chatId }, query: { as, before } }) => {
      if (!(await isMember(db, chatId, as))) throw sandboxError('sandbox.not-a-member');
      return await messagesView(db, book, { as, chatId, before });
    },
  );

  // The policy for pages says nothing about JSON, and writing it anew for each of thousands of taps costs.
  const lean = { helmet: false as const };
  routes.post(
    '/events',
    { ...lean, bodyLimit: BODY_LIMIT, schema: { hide, body: api.deedSchema } },
    ({ body }) => perform(deps, body),
  );

  routes.get(
    '/files/:messageId',
    { schema: { hide, params: api.messageParams, querystring: api.asQuery } },
    ({ params, query }, reply) => sendFile(deps, params.messageId, query.as, reply),
  );

  routes.get(
    '/pictures/:messageId',
    { schema: { hide, params: api.messageParams, querystring: api.pictureQuery } },
    ({ params, query }, reply) => sendPicture(deps, params.messageId, query.as, reply),
  );
}

async function peopleAndClock(scope: FastifyInstance, deps: SandboxRouteDeps): Promise<void> {
  const routes = scope.withTypeProvider<ZodTypeProvider>();
  const { book, clock, clockIsManual: manual, streams, zone } = deps;

  routes.get('/people', { schema: { hide, querystring: api.peopleQuery } }, ({ query }) =>
    book.search(query.search),
  );

  routes.get('/clock', { schema: { hide } }, async (): Promise<api.ClockAnswer> => {
    return { now: clock.now().toString(), manual, ...(zone === undefined ? {} : { zone }) };
  });

  routes.get('/stream', { schema: { hide, querystring: api.asQuery } }, async ({ query }, reply) => {
    if ((await book.find(query.as)) === undefined) throw sandboxError('sandbox.person-unknown');
    void reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // A connection that idles after the stream would hold up the server's stop.
      connection: 'close',
    });
    await streams.open(reply.raw, query.as);
  });
  // Streams never end by themselves, and the server waits for open answers before it stops.
  scope.addHook('preClose', async () => streams.close());
}

/** What stands in a message, for a member of its chat; undefined when it was recalled. */
async function contentFor(
  { db }: Pick<SandboxRouteDeps, 'db'>,
  messageId: string,
  as: string,
): Promise<SealedMessage | undefined> {
  const row = await messageById(db, messageId);
  if (row === undefined) throw sandboxError('sandbox.message-unknown');
  if (!(await isMember(db, row.chatId, as))) throw sandboxError('sandbox.not-a-member');
  return row.recalledAt === null ? row.content : undefined;
}

async function sendPicture(deps: SandboxRouteDeps, messageId: string, as: string, reply: FastifyReply) {
  const content = await contentFor(deps, messageId, as);
  const path = content?.kind === 'image' ? content.path : imageOn(content)?.path;
  const picture = path === undefined ? undefined : await readPicture(deps.fileRoot, path);
  if (picture === undefined || 'refused' in picture) throw sandboxError('sandbox.file-gone');
  return await reply
    .type(picture.mime)
    .header('content-disposition', 'inline')
    .header('x-content-type-options', 'nosniff')
    .send(picture.bytes);
}

const imageOn = (content: SealedMessage | undefined) =>
  content?.kind === 'card' ? content.card.image : undefined;

async function sendFile(deps: SandboxRouteDeps, messageId: string, as: string, reply: FastifyReply) {
  const content = await contentFor(deps, messageId, as);
  const file = content?.kind === 'file' ? content : undefined;
  const found = file === undefined ? undefined : await fileBelow(deps.fileRoot, file.path);
  if (file === undefined || found === undefined) throw sandboxError('sandbox.file-gone');
  return await reply
    .type(safeMime(file.mime))
    .header('content-length', found.bytes)
    .header('content-disposition', contentDisposition(file.name))
    .header('x-content-type-options', 'nosniff')
    .send(createReadStream(found.path));
}
