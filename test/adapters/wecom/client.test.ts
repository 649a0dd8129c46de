import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { adviceOn } from '#src/adapters/wecom/advice.ts';
import { createClient, type WecomClient } from '#src/adapters/wecom/client.ts';
import { silentLog } from '#src/kernel/log.ts';
import { startWecomSimulator, type WecomSimulator } from '#src/simulators/wecom/index.ts';

let simulator: WecomSimulator;
let ahead = 0;
beforeEach(async () => {
  ahead = 0;
  simulator = await startWecomSimulator({ now: () => Date.now() + ahead });
});
afterEach(() => simulator.close());

const clientWith = (secret = simulator.world.secret): WecomClient =>
  createClient({
    baseUrl: simulator.url,
    corpId: simulator.world.corpId,
    secret,
    log: silentLog,
    now: () => Date.now() + ahead,
  });
const ask = (client: WecomClient) => client.call('department/simplelist');

describe('the token', () => {
  it('is fetched once for many calls at the same time', async () => {
    const client = clientWith();
    await Promise.all(Array.from({ length: 20 }, () => ask(client)));
    expect(simulator.calls('gettoken')).toBe(1);
  });

  it('is renewed before it ends', async () => {
    const client = clientWith();
    await ask(client);
    ahead = 7_200_000 - 240_000;
    await ask(client);
    expect(simulator.calls('gettoken')).toBe(2);
  });

  it.each([
    ['was invalidated', () => simulator.invalidateTokens()],
    [
      'has expired early',
      () => simulator.fails('department/simplelist', { kind: 'errcode', errcode: 42_001 }),
    ],
  ])('that %s in the middle is replaced, and the call made again once', async (_name, happen) => {
    const client = clientWith();
    await ask(client);
    happen();
    await Promise.all([ask(client), ask(client), ask(client)]);
    expect(simulator.calls('gettoken')).toBe(2);
  });

  it('that is refused again does not make a circle', async () => {
    const client = clientWith();
    const expired = { kind: 'errcode', errcode: 42_001 } as const;
    simulator.fails('department/simplelist', expired, expired, expired);
    await expect(ask(client)).rejects.toMatchObject({ platformCode: '42001', fate: 'sign-in' });
    expect(simulator.calls('department/simplelist')).toBe(2);
  });

  it('of a wrong secret is asked for once in ten minutes, because WeCom would block our address', async () => {
    const client = clientWith('wrong');
    for (let n = 0; n < 5; n += 1)
      await expect(ask(client)).rejects.toMatchObject({ platformCode: '40001', fate: 'wait' });
    expect(simulator.calls('gettoken')).toBe(1);
    expect(client.trouble()).toContain('CUHUO_WECOM_SECRET');
    ahead = 11 * 60_000;
    await expect(ask(client)).rejects.toMatchObject({ platformCode: '40001' });
    expect(simulator.calls('gettoken')).toBe(2);
  });
});

describe('an administrator is told', () => {
  it('which address to add where, and no longer once it is there', async () => {
    const client = clientWith();
    simulator.world.trustedIps.add('10.0.0.1');
    await expect(ask(client)).rejects.toMatchObject({ platformCode: '60020', fate: 'wait', waitMs: 60_000 });
    expect(client.trouble()).toContain('127.0.0.1');
    expect(client.trouble()).toContain('企业可信IP');
    simulator.world.trustedIps.clear();
    await ask(client);
    expect(client.trouble()).toBeUndefined();
  });

  it.each([40_001, 40_013, 40_056, 301_002, 43_012, 48_006, 45_009, 853_000])(
    'what to do about %i, in one sentence',
    (code) => {
      expect(adviceOn(code).sentence).toMatch(/^\S.{20,}[^.]$/);
    },
  );
});

describe('no answer', () => {
  it('may have had its effect after a lost answer or a status of 5xx', async () => {
    const client = clientWith();
    simulator.fails('message/send', { kind: 'lost' }, { kind: 'status', status: 502 });
    const sending = () => client.call('message/send', { body: {} });
    await expect(sending()).rejects.toMatchObject({ fate: 'retry', unanswered: true });
    await expect(sending()).rejects.toMatchObject({ fate: 'retry', unanswered: true });
  });

  it('in time ends the call', async () => {
    const client = clientWith();
    await ask(client);
    simulator.fails('user/get', { kind: 'hang' });
    await expect(client.call('user/get', { timeoutMs: 50 })).rejects.toMatchObject({
      platformCode: 'TIMEOUT',
      unanswered: true,
    });
  });

  it('from a server that is not there had none', async () => {
    const client = clientWith();
    await simulator.close();
    await expect(ask(client)).rejects.toMatchObject({ fate: 'retry', unanswered: false });
    simulator = await startWecomSimulator();
  });
});
