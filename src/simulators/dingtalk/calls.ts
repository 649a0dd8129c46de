import { performance } from 'node:perf_hooks';
import { ApiRefusal, OapiRefusal } from './refusals.ts';
import type { State } from './state.ts';
import { turnMonth } from './state.ts';

/** One HTTP call as a handler sees it. */
export interface Call {
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  headers: Record<string, string | string[] | undefined>;
  raw: Buffer;
}

export type Handler = (call: Call) => unknown;

/** The new API stands under /v1.0, everything else is the old one. */
export const isNewApi = (path: string): boolean => path.startsWith('/v1.0/');

/** Not counted by the month: tokens and the directory. */
const EXEMPT = /^\/(v1\.0\/oauth2\/|v1\.0\/contact\/|gettoken$|topapi\/(v2\/)?(user|department)\/)/;
/** Its calls are not API calls: replies within a session count as webhook traffic. */
const SESSION = '/robot/sendBySession';

/** Needs no token: where one gets it, where a stream begins with the secret, and replies that bring their own. */
const OPEN = /^\/(v1\.0\/oauth2\/|v1\.0\/gateway\/connections\/open$|gettoken$|robot\/sendBySession$)/;

export function checkToken(state: State, call: Call): void {
  if (OPEN.test(call.path)) return;
  const newApi = isNewApi(call.path);
  const token = newApi ? call.headers['x-acs-dingtalk-access-token'] : call.query.get('access_token');
  const until = typeof token === 'string' ? state.tokens.get(token) : undefined;
  if (until !== undefined && until > state.settings.now()) return;
  if (newApi) throw new ApiRefusal(400, 'InvalidAuthentication', '不合法的access_token');
  if (token === null || token === undefined) throw new OapiRefusal(41001, '缺少access_token参数');
  throw new OapiRefusal(88, 'ding talk error[subcode=40014,submsg=不合法的access_token]', '40014');
}

/** Refuses what goes beyond the second or the month; counts what is left. */
export function createThrottle(state: State): (path: string) => void {
  const lately = new Map<string, number[]>();
  return (path) => {
    turnMonth(state);
    const now = performance.now();
    const newApi = isNewApi(path);
    const calls = (lately.get(path) ?? []).filter((at) => now - at < 1000);
    lately.set(path, calls);
    if (calls.length >= state.settings.callsASecond && path !== SESSION) {
      state.counts.throttled += 1;
      if (newApi)
        throw new ApiRefusal(
          403,
          'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
          '应用对该接口的调用超过QPS限制',
        );
      throw new OapiRefusal(90018, '您的应用调用该接口次数过多，请稍后再试');
    }
    calls.push(now);
    if (EXEMPT.test(path) || path === SESSION) return;
    if (state.counts.metered >= state.settings.callsAMonth) throw monthRefusal(newApi);
    state.counts.metered += 1;
  };
}

export function monthRefusal(newApi: boolean): Error {
  return newApi
    ? new ApiRefusal(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', '企业的API调用量已用完')
    : new OapiRefusal(90020, '企业的API调用量已用完');
}
