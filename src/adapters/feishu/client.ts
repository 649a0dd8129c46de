import { z } from 'zod';
import { PlatformError, withoutDoubt } from '../../kernel/errors.ts';
import { type Answer, type Call, callPlatform } from '../../kernel/http-client.ts';
import type { Clock } from '../../kernel/time.ts';
import { failureOf, TOKEN_CODES } from './errors.ts';
import type { FeishuSettings } from './settings.ts';

export interface ApiCall {
  /** Names it in errors and metrics, as the ways do: `im/v1/messages`. */
  name: string;
  method?: Call['method'];
  /** Below `/open-apis`; ids in it are encoded by the caller. */
  path: string;
  /** Values are encoded here: page tokens contain `%`, `/`, `+` and `=`. */
  query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  body?: object | FormData;
  timeoutMs?: number;
}

/** The server API of one app. */
export interface FeishuClient {
  /**
   * Answers the whole envelope, checked. An expired token is renewed and the call repeated once. Rejects with
   * PlatformError, `unanswered` when the work may have been done although no good answer came.
   */
  call<Shape>(call: ApiCall, shape: z.ZodType<Shape>): Promise<Shape>;
  /** Signs in if there is no valid token. Rejects with PlatformError. */
  signIn(): Promise<void>;
}

/** A token is not used in its last three minutes, so that no call is under way when it ends. */
const MARGIN_MS = 180_000;

const tokenShape = z.object({ tenant_access_token: z.string().min(1), expire: z.number().positive() });
const envelope = z.object({ code: z.number() });

/**
 * Our own calls over `fetch` rather than the SDK's client: that one has no time limit, fetches a token for each of several
 * first calls, does not renew a token that was refused, and logs bodies and tokens (fact sheet §2.3, §2.4).
 */
export function createClient(
  settings: Pick<FeishuSettings, 'appId' | 'appSecret' | 'baseUrl'>,
  clock: Clock,
): FeishuClient {
  const base = `${settings.baseUrl.replace(/\/+$/, '')}/open-apis`;
  let held: { token: string; untilMs: number } | undefined;
  let signing: Promise<string> | undefined;

  async function fetchToken(): Promise<string> {
    const name = 'auth/v3/tenant_access_token';
    const answer = await callPlatform({
      platform: 'feishu',
      call: name,
      url: `${base}/auth/v3/tenant_access_token/internal`,
      body: { app_id: settings.appId, app_secret: settings.appSecret },
    }).catch(withoutDoubt);
    const parsed = tokenShape.safeParse(answer.json);
    if (!parsed.success) throw failureOf(name, answer, codeIn(answer));
    const { tenant_access_token: token, expire } = parsed.data;
    held = { token, untilMs: clock.now().epochMilliseconds + expire * 1_000 - MARGIN_MS };
    return token;
  }

  /** One request however many calls wait for it. */
  function token(): Promise<string> {
    if (held !== undefined && clock.now().epochMilliseconds < held.untilMs)
      return Promise.resolve(held.token);
    signing ??= fetchToken().finally(() => {
      signing = undefined;
    });
    return signing;
  }

  async function once(call: ApiCall, bearer: string): Promise<Answer> {
    const query = queryOf(call.query ?? {});
    return callPlatform({
      platform: 'feishu',
      call: call.name,
      url: `${base}${call.path}${query}`,
      headers: { authorization: `Bearer ${bearer}` },
      ...(call.method === undefined ? {} : { method: call.method }),
      ...(call.body === undefined ? {} : { body: call.body }),
      ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
    });
  }

  return {
    async signIn() {
      await token();
    },
    async call(call, shape) {
      let bearer = await token();
      let answer = await once(call, bearer);
      if (TOKEN_CODES.has(codeIn(answer))) {
        if (held?.token === bearer) held = undefined;
        bearer = await token();
        answer = await once(call, bearer);
      }
      const code = codeIn(answer);
      if (code !== 0) throw failureOf(call.name, answer, code);
      const parsed = shape.safeParse(answer.json);
      if (parsed.success) return parsed.data;
      throw new PlatformError({
        platform: 'feishu',
        call: call.name,
        platformCode: 'ANSWER_NOT_UNDERSTOOD',
        fate: 'give-up',
        unanswered: true,
      });
    },
  };
}

/** The code of an answer; the negative HTTP status where it has none. */
function codeIn(answer: Answer): number {
  const parsed = envelope.safeParse(answer.json);
  return parsed.success ? parsed.data.code : -answer.status;
}

function queryOf(query: NonNullable<ApiCall['query']>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}
