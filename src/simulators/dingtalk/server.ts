import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Call, checkToken, createThrottle, type Handler, isNewApi, monthRefusal } from './calls.ts';
import { ApiRefusal, OapiRefusal } from './refusals.ts';
import type { Fault, State } from './state.ts';

const SLOW_MS = 300;

/** The HTTP side: one server for both families, each with its own shape of answers and refusals. */
export function httpSide(state: State, handlers: Record<string, Handler>): Server {
  const throttle = createThrottle(state);
  return createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://platform');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const call: Call = {
      path: url.pathname,
      query: url.searchParams,
      body: bodyOf(raw, String(request.headers['content-type'] ?? '')),
      headers: request.headers,
      raw,
    };
    const { calls } = state.counts;
    calls.set(call.path, (calls.get(call.path) ?? 0) + 1);
    const fault = takeFault(state, call.path);
    try {
      if (fault?.kind === 'slow') await pause(SLOW_MS);
      before(fault, call);
      checkToken(state, call);
      throttle(call.path);
      const handler = handlers[`${request.method} ${call.path}`];
      if (handler === undefined) throw unknownPath(call.path);
      const result = handler(call) as object;
      if (fault?.kind === 'done-but-reset') return void response.destroy();
      if (fault?.kind === 'done-but-504') {
        if (isNewApi(call.path)) throw new ApiRefusal(504, 'ServiceTimeout', 'timeout');
        throw new OapiRefusal(15, 'remote service error', 'isp.top-remote-connection-timeout');
      }
      send(
        response,
        200,
        isNewApi(call.path) ? result : { errcode: 0, errmsg: 'ok', ...result, ...traced() },
      );
    } catch (error) {
      refuse(response, error);
    }
  }

  function before(fault: Fault | undefined, call: Call): void {
    const newApi = isNewApi(call.path);
    switch (fault?.kind) {
      case 'busy':
        throw newApi ? new ApiRefusal(500, 'system.busy', '系统繁忙') : new OapiRefusal(-1, '系统繁忙');
      case 'gateway-88':
        throw new OapiRefusal(88, 'ding talk error', '');
      case 'qps':
        throw newApi
          ? new ApiRefusal(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 'QPS')
          : new OapiRefusal(90018, 'QPS');
      case 'month':
        throw monthRefusal(newApi);
      case 'permission':
        throw newApi
          ? new ApiRefusal(
              403,
              'Forbidden.AccessDenied.AccessTokenPermissionDenied',
              '没有调用该接口的权限',
              {
                accessdenieddetail: { requiredScopes: ['qyapi_robot_sendmsg'] },
              },
            )
          : new OapiRefusal(88, 'ding talk error[subcode=60011]', '60011');
      case 'token-expired':
        state.tokens.clear();
        return;
      case 'html':
        throw new Html(502, '<html><body>Bad Gateway</body></html>');
      case 'ip-ban':
        throw new Html(403, '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"0"}');
      case 'reset':
        throw new Reset();
      case 'done-but-504':
      case 'done-but-reset':
      case 'slow':
      case undefined:
    }
  }

  function refuse(response: ServerResponse, error: unknown): void {
    if (error instanceof Reset) return void response.destroy();
    if (error instanceof Html) {
      response.writeHead(error.status, { 'content-type': 'text/html' }).end(error.message);
    } else if (error instanceof ApiRefusal) {
      const { status, code, message, detail } = error;
      send(response, status, { code, message, requestid: randomUUID().toUpperCase(), ...detail });
    } else if (error instanceof OapiRefusal) {
      const { errcode, subCode, message } = error;
      const sub = subCode === undefined ? {} : { sub_code: subCode, sub_msg: message };
      send(response, 200, { errcode, errmsg: message, ...sub, ...traced() });
    } else {
      throw error;
    }
  }
}

class Reset extends Error {}

/** A page of the gateway in front, which is no JSON of the platform. */
class Html extends Error {
  readonly status: number;
  constructor(status: number, page: string) {
    super(page);
    this.status = status;
  }
}

function takeFault(state: State, path: string): Fault | undefined {
  const at = state.faults.findIndex((fault) => fault.path.test(path));
  return at === -1 ? undefined : state.faults.splice(at, 1)[0];
}

const traced = () => ({ request_id: randomUUID().slice(0, 12) });

function unknownPath(path: string): Error {
  return isNewApi(path)
    ? new ApiRefusal(404, 'InvalidAction.NotFound', 'Specified api is not found')
    : new OapiRefusal(22, '不存在的api');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function bodyOf(raw: Buffer, type: string): Record<string, unknown> {
  if (raw.length === 0 || type.startsWith('multipart/')) return {};
  const text = raw.toString('utf8');
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
