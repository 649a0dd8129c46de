import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WSClient, WsCmd } from '@wecom/aibot-node-sdk';
import { decrypt, getSignature } from '@wecom/crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { envelope } from '#src/simulators/wecom/callback.ts';
import { buttonsOf } from '#src/simulators/wecom/client.ts';
import { startWecomSimulator, verifyUrl, type WecomSimulator } from '#src/simulators/wecom/index.ts';

let simulator: WecomSimulator;
let token: string;
const servers: FastifyInstance[] = [];
beforeEach(async () => {
  simulator = await startWecomSimulator();
  simulator.client.addPerson({ userid: 'Anna' });
  simulator.client.addPerson({ userid: 'ben' });
  token = await fresh();
});
afterEach(async () => {
  await simulator.close();
  for (const server of servers.splice(0)) await server.close();
});

type Json = Record<string, unknown>;

async function get(path: string): Promise<Json> {
  return (await (await fetch(`${simulator.url}/cgi-bin/${path}`)).json()) as Json;
}
async function fresh(): Promise<string> {
  const { corpId, secret } = simulator.world;
  return String((await get(`gettoken?corpid=${corpId}&corpsecret=${secret}`))['access_token']);
}
async function post(path: string, body: object, withToken = token): Promise<Json> {
  const url = `${simulator.url}/cgi-bin/${path}?access_token=${withToken}`;
  return (await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()) as Json;
}
const text = (touser: string, content: string, more: object = {}) =>
  post('message/send', {
    touser,
    agentid: simulator.world.agentId,
    msgtype: 'text',
    text: { content },
    ...more,
  });
const card = (touser: string, template_card: object) =>
  post('message/send', {
    touser,
    agentid: simulator.world.agentId,
    msgtype: 'template_card',
    template_card,
  });
const PRESSED = {
  card_type: 'button_interaction',
  main_title: { title: '打卡' },
  button_list: [{ text: '打卡', key: 'k' }],
};

async function callback(answer: (attempt: number) => number): Promise<string[]> {
  const bodies: string[] = [];
  const server = Fastify();
  servers.push(server);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.post('/', async (request, reply) => {
    bodies.push(String(request.body));
    return reply.code(answer(bodies.length)).send('');
  });
  simulator.world.callbackUrl = await server.listen({ host: '127.0.0.1', port: 0 });
  return bodies;
}

describe('tokens', () => {
  it('are the same until their end, then 42001; forced ones are 40014', async () => {
    expect(await fresh()).toBe(token);
    simulator.world.advance(7_200_001);
    expect(await text('anna', 'x')).toMatchObject({ errcode: 42_001 });
    expect(await post('message/send', {}, 'made-up')).toMatchObject({ errcode: 40_014 });
    expect(await get('message/send')).toMatchObject({ errcode: 41_001 });
    expect(await get('gettoken?corpid=x&corpsecret=y')).toMatchObject({ errcode: 40_013 });
  });

  it('answer errors with 200, the text of the wild, and the code as a header', async () => {
    const answer = await fetch(`${simulator.url}/cgi-bin/message/send?access_token=x`, { method: 'POST' });
    expect([answer.status, answer.headers.get('error-code')]).toEqual([200, '40014']);
    expect(((await answer.json()) as Json)['errmsg']).toMatch(
      /^invalid access_token, hint: \[\d+\], from ip: [\d.]+, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=40014$/,
    );
  });
});

