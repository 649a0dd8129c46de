import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encrypt, getSignature } from '@wecom/crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { listenForCallbacks, type ReceiveDeps } from '#src/adapters/wecom/receive.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import { silentLog } from '#src/kernel/log.ts';
import { systemClock } from '#src/kernel/time.ts';
import { OURS } from './vectors.ts';

const PATH = '/webhooks/wecom';
const now = () => String(Math.floor(Date.now() / 1000));

let heard: Omit<ChatEvent, 'channel' | 'account'>[] = [];
let lines: string[] = [];
let failing = false;
let slow: Promise<unknown> = Promise.resolve();
let server: FastifyInstance;

beforeAll(async () => {
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  server = await listening({ log });
});
afterAll(() => server.close());
beforeEach(() => {
  heard = [];
  lines = [];
});
afterEach(() => {
  failing = false;
  slow = Promise.resolve();
});

async function listening(more: Partial<ReceiveDeps> = {}): Promise<FastifyInstance> {
  const made = Fastify();
  await listenForCallbacks(made, {
    corpId: OURS.receiveId,
    token: OURS.token,
    aesKey: OURS.aesKey,
    clock: systemClock,
    log: silentLog,
    receive: async (event) => {
      await slow;
      if (failing) throw new Error('Failed query, params: 机密的话', { cause: new Error('no database') });
      heard.push(event);
      return {};
    },
    messageOfTask: async () => undefined,
    onTap: async () => undefined,
    onHint: () => undefined,
    ...more,
  });
  return made;
}

const aText = (words: string, id = String(Math.floor(Math.random() * 1e15))) =>
  `<xml><FromUserName><![CDATA[Anna]]></FromUserName><CreateTime>${now()}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${words}]]></Content><MsgId>${id}</MsgId></xml>`;

interface Request {
  query: Record<string, string>;
  payload: string;
}

function sealed(
  plain: string,
  { receiveId = OURS.receiveId, token = OURS.token, timestamp = now(), encrypted = '' } = {},
): Request {
  const body = encrypted || encrypt(OURS.aesKey, plain, receiveId);
  const nonce = randomBytes(6).toString('hex');
  const msg_signature = getSignature(token, timestamp, nonce, body);
  return {
    query: { msg_signature, timestamp, nonce },
    payload: `<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[${body}]]></Encrypt></xml>`,
  };
}

const post = ({ query, payload }: Request, to = server) =>
  to.inject({ method: 'POST', url: PATH, query, payload, headers: { 'content-type': 'text/xml' } });

describe('the verification of the address', () => {
  const verify = (echostr: string, token = OURS.token) => {
    const timestamp = now();
    const msg_signature = getSignature(token, timestamp, 'n', echostr);
    return server.inject({ url: PATH, query: { msg_signature, timestamp, nonce: 'n', echostr } });
  };

  it('is answered with the words inside, and nothing else', async () => {
    const answer = await verify(encrypt(OURS.aesKey, '8374652910', OURS.receiveId));
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe('8374652910');
    expect(answer.headers['content-type']).toContain('text/plain');
  });

  it('bears a plus sign that somebody forgot to escape', async () => {
    let echostr = '';
    while (!echostr.includes('+')) echostr = encrypt(OURS.aesKey, '17', OURS.receiveId);
    const timestamp = now();
    const msg_signature = getSignature(OURS.token, timestamp, 'n', echostr);
    const query = `msg_signature=${msg_signature}&timestamp=${timestamp}&nonce=n&echostr=${echostr}`;
    expect((await server.inject({ url: `${PATH}?${query}` })).body).toBe('17');
  });

  it('is refused with a wrong token, for another corporation, and without an echostr', async () => {
    expect((await verify(encrypt(OURS.aesKey, '1', OURS.receiveId), 'other')).statusCode).toBe(403);
    expect((await verify(encrypt(OURS.aesKey, '1', 'ww-other'))).statusCode).toBe(403);
    expect((await server.inject({ url: PATH })).statusCode).toBe(400);
  });
});

describe('a message', () => {
  it('is heard, and answered with an empty 200', async () => {
    const answer = await post(sealed(aText('打卡', '77')));
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(heard).toMatchObject([
      { key: 'm:77', actor: 'anna', place: { kind: 'private' }, payload: { kind: 'text', text: '打卡' } },
    ]);
  });

  it('may hold what looks like a declaration, because people write such things', async () => {
    await post(sealed(aText('<!DOCTYPE html> 怎么写？ &amp;')));
    expect(heard).toMatchObject([{ payload: { text: '<!DOCTYPE html> 怎么写？ &amp;' } }]);
  });

  it('that comes again as the very same request has no second effect', async () => {
    const request = sealed(aText('打卡'));
    expect((await post(request)).statusCode).toBe(200);
    expect((await post(request)).statusCode).toBe(200);
    expect(heard).toHaveLength(1);
  });

  it('that could not be recorded is asked for again, and is then heard', async () => {
    const request = sealed(aText('打卡'));
    failing = true;
    expect((await post(request)).statusCode).toBe(500);
    failing = false;
    expect((await post(request)).statusCode).toBe(200);
    expect(heard).toHaveLength(1);
  });

  it('that takes longer than the window is answered with an empty 200 and goes on', async () => {
    const impatient = await listening({ answerWithinMs: 30 });
    let go: (value?: unknown) => void = () => undefined;
    slow = new Promise((resolve) => {
      go = resolve;
    });
    const answer = await post(sealed(aText('打卡')), impatient);
    expect([answer.statusCode, heard.length]).toEqual([200, 0]);
    go();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard).toHaveLength(1);
    await impatient.close();
  });
});

