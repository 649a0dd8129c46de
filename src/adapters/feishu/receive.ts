import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../kernel/log.ts';
import type { Clock } from '../../kernel/time.ts';
import { decrypt, isSame, isSignedBy } from './crypto.ts';
import { challengeShape, envelopeShape } from './envelope.ts';
import type { Handle } from './handle.ts';
import type { FeishuSettings } from './settings.ts';

const PATH = '/webhooks/feishu';
const MOST_BYTES = 1_000_000;
/** The last retry comes six hours and five minutes after the event; whether it is signed anew is not documented. */
const OLDEST_SECONDS = 7 * 3_600;
const NEWEST_SECONDS = 300;

interface Deps {
  settings: Pick<FeishuSettings, 'appId'> & { encryptKey: string; verificationToken: string };
  clock: Clock;
  log: Log;
  handle: Handle;
}

/** What was wrong with a request, without a word of what it said. */
type Refusal = { status: 400 | 401 | 403; reason: string };

/**
 * Events and card callbacks at `/webhooks/feishu`: on raw bytes, the signature first. The SDK's own HTTP adapters end the
 * process on unsigned junk and answer 200 to a wrong signature (fact sheet §3.4).
 */
export async function serveWebhook(routes: FastifyInstance, deps: Deps): Promise<void> {
  await routes.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BYTES }, (_request, body, done) => {
      done(null, body);
    });
    scope.post(PATH, { schema: { hide: true }, bodyLimit: MOST_BYTES }, (request, reply) =>
      answer(deps, request, reply),
    );
  });
}

async function answer(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const opened = open(deps, request, body);
  if ('status' in opened) {
    deps.log.warn({ channel: 'feishu', reason: opened.reason, bytes: body.length }, 'webhook refused');
    return reply.code(opened.status).send({});
  }
  if ('challenge' in opened) return reply.code(200).send({ challenge: opened.challenge });
  const envelope = envelopeShape.safeParse(opened.content);
  if (!envelope.success) return refuse(deps, reply, { status: 400, reason: 'not an event' });
  const { app_id, token } = envelope.data.header;
  if (app_id !== deps.settings.appId) return refuse(deps, reply, { status: 403, reason: 'another app' });
  if (!isSame(deps.settings.verificationToken, token ?? '')) {
    return refuse(deps, reply, { status: 403, reason: 'verification token' });
  }
  const handled = await deps.handle(envelope.data);
  return handled.kind === 'done' ? reply.code(200).send(handled.body) : reply.code(503).send({});
}

function refuse({ log }: Deps, reply: FastifyReply, { status, reason }: Refusal): FastifyReply {
  log.warn({ channel: 'feishu', reason }, 'webhook refused');
  return reply.code(status).send({});
}

function open(
  deps: Deps,
  { headers }: FastifyRequest,
  body: Buffer,
): { content: unknown } | { challenge: string } | Refusal {
  const { encryptKey, verificationToken } = deps.settings;
  const [timestamp, nonce, signature] = ['timestamp', 'nonce', 'signature'].map((name) => {
    const value = headers[name === 'signature' ? 'x-lark-signature' : `x-lark-request-${name}`];
    return typeof value === 'string' && value.length <= 200 ? value : undefined;
  });
  if (timestamp === undefined || nonce === undefined || signature === undefined) {
    // Only the check of the address comes unsigned. One answer for everything else that does: a word on how far the
    // decryption came would help to forge.
    const unsigned = challengeShape.safeParse(contentOf(body, encryptKey));
    return unsigned.success && isSame(verificationToken, unsigned.data.token)
      ? { challenge: unsigned.data.challenge }
      : { status: 401, reason: 'not signed' };
  }
  if (!isSignedBy(encryptKey, body, { timestamp, nonce, signature }))
    return { status: 401, reason: 'signature' };
  const ageSeconds = deps.clock.now().epochMilliseconds / 1_000 - Number(timestamp);
  if (!(ageSeconds <= OLDEST_SECONDS && ageSeconds >= -NEWEST_SECONDS))
    return { status: 403, reason: 'too old' };
  const content = contentOf(body, encryptKey);
  if (content === undefined) return { status: 400, reason: 'not readable' };
  const challenge = challengeShape.safeParse(content);
  if (!challenge.success) return { content };
  return isSame(verificationToken, challenge.data.token)
    ? { challenge: challenge.data.challenge }
    : { status: 403, reason: 'verification token' };
}

/** The decrypted JSON; undefined for anything else. What is not encrypted is not taken where a key is set. */
function contentOf(body: Buffer, encryptKey: string): unknown {
  const outer = jsonIn(body.toString('utf8'));
  const encrypted = (outer as { encrypt?: unknown } | null | undefined)?.encrypt;
  if (typeof encrypted !== 'string') return undefined;
  const plain = decrypt(encrypted, encryptKey);
  return plain === undefined ? undefined : jsonIn(plain);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