describe('message/send', () => {
  it.each<[string, () => Promise<Json>, number]>([
    ['another app', () => text('anna', 'x', { agentid: 1 }), 301_002],
    ['an unknown type', () => text('anna', 'x', { msgtype: 'song' }), 40_008],
    ['nobody', () => text('', 'x'), 82_001],
    ['1,001 people', () => text(Array.from({ length: 1001 }, (_, i) => `p${i}`).join('|'), 'x'), 40_032],
    ['nothing to say', () => text('anna', ''), 44_004],
    ['only strangers', () => text('x|y', 'x'), 81_013],
    ['a button without a callback', () => card('anna', { ...PRESSED, task_id: 't' }), 43_012],
  ])('refuses %s', async (_name, sending, errcode) => {
    expect(await sending()).toMatchObject({ errcode });
  });

  it('cuts a text at 2,048 bytes in silence and names whom it does not know in lower case', async () => {
    expect(await text('ANNA|Nobody', '字'.repeat(1000))).toMatchObject({ errcode: 0, invaliduser: 'nobody' });
    const [delivery] = simulator.client.chat('anna');
    expect(Buffer.byteLength(String(delivery?.content.body['content']))).toBe(2046);
  });

  it('drops the thirty-first in a minute and says ok', async () => {
    for (let n = 0; n < 31; n += 1) expect(await text('anna', `${n}`)).toMatchObject({ errcode: 0 });
    expect([simulator.client.chat('anna').length, simulator.world.dropped]).toEqual([30, 1]);
    simulator.world.advance(60_000);
    await text('anna', 'again');
    expect(simulator.client.chat('anna')).toHaveLength(31);
  });

  it('counts people a day, and answers 45009 beyond', async () => {
    await simulator.close();
    simulator = await startWecomSimulator({ accountLimit: 1 });
    token = await fresh();
    const ids = Array.from({ length: 150 }, (_, index) => `p${index}`);
    for (const userid of ids) simulator.client.addPerson({ userid });
    expect(await text(ids.join('|'), 'x')).toMatchObject({ errcode: 0 });
    expect(await text(ids.join('|'), 'y')).toMatchObject({ errcode: 45_009 });
  });

  it('delivers the same JSON once inside the interval', async () => {
    const once = { enable_duplicate_check: 1, duplicate_check_interval: 60 };
    await text('anna', 'x', once);
    await text('anna', 'x', once);
    expect(simulator.client.chat('anna')).toHaveLength(1);
    simulator.world.advance(61_000);
    await text('anna', 'x', once);
    expect(simulator.client.chat('anna')).toHaveLength(2);
  });

  it.each<[string, object, number]>([
    ['no type', { task_id: 't' }, 42_031],
    ['a task id of other signs', { ...PRESSED, task_id: 'a b' }, 42_014],
    [
      'seven buttons',
      {
        ...PRESSED,
        task_id: 't',
        button_list: Array.from({ length: 7 }, (_, i) => ({ text: 'x', key: `${i}` })),
      },
      42_038,
    ],
    [
      'two buttons of one key',
      {
        ...PRESSED,
        task_id: 't',
        button_list: [
          { text: 'a', key: 'k' },
          { text: 'b', key: 'k' },
        ],
      },
      42_051,
    ],
    [
      'a key of 1,025 bytes',
      { ...PRESSED, task_id: 't', button_list: [{ text: 'a', key: 'k'.repeat(1025) }] },
      42_039,
    ],
    ['a notice that leads nowhere', { card_type: 'text_notice', main_title: { title: 'x' } }, 42_045],
    [
      'a vote without options',
      {
        card_type: 'vote_interaction',
        task_id: 't',
        main_title: { title: 'x' },
        submit_button: { text: 'x', key: 'k' },
      },
      42_037,
    ],
  ])('refuses a card with %s', async (_name, template_card, errcode) => {
    await callback(() => 200);
    expect(await card('anna', template_card)).toMatchObject({ errcode });
  });
});

describe('one-time codes', () => {
  it('replace a card once, for whoever is named, for 72 hours', async () => {
    await callback(() => 200);
    const { response_code } = await card('anna|ben', { ...PRESSED, task_id: 't1' });
    const update = (code: unknown) =>
      post('message/update_template_card', {
        userids: ['Anna'],
        agentid: simulator.world.agentId,
        response_code: code,
        button: { replace_name: '已打卡' },
      });
    expect(await update(response_code)).toMatchObject({ errcode: 0, invaliduser: [] });
    expect(await update(response_code)).toMatchObject({ errcode: 60_140 });
    expect(simulator.client.chat('anna').map(buttonsOf)).toEqual([[]]);
    expect(simulator.client.chat('ben').map((one) => buttonsOf(one).length)).toEqual([1]);
    const second = await card('anna', { ...PRESSED, task_id: 't2' });
    simulator.world.advance(73 * 3_600_000);
    token = await fresh();
    expect(await update(second['response_code'])).toMatchObject({ errcode: 60_140 });
  });
});

