import { describe, expect, it } from '@jest/globals';
import { DINGTALK, FEISHU, load, problemsOf, WECOM, WECOM_BOT } from './load.ts';

const groups: [string, Record<string, string>][] = [
  ['feishu', FEISHU],
  ['wecom', WECOM],
  ['wecomBot', WECOM_BOT],
  ['dingtalk', DINGTALK],
];

describe.each(groups)('%s', (platform, variables) => {
  it('is set up by its variables alone, and switches the sandbox off', () => {
    const config = load(variables);
    const given = Object.entries(config.platforms).filter(([, settings]) => settings !== undefined);
    expect(given.map(([name]) => name)).toEqual([platform]);
    expect(config.sandbox).toBe(false);
    expect(load({ ...variables, CUHUO_SANDBOX: 'on' }).sandbox).toBe(true);
  });

  it.each(Object.keys(variables))('names %s when it alone is missing', (name) => {
    const { [name]: _left, ...others } = variables;
    expect(problemsOf(others)).toEqual([expect.stringMatching(new RegExp(`^${name}: is missing`))]);
  });
});

describe('addresses and modes', () => {
  it('are the production hosts and long connections unless told otherwise', () => {
    const { platforms } = load({ ...FEISHU, ...WECOM, ...WECOM_BOT, ...DINGTALK });
    expect(platforms.feishu).toMatchObject({ baseUrl: 'https://open.feishu.cn', mode: 'websocket' });
    expect(platforms.wecom).toMatchObject({ baseUrl: 'https://qyapi.weixin.qq.com', agentId: '1000002' });
    expect(platforms.wecomBot).toMatchObject({ wsUrl: 'wss://openws.work.weixin.qq.com' });
    expect(platforms.dingtalk).toMatchObject({
      baseUrl: 'https://api.dingtalk.com',
      oapiBaseUrl: 'https://oapi.dingtalk.com',
      mode: 'stream',
    });
  });

  it('lose the slash at their end', () => {
    const config = load({ ...FEISHU, CUHUO_FEISHU_BASE_URL: 'http://127.0.0.1:9001/' });
    expect(config.platforms.feishu?.baseUrl).toBe('http://127.0.0.1:9001');
  });

  it('alone are half a platform', () => {
    const problems = problemsOf({ CUHUO_FEISHU_BASE_URL: 'http://127.0.0.1:9001' });
    expect(problems).toEqual([
      expect.stringMatching(/^CUHUO_FEISHU_APP_ID: is missing; Feishu is set up in part/),
      expect.stringMatching(/^CUHUO_FEISHU_APP_SECRET: is missing/),
    ]);
  });

  it.each([
    [
      'Feishu',
      { ...FEISHU, CUHUO_FEISHU_MODE: 'webhook' },
      ['CUHUO_FEISHU_ENCRYPT_KEY', 'CUHUO_FEISHU_VERIFICATION_TOKEN'],
    ],
    [
      'DingTalk',
      { ...DINGTALK, CUHUO_DINGTALK_MODE: 'webhook' },
      ['CUHUO_DINGTALK_TOKEN', 'CUHUO_DINGTALK_AES_KEY'],
    ],
  ])('of %s ask for what verifies a webhook', (_name, variables, names) => {
    expect(problemsOf(variables)).toEqual(
      names.map((name) => expect.stringMatching(new RegExp(`^${name}: is missing`))),
    );
  });

  it('refuse another protocol', () => {
    expect(problemsOf({ ...WECOM_BOT, CUHUO_WECOM_BOT_WS_URL: 'https://x' })).toEqual([
      expect.stringContaining('CUHUO_WECOM_BOT_WS_URL: is not such an address; give one like wss://'),
    ]);
  });
});
