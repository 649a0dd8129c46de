import { z } from 'zod';
import type { DingtalkSettings } from '../../config/platforms.ts';
import type { SignInWay } from '../../http/platform-sign-in.ts';
import { type Call, callPlatform } from '../../kernel/http-client.ts';
import { asked, refused, siblingHost } from './shared.ts';

const accessToken = z.object({ accessToken: z.string().min(1), corpId: z.string().optional() });
const me = z.object({ unionId: z.string().min(1) });
const person = z.object({
  errcode: z.literal(0),
  /** 0: of the company, 1: an outside contact. */
  result: z.object({ userid: z.string().min(1), contact_type: z.number() }),
});
const NOT_OF_THE_COMPANY = 60121;

/**
 * DingTalk's web login. The `unionId` of whoever came back is turned into the `userid` of our company with the app's own
 * token; outside contacts are nobody. DingTalk knows no PKCE.
 *
 * Source: open.dingtalk.com obtain-identity-credentials, obtain-user-token, dingtalk-retrieve-user-information,
 * query-a-user-by-the-union-id, as `platforms/dingtalk.md` §8 has them.
 */
export function dingtalkSignIn(settings: DingtalkSettings): SignInWay {
  const { clientId, clientSecret, corpId, baseUrl, oapiBaseUrl } = settings;
  const login = siblingHost(baseUrl, /^api\./, 'login.');

  async function ask<Schema extends z.ZodType>(call: Omit<Call, 'platform'>, schema: Schema) {
    const answer = await callPlatform({ platform: 'dingtalk', ...call });
    const parsed = schema.safeParse(answer.json);
    if (!parsed.success) throw refused('dingtalk', call.call, answer);
    return parsed.data;
  }

  return {
    name: 'dingtalk',
    client: /DingTalk/i,
    address: ({ state, redirectUri }) =>
      asked(`${login}/oauth2/auth`, {
        redirect_uri: redirectUri,
        response_type: 'code',
        client_id: clientId,
        scope: 'openid corpid',
        state,
        prompt: 'consent',
      }),
    async identify({ code }) {
      const url = (path: string) => `${baseUrl}${path}`;
      const user = await ask(
        {
          call: 'oauth2/userAccessToken',
          url: url('/v1.0/oauth2/userAccessToken'),
          body: { clientId, clientSecret, code, grantType: 'authorization_code' },
        },
        accessToken,
      );
      if (user.corpId !== undefined && user.corpId !== corpId) return undefined;
      const { unionId } = await ask(
        {
          call: 'contact/users/me',
          url: url('/v1.0/contact/users/me'),
          headers: { 'x-acs-dingtalk-access-token': user.accessToken },
        },
        me,
      );
      const app = await ask(
        {
          call: 'oauth2/accessToken',
          url: url('/v1.0/oauth2/accessToken'),
          body: { appKey: clientId, appSecret: clientSecret },
        },
        accessToken,
      );
      const found = await ask(
        {
          call: 'user/getbyunionid',
          url: asked(`${oapiBaseUrl}/topapi/user/getbyunionid`, { access_token: app.accessToken }),
          body: { unionid: unionId },
        },
        z.union([person, z.object({ errcode: z.literal(NOT_OF_THE_COMPANY) })]),
      );
      return 'result' in found && found.result.contact_type === 0 ? found.result.userid : undefined;
    },
  };
}
