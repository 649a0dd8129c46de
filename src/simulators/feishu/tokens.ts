import { refuse, type SimAnswer, type SimRequest } from './answers.ts';
import { newKey } from './world.ts';

const LIFE_MS = 2 * 3_600_000;
/** From here on a new token is given; the old one stays good until its end. */
const RENEWED_BEFORE_MS = 30 * 60_000;

export interface Tokens {
  issue(request: SimRequest): SimAnswer;
  /** What stands in the way of a call with this header, if anything does. */
  check(authorization: string | undefined): SimAnswer | undefined;
  /** Every token that was given stops working at once. */
  revokeAll(): void;
  issued(): number;
}

export function createTokens(options: { appId: string; appSecret: string; now: () => number }): Tokens {
  const { appId, appSecret, now } = options;
  const until = new Map<string, number>();
  let current: string | undefined;
  let calls = 0;

  function valid(): string {
    const end = until.get(current ?? '') ?? 0;
    if (current !== undefined && end - now() >= RENEWED_BEFORE_MS) return current;
    for (const [token, ends] of until) if (ends <= now()) until.delete(token);
    current = newKey('t-g1044q', 12);
    until.set(current, now() + LIFE_MS);
    return current;
  }

  return {
    issued: () => calls,
    issue({ json }) {
      calls += 1;
      if (json?.['app_id'] !== appId) {
        return { status: 200, body: { code: 10003, data: {}, msg: 'invalid param' } };
      }
      if (json['app_secret'] !== appSecret) {
        return { status: 400, body: { code: 10014, msg: 'app secret invalid' } };
      }
      const token = valid();
      const expire = Math.floor(((until.get(token) ?? 0) - now()) / 1_000);
      return { status: 200, body: { code: 0, msg: 'ok', tenant_access_token: token, expire } };
    },
    check(authorization) {
      const please = 'Please make a request with token attached.';
      if (authorization?.startsWith('Bearer ') !== true) {
        return refuse(99991661, `Missing access token for authorization. ${please}`);
      }
      const token = authorization.slice('Bearer '.length);
      if (token.startsWith('u-'))
        return refuse(99991668, `Invalid access token for authorization. ${please}`);
      if (!token.startsWith('t-')) return refuse(99991671, 'token must start with t- or u-');
      const end = until.get(token);
      if (end === undefined || end <= now()) {
        return refuse(99991663, `Invalid access token for authorization. ${please}`);
      }
      return undefined;
    },
    revokeAll() {
      until.clear();
      current = undefined;
    },
  };
}
