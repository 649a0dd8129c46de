import { PlatformError } from './errors.ts';

export interface Call {
  platform: string;
  /** Names the call in errors and logs: the path without its query, which may hold a token. */
  call: string;
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  /** A plain object goes as JSON, anything else as it is. */
  body?: object | string | FormData;
  /** For the whole call, answer included; 10 s unless given. */
  timeoutMs?: number;
  /** A larger answer is not read; 4 MB unless given. */
  maxBytes?: number;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed JSON, or undefined when the answer is none. */
  json: unknown;
  bytes: Buffer;
}

/** What refused to connect has received nothing; everything else may have. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * One HTTP call with a time limit and a size limit; redirects are not followed. Whatever status comes is answered.
 * Rejects with PlatformError of fate `retry` when no answer came: `unanswered` unless nothing can have been received.
 */
export async function callPlatform(call: Call): Promise<Answer> {
  const { body, headers = {}, timeoutMs = 10_000, maxBytes = 4_000_000 } = call;
  const isJson = body !== undefined && typeof body !== 'string' && !(body instanceof FormData);
  try {
    const response = await fetch(call.url, {
      method: call.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...(isJson ? { 'content-type': 'application/json; charset=utf-8' } : {}), ...headers },
      body: isJson ? JSON.stringify(body) : ((body as string | FormData | undefined) ?? null),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const bytes = await readBounded(response, maxBytes);
    return { status: response.status, headers: response.headers, json: parsed(bytes), bytes };
  } catch (error) {
    const code = codeOf(error);
    throw new PlatformError({
      platform: call.platform,
      call: call.call,
      platformCode: code,
      fate: 'retry',
      unanswered: !NEVER_SENT.has(code),
    });
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw Object.assign(new Error('answer too large'), { code: 'ANSWER_TOO_LARGE' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** `fetch` wraps what happened on the wire; its code is what an administrator can look up. */
function codeOf(error: unknown): string {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: unknown };
  if (name === 'TimeoutError') return 'TIMEOUT';
  if (typeof code === 'string') return code;
  return cause === undefined || cause === null ? 'NO_ANSWER' : codeOf(cause);
}
