import { z } from 'zod';
import type { WecomSettings } from '../../config/platforms.ts';
import type { SignInWay } from '../../http/platform-sign-in.ts';
import { callPlatform } from '../../kernel/http-client.ts';
import { asked, refused, siblingHost } from './shared.ts';

const token = z.object({ errcode: z.literal(0).optional(), access_token: z.string().min(1) });
const member = z.object({ errcode: z.literal(0), userid: z.string().optional() });

/**
 * WeCom: silent in its own client, by QR code in other browsers. Somebody from outside comes back without a `userid` and
 * is nobody. WeCom knows no PKCE; a code works once, within five minutes.
 *
 * Source: developer.work.weixin.qq.com 91022, 98152, 91023, as `platforms/wecom.md` §7 has them.
 */
export function wecomSignIn({ corpId, agentId, secret, baseUrl }: WecomSettings): SignInWay {
  const inBrowser = siblingHost(baseUrl, /^qyapi\.weixin\./, 'login.work.weixin.');
  const inClientHost = siblingHost(baseUrl, /^qyapi\.weixin\./, 'open.weixin.');
  return {
    name: 'wecom',
    client: /wxwork/i,
    address({ state, redirectUri, inClient }) {
      if (!inClient) {
        return asked(`${inBrowser}/wwlogin/sso/login`, {
          login_type: 'CorpApp',
          appid: corpId,
          agentid: agentId,
          redirect_uri: redirectUri,
          state,
        });
      }
      const query = {
        appid: corpId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'snsapi_base',
        state,
        agentid: agentId,
      };
      return `${asked(`${inClientHost}/connect/oauth2/authorize`, query)}#wechat_redirect`;
    },
    async identify({ code }) {
      const app = await callPlatform({
        platform: 'wecom',
        call: 'gettoken',
        url: asked(`${baseUrl}/cgi-bin/gettoken`, { corpid: corpId, corpsecret: secret }),
      });
      const given = token.safeParse(app.json);
      if (!given.success) throw refused('wecom', 'gettoken', app);
      const who = await callPlatform({
        platform: 'wecom',
        call: 'auth/getuserinfo',
        url: asked(`${baseUrl}/cgi-bin/auth/getuserinfo`, { access_token: given.data.access_token, code }),
      });
      const found = member.safeParse(who.json);
      if (!found.success) throw refused('wecom', 'auth/getuserinfo', who);
      return found.data.userid;
    },
  };
}
