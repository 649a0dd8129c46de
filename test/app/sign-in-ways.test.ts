import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { signInWays } from '#src/app/sign-in-ways/index.ts';
import type { DingtalkSettings, FeishuSettings, WecomSettings } from '#src/config/platforms.ts';
import { newId } from '#src/kernel/ids.ts';
import { type TestApi, testApi } from '../http/test-api.ts';

/** What the platform answers, by path; the last request of each path stays to be looked at. */
let answers: Record<string, unknown>;
let seen: Record<string, { query: URLSearchParams; body: string; headers: IncomingMessage['headers'] }>;
let platform: Server;
let base: string;
let api: TestApi;
const employee = newId();
let roles: ('hr' | 'operator')[];

beforeAll(async () => {
  platform = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      seen[url.pathname] = { query: url.searchParams, body, headers: request.headers };
      const answer = answers[url.pathname];
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? {}));
    });
  });
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`;
  const at = { baseUrl: base };
  api = await testApi({
    signInWays: signInWays({
      feishu: { appId: 'cli_a', appSecret: 'fs', ...at } as FeishuSettings,
      wecom: { corpId: 'ww1', agentId: '1000002', secret: 'ws', ...at } as WecomSettings,
      dingtalk: {
        clientId: 'ding1',
        clientSecret: 'ds',
        corpId: 'dingcorp',
        oapiBaseUrl: base,
        ...at,
      } as DingtalkSettings,
    }),
    employeeBehind: async (_db, _channel, id) => (id === 'known' ? employee : undefined),
    holderOf: async () => ({ name: '王知行', roles }),
  });
});
afterAll(async () => {
  await api.close();
  platform.close();
});

const person = (id: string): Record<string, unknown> => ({
  '/open-apis/authen/v2/oauth/token': { code: 0, access_token: 'u-1' },
  '/open-apis/authen/v1/user_info': { code: 0, data: { open_id: id, name: 'x' } },
  '/cgi-bin/gettoken': { errcode: 0, access_token: 'app-1' },
  '/cgi-bin/auth/getuserinfo': { errcode: 0, userid: id },
  '/v1.0/oauth2/userAccessToken': { accessToken: 'u-1', corpId: 'dingcorp' },
  '/v1.0/contact/users/me': { unionId: 'union-1', nick: 'x' },
  '/v1.0/oauth2/accessToken': { accessToken: 'app-1', expireIn: 7200 },
  '/topapi/user/getbyunionid': { errcode: 0, result: { userid: id, contact_type: 0 } },
});
beforeEach(() => {
  answers = person('known');
  seen = {};
  roles = ['hr'];
});

let visitors = 0;

/** Goes to the platform and comes back as one browser. */
async function visit(
  way: string,
  {
    back,
    agent = 'Chrome',
    jar = true,
  }: { back?: Record<string, string>; agent?: string; jar?: boolean } = {},
) {
  visitors += 1;
  const remoteAddress = `10.7.0.${visitors}`;
  const there = await api.server.inject({
    url: `/console/sign-in/${way}`,
    headers: { 'user-agent': agent },
    remoteAddress,
  });
  const address = new URL(String(there.headers.location));
  const [cookie] = there.cookies;
  const code = way === 'dingtalk' ? 'authCode' : 'code';
  const query = new URLSearchParams(
    back ?? { [code]: 'c-1', state: address.searchParams.get('state') ?? '' },
  );
  const home = await api.server.inject({
    url: `/console/sign-in/${way}/back?${query}`,
    headers: jar ? { cookie: `${cookie?.name}=${cookie?.value}` } : {},
    remoteAddress,
  });
  const session = home.cookies.find(({ name }) => name === 'cuhuo_session');
  return { address, cookie, location: home.headers.location, session };
}

describe.each(['feishu', 'wecom', 'dingtalk'])('signing in with %s', (way) => {
  it('lets in somebody with a role', async () => {
    const { location, session } = await visit(way);
    expect(location).toBe('/console');
    const who = await api.server.inject({
      url: '/api/v1/session',
      headers: { cookie: `cuhuo_session=${session?.value}` },
    });
    expect(who.json()).toMatchObject({ kind: 'session', name: '王知行', roles: ['hr'] });
  });

  it('gives a state bound to this browser, in a cookie that comes back from there', async () => {
    const { address, cookie } = await visit(way);
    expect(address.searchParams.get('state')).toMatch(/^[0-9a-f]{48}$/);
    expect(address.searchParams.get('redirect_uri')).toBe(
      `http://127.0.0.1:8787/console/sign-in/${way}/back`,
    );
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/console/sign-in' });
  });

  it.each<[string, Parameters<typeof visit>[1], string]>([
    ['another state', { back: { code: 'c-1', state: 'a'.repeat(48) } }, 'expired'],
    ['no state', { back: { code: 'c-1' } }, 'expired'],
    ['another browser', { jar: false }, 'expired'],
  ])('turns away %s before anybody is asked', async (_name, options, problem) => {
    const { location, session } = await visit(way, options);
    expect([location, session]).toEqual([`/console/enter?problem=${problem}`, undefined]);
    expect(seen).toEqual({});
  });

  it('turns away people without a role, people whom nobody knows, and a platform that refuses', async () => {
    roles = [];
    expect((await visit(way)).location).toBe('/console/enter?problem=no-role');
    answers = person('somebody else');
    expect((await visit(way)).location).toBe('/console/enter?problem=unknown-person');
    answers = {};
    expect((await visit(way)).location).toBe('/console/enter?problem=platform-failed');
  });
});

