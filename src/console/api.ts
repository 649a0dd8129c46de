const ROOT = '/api/v1';

/** A problem document, as far as the console reads it. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  /** This occurrence, as the server's log has it. */
  instance: string;
  detail?: string;
  errors?: { path: string; message: string }[];
}

/** The server said no and why; without a problem, it could not be reached or did not answer like ours. */
export class Refusal extends Error {
  readonly problem: Problem | undefined;

  constructor(problem?: Problem) {
    super(problem?.code ?? 'no answer');
    this.name = 'Refusal';
    this.problem = problem;
  }
}

export const isSignedOut = (error: unknown): boolean =>
  error instanceof Refusal && error.problem?.code === 'auth.required';

/**
 * Asks the API, in the language of the page. Resolves to undefined for an empty answer; rejects with Refusal.
 *
 * @example
 * await call<Clock>('/clock', { method: 'POST', body: { now }, key: newKey() });
 */
export async function call<Answer>(
  path: string,
  {
    method = 'GET',
    body,
    key,
    signal,
  }: { method?: string; body?: unknown; key?: string; signal?: AbortSignal } = {},
): Promise<Answer> {
  const headers: Record<string, string> = { 'accept-language': document.documentElement.lang };
  if (method !== 'GET') headers['x-cuhuo-csrf'] = '1';
  if (key !== undefined) headers['idempotency-key'] = key;
  if (body !== undefined) headers['content-type'] = 'application/json';
  return answerTo<Answer>(path, {
    method,
    headers,
    ...(signal ? { signal } : {}),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Hands in a file as it is. */
export async function sendFile<Answer>(path: string, file: Blob, key: string): Promise<Answer> {
  const headers = {
    'accept-language': document.documentElement.lang,
    'content-type': 'application/octet-stream',
    'x-cuhuo-csrf': '1',
    'idempotency-key': key,
  };
  return answerTo<Answer>(path, { method: 'POST', headers, body: file });
}

async function answerTo<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(ROOT + path, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new Refusal();
  });
  if (answer.status === 204) return undefined as Answer;
  const content: unknown = await answer.json().catch(() => {
    throw new Refusal();
  });
  if (!answer.ok) throw new Refusal(isProblem(content) ? content : undefined);
  return content as Answer;
}

function isProblem(content: unknown): content is Problem {
  return typeof content === 'object' && content !== null && 'code' in content && 'title' in content;
}

/** `?month=2026-11&limit=50`, without what is undefined or empty. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** A UUIDv4. Not `crypto.randomUUID`: browsers have that only on HTTPS, and intranets are often without. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
