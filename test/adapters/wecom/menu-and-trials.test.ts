import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from '#src/adapters/wecom/client.ts';
import { wecomTrials } from '#src/adapters/wecom/index.ts';
import { putMenu } from '#src/adapters/wecom/menu.ts';
import { behaviourSchema } from '#src/config/behaviour.ts';
import { silentLog } from '#src/kernel/log.ts';
import type { WecomSimulator } from '#src/simulators/wecom/index.ts';
import { optionsFor, startPlatform } from './support.ts';

let simulator: WecomSimulator;
beforeEach(async () => {
  simulator = await startPlatform();
});
afterEach(() => simulator.close());

const { menu } = behaviourSchema.parse({}).wecom;

describe('the menu', () => {
  const put = (items = menu) => {
    const { app } = optionsFor(simulator);
    return putMenu(createClient({ ...app, log: silentLog }), app.agentId, items, silentLog);
  };

  it('is put once and then left alone; every item says a word', async () => {
    await put();
    await put();
    expect(simulator.calls('menu/create')).toBe(1);
    expect(simulator.world.menu).toMatchObject({
      button: [
        { type: 'click', name: '打卡', key: '打卡' },
        { key: '今日技巧' },
        { name: '更多', sub_button: [{ key: '我的' }, { key: '排行榜' }, { key: '帮助' }] },
      ],
    });
  });

  it('is put again when the configuration has changed', async () => {
    await put();
    await put([{ name: '答题', word: '答题' }]);
    expect(simulator.calls('menu/create')).toBe(2);
  });

  it('is left alone when the configuration is empty, and a failure stops nothing', async () => {
    await put([]);
    expect(simulator.calls('menu/get')).toBe(0);
    simulator.fails('menu/create', { kind: 'errcode', errcode: 60_011 });
    await put();
  });
});

describe('the doctor', () => {
  const trials = async (publicUrl = 'https://cuhuo.example.com', more = {}) => {
    const { app, robot } = optionsFor(simulator);
    return wecomTrials({ app: { ...app, ...more }, robot, publicUrl, log: silentLog });
  };
  const sentences = (found: Awaited<ReturnType<typeof trials>>) =>
    found.map(({ sentence }) => sentence).join('\n');

  it('finds nothing where all is right', async () => {
    expect((await trials()).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  it('says what to do about the secret, the agent id, the address and the way to us', async () => {
    expect(sentences(await trials(undefined, { secret: 'wrong' }))).toContain('CUHUO_WECOM_SECRET');
    simulator.fails('agent/get', { kind: 'errcode', errcode: 301_002 });
    expect(sentences(await trials(undefined))).toContain('the secret belongs to another app');
    simulator.world.trustedIps.add('10.0.0.1');
    expect(sentences(await trials())).toMatch(/127\.0\.0\.1.*企业可信IP/);
    expect(sentences(await trials('http://127.0.0.1:8787'))).toContain('CUHUO_PUBLIC_URL');
  });

  it('says when nobody answers', async () => {
    expect(sentences(await trials(undefined, { baseUrl: 'http://127.0.0.1:1' }))).toContain(
      'CUHUO_WECOM_BASE_URL',
    );
  });
});