describe('what each platform gets', () => {
  it('Feishu: the verifier of the challenge', async () => {
    const { address } = await visit('feishu');
    const { code_verifier: verifier, ...body } = JSON.parse(
      seen['/open-apis/authen/v2/oauth/token']?.body ?? '',
    );
    expect(body).toMatchObject({
      grant_type: 'authorization_code',
      client_id: 'cli_a',
      client_secret: 'fs',
      code: 'c-1',
    });
    expect(address.searchParams.get('code_challenge_method')).toBe('S256');
    expect(address.searchParams.get('code_challenge')).toBe(
      createHash('sha256').update(verifier).digest('base64url'),
    );
    expect(seen['/open-apis/authen/v1/user_info']?.headers.authorization).toBe('Bearer u-1');
  });

  it('WeCom: the QR page from a browser, the silent way inside its client', async () => {
    const outside = (await visit('wecom')).address;
    expect([outside.pathname, outside.searchParams.get('login_type')]).toEqual([
      '/wwlogin/sso/login',
      'CorpApp',
    ]);
    const inside = (await visit('wecom', { agent: 'Mozilla/5.0 wxwork/4.1' })).address;
    expect([inside.pathname, inside.hash]).toEqual(['/connect/oauth2/authorize', '#wechat_redirect']);
    expect(inside.searchParams.get('scope')).toBe('snsapi_base');
    expect(seen['/cgi-bin/auth/getuserinfo']?.query.get('code')).toBe('c-1');
  });

  it('WeCom: an outsider has no userid and is nobody', async () => {
    answers['/cgi-bin/auth/getuserinfo'] = { errcode: 0, openid: 'o', external_userid: 'known' };
    expect((await visit('wecom')).location).toBe('/console/enter?problem=unknown-person');
  });

  it('DingTalk: an outside contact, another company, or nobody of ours is nobody', async () => {
    answers['/topapi/user/getbyunionid'] = { errcode: 0, result: { userid: 'known', contact_type: 1 } };
    expect((await visit('dingtalk')).location).toBe('/console/enter?problem=unknown-person');
    answers['/topapi/user/getbyunionid'] = { errcode: 60121, errmsg: 'not found' };
    expect((await visit('dingtalk')).location).toBe('/console/enter?problem=unknown-person');
    answers = {
      ...person('known'),
      '/v1.0/oauth2/userAccessToken': { accessToken: 'u', corpId: 'dingother' },
    };
    expect((await visit('dingtalk')).location).toBe('/console/enter?problem=unknown-person');
  });

  it('the public hosts, when the configuration names them', () => {
    const [feishu, wecom, dingtalk] = signInWays({
      feishu: { baseUrl: 'https://open.feishu.cn', appId: 'a' } as FeishuSettings,
      wecom: { baseUrl: 'https://qyapi.weixin.qq.com', corpId: 'c', agentId: '1' } as WecomSettings,
      dingtalk: { baseUrl: 'https://api.dingtalk.com', clientId: 'd' } as DingtalkSettings,
    });
    const asked = { state: 's', challenge: 'c', redirectUri: 'https://c.example/x', inClient: false };
    expect(feishu?.address(asked)).toMatch(
      /^https:\/\/accounts\.feishu\.cn\/open-apis\/authen\/v1\/authorize\?/,
    );
    expect(wecom?.address(asked)).toMatch(/^https:\/\/login\.work\.weixin\.qq\.com\/wwlogin\/sso\/login\?/);
    expect(wecom?.address({ ...asked, inClient: true })).toMatch(
      /^https:\/\/open\.weixin\.qq\.com\/connect\//,
    );
    expect(dingtalk?.address(asked)).toMatch(/^https:\/\/login\.dingtalk\.com\/oauth2\/auth\?/);
  });
});