describe('callbacks', () => {
  it('are what the vendor’s package opens, with a right signature', () => {
    const { world } = simulator;
    const { query, body } = envelope(world, '<xml>打卡</xml>');
    const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '';
    const given = new URLSearchParams(query);
    const [timestamp, nonce] = [given.get('timestamp') ?? '', given.get('nonce') ?? ''];
    expect(getSignature(world.token, timestamp, nonce, encrypted)).toBe(given.get('msg_signature'));
    expect(decrypt(world.aesKey, encrypted)).toMatchObject({ message: '<xml>打卡</xml>', id: world.corpId });
  });

  it('come again after a failure, three times in all, with the same words under another cipher', async () => {
    const bodies = await callback(() => 500);
    expect(await simulator.client.says('anna', '打卡')).toMatchObject({ attempts: 3, status: 500 });
    expect(new Set(bodies).size).toBe(3);
    const words = bodies.map(
      (body) => decrypt(simulator.world.aesKey, /CDATA\[([\w+/=]{50,})\]/.exec(body)?.[1] ?? '').message,
    );
    expect(new Set(words).size).toBe(1);
  });

  it('end with the first 200', async () => {
    await callback((attempt) => (attempt === 1 ? 502 : 200));
    expect(await simulator.client.says('anna', '打卡')).toMatchObject({ attempts: 2, status: 200 });
  });

  it('an address that does not answer the verification is not taken', async () => {
    expect(await verifyUrl(simulator.world, 'http://127.0.0.1:1')).toBe(false);
  });
});

describe('the robot, spoken to by the vendor’s own client', () => {
  function connect(secret = simulator.world.bot.secret) {
    const quiet = () => undefined;
    const client = new WSClient({
      botId: simulator.world.bot.id,
      secret,
      wsUrl: simulator.wsUrl,
      maxReconnectAttempts: 0,
      maxAuthFailureAttempts: 0,
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    client.on('error', quiet);
    return client;
  }
  const authenticated = (client: WSClient) =>
    new Promise<void>((resolve) => {
      client.on('authenticated', resolve);
      client.connect();
    });

  it('hears what is said, may answer, and is cut off by the next', async () => {
    simulator.client.addRobotGroup('g1', '群', ['anna']);
    const first = connect();
    await authenticated(first);
    const heard = new Promise<string>((resolve) => {
      first.on('message.text', (frame) => {
        void first.replyStream(frame, 's1', '在呢', true).then(() => resolve(frame.body?.text.content ?? ''));
      });
    });
    await simulator.robot.says('anna', '在吗', { group: 'g1' });
    expect(await heard).toBe('@促活 在吗');
    expect(simulator.client.groupChat('g1')).toHaveLength(1);
    const cut = new Promise((resolve) => first.on('event.disconnected_event', resolve));
    const second = connect();
    await authenticated(second);
    await cut;
    expect(simulator.robot.subscriptions()).toBe(2);
    first.disconnect();
    second.disconnect();
  });

  it('takes a file in chunks, and no message where nobody has spoken', async () => {
    simulator.client.addRobotGroup('g2', '群', ['anna']);
    const client = connect();
    await authenticated(client);
    const bytes = Buffer.alloc(1_300_000, 'x');
    const { media_id } = await client.uploadMedia(bytes, { type: 'file', filename: '大.txt' });
    expect(simulator.world.media.get(media_id)?.bytes.equals(bytes)).toBe(true);
    const sending = client.sendMessage('g2', { msgtype: 'markdown', markdown: { content: 'x' } });
    await expect(sending).rejects.toMatchObject({ errcode: 846_607 });
    const late = client.reply(
      { headers: { req_id: 'made-up' } },
      { msgtype: 'markdown' } as never,
      WsCmd.RESPONSE,
    );
    await expect(late).rejects.toMatchObject({ errcode: 846_605 });
    client.disconnect();
  });
});
