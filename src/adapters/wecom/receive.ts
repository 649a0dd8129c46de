import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { InstantAnswer } from '../../chat/adapter.ts';
import type { DirectoryHint } from '../../chat/directory-source.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock } from '../../kernel/time.ts';
import { isSigned, open } from './crypto.ts';
import { type Decoded, decode, readMessage, type Tap } from './decode.ts';
import { reasonOf } from './reason.ts';
import { readXml } from './xml.ts';

export const WEBHOOK_PATH = '/webhooks/wecom';

/** Far more than any message of WeCom has. */
const MAX_BODY_BYTES = 1024 * 1024;
/** How old or how far ahead a signature may be: clocks differ, and WeCom repeats within seconds. */
const WINDOW_S = 300;
/** WeCom waits five seconds; the rest is for the way back. */
const ANSWER_WITHIN_MS = 4_000;
const REQUESTS_REMEMBERED = 20_000;

/** What is encrypted, without a parser: what nobody has signed is not parsed. */
const ENVELOPE = /<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s*<\/Encrypt>/;

const word = z.string().min(1).max(128);
const querySchema = z.object({
  msg_signature: word,
  timestamp: z.string().regex(/^\d{1,12}$/),
  nonce: word,
  echostr: z.string().min(1).max(4096).optional(),
});
type Query = z.output<typeof querySchema>;

export interface ReceiveDeps {
  corpId: string;
  token: string;
  aesKey: string;
  /** The product's clock: when we received something. */
  clock: Clock;
  log: Log;
  receive: (event: NonNullable<Decoded['event']>) => Promise<InstantAnswer>;
  /** The message whose card carries this task. */
  messageOfTask: (taskId: string) => Promise<string | undefined>;
  onTap: (tap: Tap, answer: InstantAnswer) => Promise<void>;
  onHint: (hint: DirectoryHint) => void;
  /** How long WeCom may wait for our answer; shorter in tests. */
  answerWithinMs?: number;
  /** The wall clock, by which signatures age; never the manual one. */
  now?: () => number;
}

/**
 * The callback of the app under `/webhooks/wecom`: GET verifies the address, POST brings messages and events. Checks
 * window, signature, padding and receiver, in this order, before anything is parsed. Always answers with an empty body:
 * what there is to say goes out by the API.
 */
export async function listenForCallbacks(routes: FastifyInstance, deps: ReceiveDeps): Promise<void> {
  const handled = createMemory(REQUESTS_REMEMBERED);
  await routes.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
      (_request, body, done) => done(null, body),
    );

    scope.get(WEBHOOK_PATH, async (request, reply) => {
      const query = querySchema.safeParse(request.query).data;
      if (query?.echostr === undefined) return refuse(deps, reply, 400, 'no verification');
      // A plus sign that was not escaped arrives as a blank.
      const plain = openSigned(deps, query, query.echostr.replaceAll(' ', '+'));
      if (plain.kind === 'refused') return refuse(deps, reply, plain.status, plain.reason);
      return reply.type('text/plain; charset=utf-8').send(plain.text);
    });

    scope.post(WEBHOOK_PATH, async (request, reply) => {
      const query = querySchema.safeParse(request.query).data;
      const body = Buffer.isBuffer(request.body) ? request.body : undefined;
      if (query === undefined || body === undefined) return refuse(deps, reply, 400, 'no callback');
      const encrypted = ENVELOPE.exec(body.toString('latin1'))?.[1];
      if (encrypted === undefined) return refuse(deps, reply, 400, 'no envelope');
      const plain = openSigned(deps, query, encrypted);
      if (plain.kind === 'refused') return refuse(deps, reply, plain.status, plain.reason);
      // The same request again: our answer was lost, or somebody plays it back. It has had its effect, and anything
      // but 200 would make WeCom send it once more (path/90238).
      if (handled.has(query.msg_signature)) return reply.code(200).send();
      const children = readXml(plain.text);
      const message = children === undefined ? undefined : readMessage(children);
      if (message === undefined) return refuse(deps, reply, 400, 'no message');
      const decoded = decode(message, deps.clock.now());
      if (!(await handle(deps, decoded))) return reply.code(500).send();
      handled.add(query.msg_signature);
      return reply.code(200).type('text/plain; charset=utf-8').send('');
    });
  });
}

type Opened = { kind: 'plain'; text: string } | { kind: 'refused'; status: number; reason: string };

function openSigned(
  { token, aesKey, corpId, now = Date.now }: ReceiveDeps,
  query: Query,
  encrypted: string,
): Opened {
  const { msg_signature: signature, timestamp, nonce } = query;
  const age = Math.abs(now() / 1000 - Number(timestamp));
  if (age > WINDOW_S) return { kind: 'refused', status: 403, reason: 'too old' };
  if (!isSigned(token, { signature, timestamp, nonce, encrypted }))
    return { kind: 'refused', status: 403, reason: 'wrong signature' };
  const text = open(aesKey, encrypted, corpId);
  return text === undefined
    ? { kind: 'refused', status: 403, reason: 'not for us' }
    : { kind: 'plain', text };
}

/** Port scans come every day: quietly, without what they sent. */
function refuse({ log }: ReceiveDeps, reply: FastifyReply, status: number, reason: string): FastifyReply {
  log.info({ platform: 'wecom', status, reason }, 'callback refused');
  return reply.code(status).type('text/plain; charset=utf-8').send('');
}

/** False when nothing was recorded and WeCom had better send it again. */
async function handle(deps: ReceiveDeps, { event, tap, hint, notice }: Decoded): Promise<boolean> {
  if (notice !== undefined) deps.log.warn({ platform: 'wecom', notice }, 'WeCom gives notice');
  if (hint !== undefined) deps.onHint(hint);
  if (event === undefined) return true;
  const work = answerTo(deps, event, tap);
  const failed = work.then(
    () => false,
    (error: unknown) => {
      deps.log.warn({ platform: 'wecom', reason: reasonOf(error) }, 'callback could not be handled');
      return true;
    },
  );
  return !(await within(failed, deps.answerWithinMs ?? ANSWER_WITHIN_MS, false));
}

async function answerTo(
  deps: ReceiveDeps,
  event: NonNullable<Decoded['event']>,
  tap: Tap | undefined,
): Promise<void> {
  const { payload } = event;
  if (tap === undefined || payload.kind !== 'action') {
    await deps.receive(event);
    return;
  }
  const cardMessageId = await deps.messageOfTask(tap.taskId);
  const named = cardMessageId === undefined ? payload : { ...payload, cardMessageId };
  await deps.onTap(tap, await deps.receive({ ...event, payload: named }));
}

/** What takes longer goes on by itself: the claim makes a repeat harmless, and the queue brings the answer. */
async function within<Value>(work: Promise<Value>, ms: number, late: Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<Value>((resolve) => {
    timer = setTimeout(() => resolve(late), ms).unref();
  });
  try {
    return await Promise.race([work, waited]);
  } finally {
    clearTimeout(timer);
  }
}

/** The last so many things that were added. */
function createMemory(most: number): { has(item: string): boolean; add(item: string): void } {
  const items = new Set<string>();
  return {
    has: (item) => items.has(item),
    add(item) {
      items.add(item);
      if (items.size > most) items.delete([...items.values()].at(0) ?? '');
    },
  };
}