describe('what is refused', () => {
  const doctype = '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
  const bomb = `<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "${'&a;'.repeat(10)}">`).join('')}]>`;
  const good = aText('打卡');
  const whole = Buffer.from(encrypt(OURS.aesKey, good, OURS.receiveId), 'base64');

  it.each<[string, number, Request]>([
    [
      'a wrong signature',
      403,
      { ...sealed(good), query: { ...sealed(good).query, msg_signature: 'a'.repeat(40) } },
    ],
    ['another token', 403, sealed(good, { token: 'other' })],
    ['another corporation', 403, sealed(good, { receiveId: 'ww-other' })],
    ['a message from an hour ago', 403, sealed(good, { timestamp: String(Number(now()) - 3600) })],
    ['a message from the future', 403, sealed(good, { timestamp: String(Number(now()) + 3600) })],
    [
      'a truncated cipher',
      403,
      sealed('', { encrypted: whole.subarray(0, whole.length - 32).toString('base64') }),
    ],
    ['half a block', 403, sealed('', { encrypted: whole.subarray(0, whole.length - 5).toString('base64') })],
    ['an external entity', 400, sealed(doctype + good.replace('打卡', '&x;'))],
    ['a bomb of entities', 400, sealed(bomb + good.replace('打卡', '&a19;'))],
    ['no XML', 400, sealed('{"FromUserName":"Anna"}')],
    ['a hundred thousand levels', 400, sealed(`<xml>${'<a>'.repeat(100_000)}</xml>`)],
    ['a message of nobody', 400, sealed('<xml><MsgType>text</MsgType><CreateTime>1</CreateTime></xml>')],
    ['no envelope', 400, { ...sealed(good), payload: '<xml></xml>' }],
    ['no body', 400, { ...sealed(good), payload: '' }],
    ['a query without a signature', 400, { ...sealed(good), query: {} }],
  ])('%s', async (_name, status, request) => {
    expect((await post(request)).statusCode).toBe(status);
    expect(heard).toEqual([]);
  });

  it('a body of more than a megabyte', async () => {
    const answer = await post({ ...sealed(good), payload: 'x'.repeat(1_100_000) });
    expect(answer.statusCode).toBe(413);
  });

  it('a query whose values come twice', async () => {
    const { query, payload } = sealed(good);
    const once = new URLSearchParams(query).toString();
    const twice = `${once}&${once}`;
    expect((await server.inject({ method: 'POST', url: `${PATH}?${twice}`, payload })).statusCode).toBe(400);
  });

  it('is logged without what it held', async () => {
    await post(sealed('<xml><MsgType>机密的话</MsgType></xml>'));
    await post({ query: { msg_signature: 'geheim', timestamp: now(), nonce: 'n' }, payload: '机密的话' });
    failing = true;
    await post(sealed(aText('机密的话')));
    expect(lines.join()).toContain('no database');
    expect(lines.join()).not.toMatch(/机密|geheim/);
  });

  it('ten thousand pieces of junk, each with a 4xx, and the next good message is heard', async () => {
    const kinds: (() => Request)[] = [
      () => ({ query: {}, payload: randomBytes(64).toString('latin1') }),
      () => ({
        ...sealed(good),
        payload: `<xml><Encrypt>${randomBytes(48).toString('base64')}</Encrypt></xml>`,
      }),
      () => sealed('', { encrypted: randomBytes(32 * Math.ceil(Math.random() * 8)).toString('base64') }),
      () => sealed(randomBytes(40).toString('latin1')),
      () => sealed(`<xml>${'<'.repeat(Math.ceil(Math.random() * 50))}`),
      () => sealed(good, { receiveId: randomBytes(8).toString('hex') }),
      () => ({ query: { msg_signature: '%00', timestamp: '-1', nonce: '' }, payload: '<xml/>' }),
      () => sealed(good.slice(0, Math.floor(Math.random() * (good.length - 6)))),
    ];
    const statuses = new Map<number, number>();
    for (let index = 0; index < 10_000; index += 1) {
      const { statusCode } = await post((kinds[index % kinds.length] as () => Request)());
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    }
    expect([...statuses.keys()].filter((status) => status < 400 || status >= 500)).toEqual([]);
    expect(heard).toEqual([]);
    expect((await post(sealed(aText('打卡')))).statusCode).toBe(200);
    expect(heard).toHaveLength(1);
  }, 180_000);
});
