import { z } from 'zod';
import type { FeishuSettings } from '../../config/platforms.ts';
import type { SignInWay } from '../../http/platform-sign-in.ts';
import { callPlatform } from '../../kernel/http-client.ts';
import { asked, refused, siblingHost } from './shared.ts';

const tokens = z.object({ code: z.literal(0), access_token: z.string() });
const user = z.object({ code: z.literal(0), data: z.object({ open_id: z.string() }) });

/**
 * Feishu's web login with PKCE. A person is known by `open_id`, which is ours alone, never by a name or a phone number.
 *
 * Source: open.feishu.cn authen-v1/authorize, authen-v2/oauth/token, authen-v1/user_info, as `platforms/feishu.md` §10
 * has them.
 */
export function feishuSignIn({ appId, appSecret, baseUrl }: FeishuSettings): SignInWay {
  const accounts = siblingHost(baseUrl, /^open\./, 'accounts.');
  return {
    name: 'feishu',
    client: /Lark|Feishu/i,
    address: ({ state, challenge, redirectUri }) =>
      asked(`${accounts}/open-apis/authen/v1/authorize`, {
        client_id: appId,
        response_type: 'code',
        redirect_uri: redirectUri,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }),
    async identify({ code, verifier, redirectUri }) {
      const call = 'authen/v2/oauth/token';
      const token = await callPlatform({
        platform: 'feishu',
        call,
        url: `${baseUrl}/open-apis/${call}`,
        body: {
          grant_type: 'authorization_code',
          client_id: appId,
          client_secret: appSecret,
          code,
          redirect_uri: redirectUri,
          code_verifier: verifier,
        },
      });
      const given = tokens.safeParse(token.json);
      if (!given.success) throw refused('feishu', call, token);
      const who = await callPlatform({
        platform: 'feishu',
        call: 'authen/v1/user_info',
        url: `${baseUrl}/open-apis/authen/v1/user_info`,
        headers: { authorization: `Bearer ${given.data.access_token}` },
      });
      const found = user.safeParse(who.json);
      if (!found.success) throw refused('feishu', 'authen/v1/user_info', who);
      return found.data.data.open_id;
    },
  };
}
