import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decrypt, isSignedBy } from '#src/adapters/feishu/crypto.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import { createLog } from '#src/kernel/log.ts';
import { manualClock } from '#src/kernel/time.ts';
import { encrypt, signed } from '#src/simulators/feishu/crypto.ts';
import { ENCRYPT_KEY, type FeishuSetUp, setUp } from './support.ts';

/** V2 and V3 of the fact sheet, made with the official SDK's code. */
const IV = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const V2 =
  'AAECAwQFBgcICQoLDA0ODygxCRD00ikE2ev/uv2HP2eaFMOS88c+1AoPDd0/R78xE0UxFU1zlsJiTsrTPImrqDIdbqTk/cD5pM9MPcZPvVewB6TBt45sojkDiqd7cMgC';
const PLAIN_V2 = '{"challenge":"ajls384kdjxxxx","token":"vtoken","type":"url_verification"}';
const V2_SIGNATURE = '518c0f464f22ef077aea7cd8d2d4e23180a6325c4eae9495de1f3b0b8583ee2e';
const STAMP = { timestamp: '1609073151', nonce: 'nonce123' };
const clock = manualClock('2020-12-27T12:45:51Z');

let up: FeishuSetUp;
let events: ChatEvent[] = [];
let lines: string[] = [];
beforeAll(async () => {
  const log = createLog('info', { write: (line) => void lines.push(line) });
  up = await setUp({
    mode: 'webhook',
    clock,
    log,
    simulator: { verificationToken: 'vtoken', now: () => clock.now().epochMilliseconds },
    receive: async (event) => {
      events.push(event);
      return {};
    },
  });
});
afterAll(() => up.close());
beforeEach(() => {
  [events, lines] = [[], []];
});

function post(body: string | Buffer, headers: Record<string, string> = {}) {
  const all = { 'content-type': 'application/json', ...headers };
  return up.server.inject({ method: 'POST', url: '/webhooks/feishu', payload: body, headers: all });
}
const sealedAs = (plain: string) => JSON.stringify({ encrypt: encrypt(plain, ENCRYPT_KEY) });
const signedNow = (body: string) =>
  signed(body, {
    encryptKey: ENCRYPT_KEY,
    timestamp: String(clock.now().epochMilliseconds / 1_000),
    nonce: 'n',
  });

function messageEvent(change: { app_id?: string; token?: string } = {}): string {
  const header = { event_id: 'e1', event_type: 'im.message.receive_v1', create_time: '1609073151000' };
  const sender = { sender_id: { open_id: up.anna }, sender_type: 'user' };
  const message = { message_id: 'om_1', create_time: '1609073151345', chat_id: 'oc_1', chat_type: 'p2p' };
  const content = { message_type: 'text', content: '{"text":"打卡 机密"}' };
  return JSON.stringify({
    schema: '2.0',
    header: { ...header, token: 'vtoken', app_id: up.feishu.appId, ...change },
    event: { sender, message: { ...message, ...content } },
  });
}

describe('the vectors of the fact sheet', () => {
  it('decrypts', () => {
    const official = 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=';
    expect(decrypt(official, 'test key')).toBe('hello world');
    expect(decrypt(V2, ENCRYPT_KEY)).toBe(PLAIN_V2);
    expect(encrypt(PLAIN_V2, ENCRYPT_KEY, IV)).toBe(V2);
  });

  it('knows the signature, and no other', () => {
    const body = Buffer.from(JSON.stringify({ encrypt: V2 }));
    const right = { ...STAMP, signature: V2_SIGNATURE };
    expect(isSignedBy(ENCRYPT_KEY, body, right)).toBe(true);
    const other = Buffer.from(body);
    other[20] = (other[20] ?? 0) ^ 1;
    expect(isSignedBy(ENCRYPT_KEY, other, right)).toBe(false);
    expect(isSignedBy(ENCRYPT_KEY, body, { ...right, nonce: 'nonce124' })).toBe(false);
    expect(isSignedBy(ENCRYPT_KEY, body, { ...right, timestamp: '1609073152' })).toBe(false);
  });

  it('answers the challenge, signed or not', async () => {
    const body = JSON.stringify({ encrypt: V2 });
    expect((await post(body)).json()).toEqual({ challenge: 'ajls384kdjxxxx' });
    const headers = signed(body, { encryptKey: ENCRYPT_KEY, ...STAMP });
    expect(headers['x-lark-signature']).toBe(V2_SIGNATURE);
    expect((await post(body, headers)).json()).toEqual({ challenge: 'ajls384kdjxxxx' });
    expect(await up.feishu.verifyUrl({ url: up.url, encryptKey: ENCRYPT_KEY })).toBe(true);
  });
});

