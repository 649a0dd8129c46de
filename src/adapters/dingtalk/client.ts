import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import { type Answer, callPlatform } from '../../kernel/http-client.ts';
import type { Clock, Temporal } from '../../kernel/time.ts';
import { apiFailure, type Failure, oapiFailure, toError } from './failures.ts';
import type { DingtalkSettings } from './settings.ts';

/** Counts a call that the platform meters by the month and that is no sending call of the planner's. */
export type Meter = (call: string) => void;

export interface ApiCall {
  method?: 'GET' | 'POST' | 'PUT';
  /** Below the base address, such as `/v1.0/robot/oToMessages/batchSend`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: object | FormData;
  timeoutMs?: number;
}

/** The two families of DingTalk's API. Both reject with PlatformError and resolve to the answer's JSON. */
export interface DingtalkClient {
  /** `api.dingtalk.com`: token in a header, refusals by HTTP status and code. */
  api(call: ApiCall): Promise<unknown>;
  /** `oapi.dingtalk.com`: token in the query, refusals as a number under HTTP 200. */
  oapi(call: ApiCall): Promise<unknown>;
  /** Opens what needs the secret instead of a token. */
  gateway(body: object): Promise<unknown>;
  /** Rejects with PlatformError when no token can be got. */
  signIn(): Promise<void>;
}

/** The platform gives up after 3 s by itself; uploads take longer and say so. */
const TIMEOUT_MS = 8_000;
/** A token is not used in its last minutes. */
const EARLY_MS = 300_000;

const newToken = z.object({ accessToken: z.string().min(1), expireIn: z.coerce.number() });
const oldToken = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number() });

interface Token {
  value: string;
  until: Temporal.Instant;
}

export function createClient({
  settings,
  clock,
}: {
  settings: DingtalkSettings;
  clock: Clock;
}): DingtalkClient {
  const { baseUrl, oapiBaseUrl } = settings;
  const tokens: Partial<Record<'shared' | 'old', Promise<Token>>> = {};
  /** The token of the new API serves both families in practice; where it does not, the old one has its own. */
  let oldHasItsOwn = false;

  const call = (
    name: string,
    url: string,
    options: ApiCall & { headers?: Record<string, string> },
  ): Promise<Answer> =>
    callPlatform({
      platform: 'dingtalk',
      call: name,
      url,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      ...(options.method === undefined ? {} : { method: options.method }),
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.headers === undefined ? {} : { headers: options.headers }),
    });

  async function fetchToken(kind: 'shared' | 'old'): Promise<Token> {
    const { clientId, clientSecret } = settings;
    if (kind === 'old') {
      const query = new URLSearchParams({ appkey: clientId, appsecret: clientSecret });
      const answer = await call('gettoken', `${oapiBaseUrl}/gettoken?${query.toString()}`, {
        method: 'GET',
        path: '/gettoken',
      });
      const failure = oapiFailure(answer);
      if (failure !== undefined) throw toError('gettoken', failure);
      const { access_token, expires_in } = parse(oldToken, answer, 'gettoken');
      return { value: access_token, until: clock.now().add({ milliseconds: expires_in * 1000 - EARLY_MS }) };
    }
    const path = '/v1.0/oauth2/accessToken';
    const body = { appKey: clientId, appSecret: clientSecret };
    const answer = await call(path, `${baseUrl}${path}`, { path, body });
    if (answer.status !== 200) throw toError(path, apiFailure(answer));
    const { accessToken, expireIn } = parse(newToken, answer, path);
    return { value: accessToken, until: clock.now().add({ milliseconds: expireIn * 1000 - EARLY_MS }) };
  }

  /** One request for all who wait; a failed one is forgotten. */
  async function token(kind: 'shared' | 'old'): Promise<string> {
    const known = await tokens[kind]?.catch(() => undefined);
    if (known !== undefined && clock.now().epochMilliseconds < known.until.epochMilliseconds)
      return known.value;
    if (known !== undefined) delete tokens[kind];
    tokens[kind] ??= fetchToken(kind).catch((error: unknown) => {
      delete tokens[kind];
      throw error;
    });
    return (await tokens[kind]).value;
  }

  async function forget(kind: 'shared' | 'old', refused: string): Promise<void> {
    const known = await tokens[kind]?.catch(() => undefined);
    if (known?.value === refused) delete tokens[kind];
  }

  /** Tries again once with a fresh token when the platform did not take the one we had. */
  async function signedIn(
    name: string,
    kind: () => 'shared' | 'old',
    attempt: (token: string) => Promise<{ answer: Answer; failure: Failure | undefined }>,
    onRefusedTwice?: () => boolean,
  ): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      const value = await token(kind());
      const { answer, failure } = await attempt(value);
      if (failure === undefined) return answer.json;
      if (failure.fate !== 'sign-in') throw toError(name, failure);
      await forget(kind(), value);
      if (tries >= 2 && onRefusedTwice?.() !== true) throw toError(name, failure);
    }
  }

  return {
    async api(one) {
      const query = one.query === undefined ? '' : `?${new URLSearchParams(one.query).toString()}`;
      return signedIn(
        one.path,
        () => 'shared',
        async (value) => {
          const headers = { 'x-acs-dingtalk-access-token': value };
          const answer = await call(one.path, `${baseUrl}${one.path}${query}`, { ...one, headers });
          return { answer, failure: isFine(answer) ? undefined : apiFailure(answer) };
        },
      );
    },

    async oapi(one) {
      return signedIn(
        one.path,
        () => (oldHasItsOwn ? 'old' : 'shared'),
        async (value) => {
          const query = new URLSearchParams({ ...one.query, access_token: value });
          const answer = await call(one.path, `${oapiBaseUrl}${one.path}?${query.toString()}`, one);
          return { answer, failure: oapiFailure(answer) };
        },
        () => {
          if (oldHasItsOwn) return false;
          oldHasItsOwn = true;
          return true;
        },
      );
    },

    async gateway(given) {
      const path = '/v1.0/gateway/connections/open';
      const { clientId, clientSecret } = settings;
      const headers = { accept: 'application/json' };
      const body = { clientId, clientSecret, ...given };
      const answer = await call(path, `${baseUrl}${path}`, { path, body, headers });
      if (!isFine(answer)) throw toError(path, apiFailure(answer));
      return answer.json;
    },

    async signIn() {
      await token('shared');
    },
  };
}

const isFine = ({ status, json }: Answer): boolean =>
  status >= 200 && status < 300 && typeof json === 'object' && json !== null;

/** Checks an answer's shape; one that fits nothing may still have done what we asked. */
export function parse<Shape>(schema: z.ZodType<Shape>, answer: { json: unknown }, call: string): Shape {
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  throw new PlatformError({
    platform: 'dingtalk',
    call,
    platformCode: 'strange-answer',
    fate: 'retry',
    unanswered: true,
  });
}
