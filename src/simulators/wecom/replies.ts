import { randomInt } from 'node:crypto';

/** What an API answers: JSON, or bytes. */
export type SimReply = Record<string, unknown> | { raw: Buffer; headers: Record<string, string> };

/** The texts that have been seen in the wild; nobody may rely on them. */
const TEXTS: Record<number, string> = {
  40001: 'invalid credential',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40032: 'invalid userlist size',
  40056: 'invalid agentid',
  40058: 'invalid Request Parameter',
  41001: 'access_token missing',
  42001: 'access_token expired',
  43012: 'no callback url',
  44001: 'empty media data',
  44004: 'text content is empty',
  45002: 'content size out of limit',
  45009: 'api freq out of limit',
  48002: 'api forbidden',
  48009: 'api forbidden for contact sync',
  60003: 'department not found',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60111: 'userid not found',
  60140: 'response_code invalid',
  81013: 'user & party & tag all invalid',
  82001: 'no receiver',
  86008: 'not allow to operate this chat',
  93000: 'invalid webhook url',
  301002: 'not allow operate another agent with this accesstoken',
  846605: 'invalid req_id',
  846607: 'aibot send msg frequency limit exceeded',
  846608: 'stream message update expired',
  846609: 'websocket not subscribed',
  853000: 'invalid bot_id or secret',
};

/** An error body as WeCom writes it; the call answers it with status 200. */
export function refused(
  errcode: number,
  more: Record<string, unknown> = {},
  ip = '127.0.0.1',
): Record<string, unknown> {
  const text = TEXTS[errcode] ?? 'error';
  const hint = Array.from({ length: 19 }, () => randomInt(10)).join('');
  return {
    errcode,
    errmsg: `${text}, hint: [${hint}], from ip: ${ip}, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`,
    ...more,
  };
}

export const fine = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  errcode: 0,
  errmsg: 'ok',
  ...more,
});
