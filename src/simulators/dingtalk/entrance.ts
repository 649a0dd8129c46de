import { randomUUID } from 'node:crypto';
import type { Call, Handler } from './calls.ts';
import { ApiRefusal, invalid, OapiRefusal } from './refusals.ts';
import { opaque, type State } from './state.ts';
import { recordOf, say } from './values.ts';

const TOKEN_SECONDS = 7200;
const MOST_FILE_BYTES = 20_000_000;
const FORMATS: Record<string, RegExp> = {
  file: /\.(docx?|xlsx?|pptx?|zip|pdf|rar)$/i,
  image: /\.(jpg|gif|png|bmp)$/i,
};

/** Tokens of both families, the opening of streams, and uploads. */
export function entranceHandlers(state: State, endpoint: () => string): Record<string, Handler> {
  const { settings } = state;

  function token(): string {
    const now = settings.now();
    const valid = [...state.tokens].find(([, until]) => until > now)?.[0] ?? opaque('token');
    state.tokens.clear();
    state.tokens.set(valid, now + TOKEN_SECONDS * 1000);
    return valid;
  }

  return {
    'POST /v1.0/oauth2/accessToken': ({ body }) => {
      if (body['appKey'] !== settings.clientId || body['appSecret'] !== settings.clientSecret)
        throw new ApiRefusal(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
      return { accessToken: token(), expireIn: TOKEN_SECONDS };
    },

    'GET /gettoken': ({ query }) => {
      if (query.get('appkey') !== settings.clientId || query.get('appsecret') !== settings.clientSecret)
        throw new OapiRefusal(40089, '不合法的appkey或appsecret');
      return { access_token: token(), expires_in: TOKEN_SECONDS };
    },

    'POST /v1.0/gateway/connections/open': ({ body }) => {
      if (body['clientId'] !== settings.clientId || body['clientSecret'] !== settings.clientSecret)
        throw new ApiRefusal(401, 'authFailed', '鉴权失败');
      const given: unknown[] = Array.isArray(body['subscriptions']) ? body['subscriptions'] : [];
      const topics = given.map(recordOf).map(({ type, topic }) => `${say(type)} ${say(topic)}`);
      if (topics.length === 0) throw invalid('param.error', 'subscriptions is empty');
      const ticket = randomUUID();
      state.tickets.set(ticket, { clientId: settings.clientId, topics, at: settings.now() });
      return { endpoint: endpoint(), ticket };
    },

    'POST /media/upload': (call) => {
      const type = call.query.get('type') ?? '';
      const { name, bytes } = partIn(call);
      if (FORMATS[type]?.test(name) !== true) throw new OapiRefusal(40004, '不合法的媒体文件类型');
      if (bytes.length === 0 || bytes.length > MOST_FILE_BYTES)
        throw new OapiRefusal(40006, '不合法的文件大小');
      const id = opaque('@');
      state.media.set(id, { name, bytes, type });
      return { type, media_id: id, created_at: settings.now() };
    },
  };
}

/** The part named `media` of a multipart body. */
function partIn({ headers, raw }: Call): { name: string; bytes: Buffer } {
  const boundary = /boundary=([^;]+)/.exec(String(headers['content-type']))?.[1];
  const start = raw.indexOf('\r\n\r\n');
  const head = raw.subarray(0, Math.max(0, start)).toString('utf8');
  if (boundary === undefined || start === -1 || !/name="media"/.test(head))
    throw new OapiRefusal(40035, '缺少media');
  const end = raw.lastIndexOf(`\r\n--${boundary}`);
  return { name: /filename="([^"]*)"/.exec(head)?.[1] ?? '', bytes: raw.subarray(start + 4, end) };
}
