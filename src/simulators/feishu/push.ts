import { randomBytes } from 'node:crypto';
import { encrypt, signed } from './crypto.ts';
import type { Attempt, Transport } from './events.ts';

export interface PushTarget {
  url: string;
  /** Without it events are neither encrypted nor signed. */
  encryptKey: string | undefined;
}

/** Pushes to the app's request URL; the signature is made anew for each attempt, by the simulator's clock. */
export function pushOver(target: PushTarget, now: () => number): Transport {
  return (envelope, timeoutMs) => {
    const { body, headers } = sealed(JSON.stringify(envelope), target.encryptKey, now());
    return post(target.url, body, headers, timeoutMs);
  };
}

export function sealed(
  plain: string,
  encryptKey: string | undefined,
  nowMs: number,
): { body: string; headers: Record<string, string> } {
  if (encryptKey === undefined) return { body: plain, headers: {} };
  const body = JSON.stringify({ encrypt: encrypt(plain, encryptKey) });
  const timestamp = String(Math.floor(nowMs / 1_000));
  const nonce = randomBytes(8).toString('hex');
  return { body, headers: signed(body, { encryptKey, timestamp, nonce }) };
}

/** The platform's check when a request URL is saved: not signed, and answered within a second. */
export async function verifyUrl(target: PushTarget, token: string): Promise<boolean> {
  const challenge = randomBytes(8).toString('hex');
  const plain = JSON.stringify({ challenge, token, type: 'url_verification' });
  const { encryptKey } = target;
  const body = encryptKey === undefined ? plain : JSON.stringify({ encrypt: encrypt(plain, encryptKey) });
  const { ok, reply } = await post(target.url, body, {}, 1_000);
  return ok && (reply as { challenge?: unknown } | undefined)?.challenge === challenge;
}

async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<Attempt> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return { ok: response.status === 200, status: response.status, reply: parsed(text) };
  } catch {
    return { ok: false, status: 0, reply: undefined };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
