import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import { callPlatform } from '../../kernel/http-client.ts';
import type { Log } from '../../kernel/log.ts';
import { adviceOn } from './advice.ts';
import { reasonOf } from './reason.ts';
import { createToken, type Token } from './token.ts';

/** An answer of the API; `errcode` may be absent on success. */
const replySchema = z.looseObject({ errcode: z.number().default(0), errmsg: z.string().default('') });
export type Reply = z.output<typeof replySchema>;

export interface ApiCall {
  query?: Readonly<Record<string, string>>;
  body?: object | FormData;
  timeoutMs?: number;
}

export interface WecomClient {
  /** The answer whatever its code; tokens are fetched and renewed. Rejects with PlatformError when none came. */
  ask(path: string, call?: ApiCall): Promise<Reply>;
  /** As `ask`, but rejects with PlatformError for every code that is not 0. */
  call(path: string, call?: ApiCall): Promise<Reply>;
  /** What an administrator has to mend, as one sentence; undefined when the last calls went well. */
  trouble(): string | undefined;
}

const TOKEN_ERRORS = [40_014, 42_001];
/** Twice a token and twice the call must end before the sender gives the call to somebody else, after 30 s. */
const DEFAULT_TIMEOUT_MS = 5_000;

/** The API with one secret's token. `secret` names whose it is in errors of configuration. */
export function createClient(options: {
  baseUrl: string;
  corpId: string;
  secret: string;
  log: Log;
  now?: () => number;
}): WecomClient {
  const { baseUrl, log } = options;
  let trouble: { sentence: string; path: string } | undefined;
  const token: Token = createToken({
    now: options.now ?? Date.now,
    fetchToken: async () => {
      const reply = await request(baseUrl, 'gettoken', {
        query: { corpid: options.corpId, corpsecret: options.secret },
      });
      if (reply.errcode !== 0) throw refusal('gettoken', reply);
      return z.object({ access_token: z.string().min(1), expires_in: z.number().positive() }).parse(reply);
    },
  });

  function note(path: string, reply: Reply): void {
    if (reply.errcode === 0) {
      if (trouble?.path === path || trouble?.path === 'gettoken') trouble = undefined;
      return;
    }
    const { sentence } = adviceOn(reply.errcode, reply.errmsg);
    // What nobody has to mend, such as a person whom WeCom does not know, is no warning.
    const level = sentence === undefined ? 'info' : 'warn';
    log[level](
      { platform: 'wecom', call: path, code: reply.errcode, advice: sentence },
      'WeCom refused a call',
    );
    if (sentence !== undefined && adviceOn(reply.errcode).fate === 'wait') trouble = { sentence, path };
  }

  async function ask(path: string, call: ApiCall = {}): Promise<Reply> {
    for (let attempt = 1; ; attempt += 1) {
      const access_token = await token.get().catch((error: unknown) => {
        const code = error instanceof PlatformError ? Number(error.platformCode) : Number.NaN;
        const sentence = Number.isNaN(code) ? undefined : adviceOn(code).sentence;
        if (sentence !== undefined) trouble = { sentence, path: 'gettoken' };
        log.warn({ platform: 'wecom', reason: reasonOf(error), advice: sentence }, 'no token');
        throw error;
      });
      const reply = await request(baseUrl, path, { ...call, query: { ...call.query, access_token } });
      if (attempt === 1 && TOKEN_ERRORS.includes(reply.errcode)) {
        token.invalidate(access_token);
        continue;
      }
      note(path, reply);
      return reply;
    }
  }

  return {
    ask,
    async call(path, call) {
      const reply = await ask(path, call);
      if (reply.errcode !== 0) throw refusal(path, reply);
      return reply;
    },
    trouble: () => trouble?.sentence,
  };
}

/** One call to an address that needs no token: a group push. */
export async function request(baseUrl: string, path: string, call: ApiCall): Promise<Reply> {
  const query = new URLSearchParams(call.query);
  return requestUrl(`${baseUrl}/cgi-bin/${path}?${query.toString()}`, path, call);
}

export async function requestUrl(url: string, path: string, call: ApiCall): Promise<Reply> {
  const answer = await callPlatform({
    platform: 'wecom',
    call: path,
    url,
    timeoutMs: call.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(call.body === undefined ? {} : { body: call.body }),
  });
  const reply = replySchema.safeParse(answer.json);
  if (answer.status === 200 && reply.success) return reply.data;
  throw new PlatformError({
    platform: 'wecom',
    call: path,
    platformCode: `HTTP ${answer.status}`,
    fate: 'retry',
    unanswered: answer.status >= 500 || answer.status === 200,
  });
}

export function refusal(call: string, { errcode, errmsg }: Reply): PlatformError {
  const { fate, waitMs } = adviceOn(errcode, errmsg);
  return new PlatformError({
    platform: 'wecom',
    call,
    platformCode: String(errcode),
    fate,
    ...(waitMs === undefined ? {} : { waitMs }),
    // A busy system may have done it all the same.
    unanswered: errcode === -1,
  });
}