describe('what is refused', () => {
  it('takes the event that all the others here are spoilt copies of', async () => {
    const body = sealedAs(messageEvent());
    expect((await post(body, signedNow(body))).statusCode).toBe(200);
    expect(events).toHaveLength(1);
  });

  const old = (seconds: number) => (body: string) => {
    const timestamp = String(clock.now().epochMilliseconds / 1_000 + seconds);
    return signed(body, { encryptKey: ENCRYPT_KEY, timestamp, nonce: 'n' });
  };
  const forged = (body: string) => ({ ...signedNow(body), 'x-lark-signature': 'f'.repeat(64) });
  it.each([
    ['unsigned', () => sealedAs(messageEvent()), () => ({}), 401],
    ['forged', () => sealedAs(messageEvent()), forged, 401],
    ['eight hours old', () => sealedAs(messageEvent()), old(-8 * 3_600), 403],
    ['an hour in the future', () => sealedAs(messageEvent()), old(3_600), 403],
    ['not encrypted', messageEvent, signedNow, 400],
    ['a plain challenge', () => PLAIN_V2, () => ({}), 401],
    ['undecryptable', () => '{"encrypt":"AAAA"}', signedNow, 400],
    ['encrypted by another key', () => JSON.stringify({ encrypt: encrypt('{}', 'x') }), signedNow, 400],
    ['no event', () => sealedAs('[1,2]'), signedNow, 400],
    ['of another app', () => sealedAs(messageEvent({ app_id: 'cli_other' })), signedNow, 403],
    ['of another token', () => sealedAs(messageEvent({ token: 'guess' })), signedNow, 403],
    ['too large', () => 'x'.repeat(1_000_001), () => ({}), 413],
  ])('%s', async (_name, body, headers, status) => {
    const payload = body();
    expect((await post(payload, headers(payload))).statusCode).toBe(status);
    expect(events).toEqual([]);
    expect(lines.join()).not.toContain('机密');
  });

  it('10,000 junk requests: refused each, logged without content, and the next event still counts', async () => {
    const secret = 'SECRET-CONTENT';
    const junk = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.base64String().map((text) => JSON.stringify({ encrypt: text, secret })),
      fc.anything().map((value) => JSON.stringify({ encrypt: value }) ?? ''),
      fc.json().map((text) => sealedAs(text)),
    );
    const head = fc.option(fc.string({ maxLength: 70 }).map((text) => encodeURIComponent(text)));
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(junk, head, fc.boolean(), async (body, signature, isSigned) => {
        const stamp = { 'x-lark-request-timestamp': '1', 'x-lark-request-nonce': 'n' };
        const wrong = signature === null ? {} : { ...stamp, 'x-lark-signature': signature };
        const right = typeof body === 'string' && isSigned ? signedNow(body) : undefined;
        const { statusCode } = await post(body, right ?? wrong);
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
        expect([400, 401, 403]).toContain(statusCode);
      }),
      { numRuns: 10_000 },
    );
    expect([...statuses.values()].reduce((a, b) => a + b)).toBe(10_000);
    expect(lines.join()).not.toContain(secret);
    expect(events).toEqual([]);
    expect((await up.feishu.people.says(up.anna, '打卡'))?.ok).toBe(true);
    expect(events).toHaveLength(1);
  }, 120_000);
});
