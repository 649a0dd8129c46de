import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock } from '../../kernel/time.ts';
import {
  cardSignature,
  createEventCipher,
  type EventCipher,
  eventSignature,
  isSame,
  robotSignature,
} from './crypto.ts';
import { jsonIn } from './decode.ts';
import { fieldOf } from './decode-event.ts';
import type { Hearing } from './hearing.ts';
import { apiSecretOf } from './route.ts';
import type { DingtalkSettings } from './settings.ts';

const PATH = '/webhooks/dingtalk';
const MOST_BODY_BYTES = 1_000_000;
/** D:receive-message: whatever is signed more than an hour away from now is refused. */
const WINDOW_MS = 3_600_000;

type Outcome = { status: number; body: object };
const refused = (status: number): Outcome => ({ status, body: {} });

const queryShape = z.object({
  msg_signature: z.string().max(64).optional(),
  signature: z.string().max(64).optional(),
  timestamp: z.string().max(20),
  nonce: z.string().max(128),
});
const sealed = z.object({ encrypt: z.string().min(1) });

interface WebhookDeps {
  settings: DingtalkSettings;
  clock: Clock;
  log: Log;
  hearing: Hearing;
}

/**
 * One address for robot messages, card callbacks and encrypted events. Each is verified in constant time before its
 * body is parsed, and refused when it is old; a repeat within the hour takes no second effect.
 */
export async function listenByWebhook(routes: FastifyInstance, deps: WebhookDeps): Promise<void> {
  const { settings, clock, log, hearing } = deps;
  const cipher = createEventCipher(settings.aesKey ?? '');
  const apiSecret = apiSecretOf(settings);

  const isFresh = (timestamp: string): boolean => {
    if (!/^\d{10}(\d{3})?$/.test(timestamp)) return false;
    const ms = Number(timestamp) * (timestamp.length === 10 ? 1000 : 1);
    return Math.abs(clock.now().epochMilliseconds - ms) <= WINDOW_MS;
  };

  async function robot(request: FastifyRequest, sign: string, timestamp: string): Promise<Outcome> {
    const right = robotSignature(timestamp, settings.clientSecret);
    if (!isSame(sign, right) || !isFresh(timestamp)) return refused(401);
    const data = jsonIn(bodyOf(request).toString('utf8'));
    if (typeof data !== 'object' || data === null) return refused(400);
    await hearing.robot(data);
    // Answers come through the outbox.
    return { status: 200, body: { msgtype: 'empty' } };
  }

  async function card(request: FastifyRequest, sign: string, timestamp: string): Promise<Outcome> {
    if (!isSame(sign, cardSignature(timestamp, apiSecret)) || !isFresh(timestamp)) return refused(401);
    const body = bodyOf(request);
    const data = jsonIn(body.toString('utf8'));
    if (typeof data !== 'object' || data === null) return refused(400);
    // A click has no id; its moment and its content are the same only in a repeat of the same push.
    const pushId = createHash('sha256').update(timestamp).update('\n').update(body).digest('base64url');
    return { status: 200, body: await hearing.card(data, pushId) };
  }

  async function event(request: FastifyRequest): Promise<Outcome> {
    const query = queryShape.safeParse(request.query);
    const body = sealed.safeParse(jsonIn(bodyOf(request).toString('utf8')));
    if (!query.success || !body.success) return refused(400);
    const { timestamp, nonce, msg_signature, signature } = query.data;
    const right = eventSignature(settings.token ?? '', timestamp, nonce, body.data.encrypt);
    if (!isSame(msg_signature ?? signature ?? '', right) || !isFresh(timestamp)) return refused(401);
    const opened = cipher.decrypt(body.data.encrypt);
    // Events that the console subscribed to belong to the app, those of the API to the organisation.
    if (opened === undefined || ![settings.clientId, settings.corpId].includes(opened.owner))
      return refused(401);
    const data = jsonIn(opened.plain);
    if (typeof data !== 'object' || data === null) return refused(400);
    const fields = { ...data } as Record<string, unknown>;
    const [type, id, corpId] = ['eventType', 'eventId', 'corpId'].map((name) => fieldOf(fields, name));
    if (type !== 'check_url') {
      await hearing.event({
        type: textOf(type) ?? '',
        id: textOf(id) ?? nonce,
        corpId: textOf(corpId),
        data: fields,
      });
    }
    return { status: 200, body: success(cipher, settings, clock, opened.owner) };
  }

  async function answer(request: FastifyRequest): Promise<Outcome> {
    const header = (name: string): string | undefined => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : undefined;
    };
    const [sign, timestamp] = [header('sign'), header('timestamp')];
    const [cardSign, cardTime] = [header('x-ddpaas-signature'), header('x-ddpaas-signature-timestamp')];
    try {
      if (cardSign !== undefined && cardTime !== undefined) return await card(request, cardSign, cardTime);
      if (sign !== undefined && timestamp !== undefined) return await robot(request, sign, timestamp);
      return await event(request);
    } catch (error) {
      log.warn({ platform: 'dingtalk', reason: messageOf(error) }, 'a push could not be handled');
      return refused(500);
    }
  }

  await routes.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: MOST_BODY_BYTES },
      (_request, body, done) => done(null, body),
    );
    scope.post(PATH, { config: { rateLimit: false } }, async (request, reply: FastifyReply) => {
      const { status, body } = await answer(request);
      if (status >= 400) log.info({ platform: 'dingtalk', status }, 'a push was refused');
      return reply.code(status).send(body);
    });
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const bodyOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

/** The platform wants `success`, encrypted; the field of the time has a capital S. */
function success(cipher: EventCipher, settings: DingtalkSettings, clock: Clock, owner: string): object {
  const encrypt = cipher.encrypt('success', owner);
  const timeStamp = String(clock.now().epochMilliseconds);
  const nonce = createHash('sha256').update(encrypt).digest('hex').slice(0, 16);
  return {
    msg_signature: eventSignature(settings.token ?? '', timeStamp, nonce, encrypt),
    timeStamp,
    nonce,
    encrypt,
  };
}
