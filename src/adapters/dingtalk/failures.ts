import { type Fate, PlatformError } from '../../kernel/errors.ts';
import type { Answer } from '../../kernel/http-client.ts';

/** Why the platform refused, in the words of its new API; the numbers of the old one are texts here. */
export interface Failure {
  code: string;
  fate: Fate;
  waitMs?: number;
  unanswered?: boolean;
}

const SECOND = 1000;
const IP_BAN_MS = 300 * SECOND;

/**
 * What to do about a refusal of the new API. Classified by its code, never by its status: throttling, a used-up month
 * and a missing permission all come as HTTP 403.
 * Source: platforms/dingtalk.md §6.2; open.dingtalk.com/document/development/server-api-error-codes-1, read 2026-11-22.
 */
export function apiFailure(answer: Answer): Failure {
  const body = (answer.json ?? {}) as Record<string, unknown>;
  if (body['status'] === 1111) return { code: 'ip-blocked', fate: 'wait', waitMs: IP_BAN_MS };
  const code = textOf(body['code'] ?? body['Code']);
  if (code === undefined) return strangeAnswer(answer);
  const known = byCode(code);
  if (known !== undefined) return { code, ...known };
  if (answer.status === 504) return { code, fate: 'retry', unanswered: true };
  return { code, fate: answer.status === 429 || answer.status >= 500 ? 'retry' : 'give-up' };
}

function byCode(code: string): Omit<Failure, 'code'> | undefined {
  if (code === 'InvalidAuthentication') return { fate: 'sign-in' };
  if (code.endsWith('ApiCountLimitForOrg') || code === 'daily.call.limit') return { fate: 'give-up' };
  if (code.endsWith('QpsLimitForAppkeyAndApi')) return { fate: 'wait', waitMs: SECOND };
  if (code.endsWith('QpsLimitForApi')) return { fate: 'wait', waitMs: 2 * SECOND };
  if (code.endsWith('QpmLimitForAppkeyAndApi')) return { fate: 'wait', waitMs: 60 * SECOND };
  if (code.startsWith('invalidParameter') || code.startsWith('param.')) return { fate: 'give-up' };
  if (/throttl|qps|qpm|overlimit|too.?(fast|many)/i.test(code)) return { fate: 'wait', waitMs: 5 * SECOND };
  if (/^system\.?(busy|error)$/i.test(code)) return { fate: 'retry' };
  return undefined;
}

const OLD: Record<string, Omit<Failure, 'code'>> = {
  '-1': { fate: 'retry' },
  '15': { fate: 'retry', unanswered: true },
  'isp.top-remote-connection-timeout': { fate: 'retry', unanswered: true },
  '40001': { fate: 'sign-in' },
  '40014': { fate: 'sign-in' },
  '41001': { fate: 'sign-in' },
  '42001': { fate: 'sign-in' },
  '90002': { fate: 'wait', waitMs: 2 * SECOND },
  '90018': { fate: 'wait', waitMs: SECOND },
};

/** The gateway in front of the old API: the number of the API behind it stands in `sub_code`. */
const GATEWAY = '88';

/** What to do about a refusal of the old API; undefined when the answer is none. Numbers may come as texts. */
export function oapiFailure(answer: Answer): Failure | undefined {
  const body = (answer.json ?? {}) as Record<string, unknown>;
  if (body['status'] === 1111) return { code: 'ip-blocked', fate: 'wait', waitMs: IP_BAN_MS };
  const errcode = textOf(body['errcode']);
  if (errcode === '0') return undefined;
  if (errcode === undefined)
    return textOf(body['code']) === undefined ? strangeAnswer(answer) : apiFailure(answer);
  const code = errcode === GATEWAY ? (textOf(body['sub_code']) ?? '') : errcode;
  // Without the number of what is behind it, the gateway tells of a time-out there.
  if (code === '') return { code: GATEWAY, fate: 'retry', unanswered: true };
  return { code, ...(OLD[code] ?? { fate: 'give-up' as const }) };
}

/** A page of something in between. With 403 it is the block of an address that called too much. */
function strangeAnswer({ status }: Answer): Failure {
  if (status === 403) return { code: 'ip-blocked', fate: 'wait', waitMs: IP_BAN_MS };
  return { code: `http-${status}`, fate: 'retry', unanswered: status >= 500 || status < 400 };
}

export function toError(call: string, failure: Failure): PlatformError {
  const { code, fate, waitMs, unanswered } = failure;
  return new PlatformError({
    platform: 'dingtalk',
    call,
    platformCode: code,
    fate,
    ...(waitMs === undefined ? {} : { waitMs }),
    ...(unanswered === undefined ? {} : { unanswered }),
  });
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}
