import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiSecretOf } from '#src/adapters/dingtalk/route.ts';
import {
  cardSign,
  decryptAnswer,
  encryptEvent,
  eventSign,
  robotSign,
} from '#src/simulators/dingtalk/signatures.ts';
import { ANNA, BEN } from './office.ts';
import { type Opened, openOffice } from './opened.ts';

const HOUR_MS = 3_600_000;
let the: Opened;
beforeAll(async () => {
  the = await openOffice({ mode: 'webhook' });
});
afterAll(async () => the.close());

const message = (msgId: string, more: object = {}) => ({
  msgId,
  conversationId: 'c',
  conversationType: '1',
  senderStaffId: ANNA,
  createAt: Date.now(),
  text: { content: '打卡' },
  ...more,
});

async function post(
  body: string | Buffer,
  headers: Record<string, string> = {},
  query = '',
): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`${the.address}/webhooks/dingtalk${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const signed = (at = Date.now(), secret = the.simulator.settings.clientSecret) => ({
  timestamp: String(at),
  sign: robotSign(String(at), secret),
});

function sealedEvent(
  data: object,
  options: { at?: number; token?: string; aesKey?: string; owner?: string } = {},
) {
  const { settings } = the.simulator;
  const timestamp = String(options.at ?? Date.now());
  const nonce = randomBytes(5).toString('hex');
  const { aesKey = settings.aesKey, owner = settings.clientId, token = settings.token } = options;
  const encrypt = encryptEvent(JSON.stringify(data), { aesKey, owner });
  const msg_signature = eventSign(token, timestamp, nonce, encrypt);
  const query = `?${new URLSearchParams({ msg_signature, timestamp, nonce }).toString()}`;
  return { body: JSON.stringify({ encrypt }), query };
}

describe('a robot message', () => {
  it('that is signed is heard', async () => {
    const before = the.events.length;
    expect(await post(JSON.stringify(message('m1')), signed())).toMatchObject({
      status: 200,
      body: { msgtype: 'empty' },
    });
    expect(the.events.length - before).toBe(1);
  });

  it.each<[string, () => Record<string, string>, number]>([
    ['without a signature', () => ({}), 400],
    ['with a wrong signature', () => ({ ...signed(), sign: 'AAAA' }), 401],
    ['signed with another secret', () => signed(Date.now(), 'another'), 401],
    ['signed for another time', () => ({ ...signed(), timestamp: String(Date.now() - 1) }), 401],
    ['signed more than an hour ago', () => signed(Date.now() - HOUR_MS - 5_000), 401],
    ['signed for an hour ahead', () => signed(Date.now() + HOUR_MS + 5_000), 401],
    ['signed for a time that is none', () => ({ timestamp: 'x', sign: robotSign('x', 'y') }), 401],
  ])('%s is refused and not heard', async (_name, headers, status) => {
    const before = the.events.length;
    expect((await post(JSON.stringify(message('refused')), headers())).status).toBe(status);
    expect(the.events.length).toBe(before);
  });

  it('larger than a megabyte is not read', async () => {
    const large = JSON.stringify(message('large', { text: { content: 'x'.repeat(1_100_000) } }));
    expect((await post(large, signed())).status).toBe(413);
  });

  it('of another organisation is not heard', async () => {
    const before = the.events.length;
    await post(JSON.stringify(message('m2', { senderCorpId: 'dingother' })), signed());
    expect(the.events.length).toBe(before);
  });

  it('that failed is answered with 500, so that it comes again', async () => {
    the.answerWith(async () => {
      throw new Error('the database is away');
    });
    expect((await post(JSON.stringify(message('m3')), signed())).status).toBe(500);
    the.answerWith(async () => ({}));
  });
});

describe('an event', () => {
  it('of the console’s URL check is answered with success, encrypted', async () => {
    const { body, query } = sealedEvent({ EventType: 'check_url' });
    const answer = await post(body, {}, query);
    const { settings } = the.simulator;
    expect(decryptAnswer(answer.body['encrypt'] ?? '', settings.aesKey)).toEqual({
      plain: 'success',
      owner: settings.clientId,
    });
    const { timeStamp = '', nonce = '', encrypt = '', msg_signature } = answer.body;
    expect(msg_signature).toBe(eventSign(settings.token, timeStamp, nonce, encrypt));
  });

  it('of a reading is heard, however its fields are written', async () => {
    const before = the.events.length;
    const data = {
      EventType: 'robot_msg_read',
      UserId: BEN,
      ProcessQueryKey: 'pq',
      OperatTime: 1_700_000_000_000,
    };
    const { body, query } = sealedEvent(data);
    expect((await post(body, {}, query)).status).toBe(200);
    expect(the.events.slice(before)).toMatchObject([
      { actor: BEN, payload: { kind: 'read', messageId: `robot:pq:${BEN}` } },
    ]);
  });

  it.each<[string, () => ReturnType<typeof sealedEvent>]>([
    ['with another token', () => sealedEvent({}, { token: 'other' })],
    ['with another key', () => sealedEvent({}, { aesKey: 'z'.repeat(43) })],
    ['for another app', () => sealedEvent({}, { owner: 'dingother' })],
    ['more than an hour old', () => sealedEvent({}, { at: Date.now() - HOUR_MS - 5_000 })],
  ])('%s is refused', async (_name, make) => {
    const { body, query } = make();
    expect((await post(body, {}, query)).status).toBe(401);
  });
});

describe('a click', () => {
  const click = (userId = ANNA) =>
    JSON.stringify({
      type: 'actionCallback',
      outTrackId: 'card-1',
      userId,
      value: JSON.stringify({ params: { action: 'check-in', n1: 'answer', v1: 'b' } }),
    });
  const stamped = (at = Date.now(), secret = apiSecretOf(the.simulator.settings)) => ({
    'x-ddpaas-signature-timestamp': String(at),
    'x-ddpaas-signature': cardSign(String(at), secret),
  });

  it('is heard in both shapes of the documentation, and a repeat has the same key', async () => {
    const before = the.events.length;
    const headers = stamped();
    await post(click(), headers);
    await post(click(), headers);
    await post(click(BEN), headers);
    const heard = the.events.slice(before);
    expect(heard).toMatchObject([
      { actor: ANNA, payload: { kind: 'action', actionId: 'check-in', inputs: { answer: 'b' } } },
      { actor: ANNA },
      { actor: BEN },
    ]);
    expect(heard[1]?.key).toBe(heard[0]?.key);
    expect(heard[2]?.key).not.toBe(heard[0]?.key);
  });

  it.each<[string, () => Record<string, string>]>([
    ['with another secret', () => stamped(Date.now(), 'other')],
    ['from yesterday', () => stamped(Date.now() - 24 * HOUR_MS)],
  ])('%s is refused', async (_name, headers) => {
    expect((await post(click(), headers())).status).toBe(401);
  });
});

it('ten thousand junk requests are refused, one by one, and the next real one is heard', async () => {
  const before = the.events.length;
  const statuses = new Map<number, number>();
  const junk = (seed: number): [string | Buffer, Record<string, string>, string] => {
    const bytes = randomBytes(seed % 300);
    const right = signed();
    switch (seed % 6) {
      case 0:
        return [bytes, {}, ''];
      case 1:
        return [
          JSON.stringify(message(`junk${seed}`)),
          { ...right, sign: bytes.toString('base64') || 'x' },
          '',
        ];
      case 2:
        return [bytes, right, ''];
      case 3:
        return [
          JSON.stringify({ encrypt: bytes.toString('base64') }),
          {},
          '?timestamp=1&nonce=2&msg_signature=3',
        ];
      case 4:
        return [bytes, { 'x-ddpaas-signature': 'x', 'x-ddpaas-signature-timestamp': String(Date.now()) }, ''];
      default: {
        const { body, query } = sealedEvent({ EventType: 'x' }, { aesKey: 'q'.repeat(43) });
        return [body, {}, query];
      }
    }
  };
  for (let start = 0; start < 10_000; start += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async (_none, index) => {
        const { status } = await post(...junk(start + index));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }),
    );
  }
  expect([...statuses.keys()].filter((status) => status !== 400 && status !== 401)).toEqual([]);
  expect(the.events.length).toBe(before);
  await post(JSON.stringify(message('after the junk')), signed());
  expect(the.events.length).toBe(before + 1);
}, 300_000);
