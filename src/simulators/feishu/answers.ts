import type { IncomingHttpHeaders } from 'node:http';
import { newKey } from './world.ts';

export interface SimRequest {
  method: string;
  path: string;
  /** What the pattern of the route caught. */
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The parsed body, or `undefined` when it is no JSON object. */
  json: Record<string, unknown> | undefined;
}

export interface SimAnswer {
  status: number;
  headers?: Record<string, string>;
  /** JSON, or bytes of a download. */
  body: unknown;
}

/** Success: `code` 0 on HTTP 200. */
export const ok = (data: unknown = {}, extra: object = {}): SimAnswer => ({
  status: 200,
  body: { code: 0, msg: 'success', data, ...extra },
});

/** How newer APIs refuse: HTTP 400 unless the page says otherwise, with a log id. */
export function refuse(
  code: number,
  msg: string,
  status = 400,
  headers: Record<string, string> = {},
): SimAnswer {
  const error = { log_id: newKey('', 12), troubleshooter: '排查建议查看(Troubleshooting suggestions)' };
  return { status, headers, body: { code, msg, error } };
}

/** How the older v4 APIs refuse: HTTP 200 with a code. */
export const refuseOld = (code: number, msg: string): SimAnswer => ({ status: 200, body: { code, msg } });

export const notFound: SimAnswer = {
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('404 page not found'),
};

/** A page of `items` from an opaque token on; undefined for a token or a size that is none. */
export function pageOf<Item>(
  items: readonly Item[],
  query: URLSearchParams,
  most: number,
  usual = 10,
): { items: Item[]; has_more: boolean; page_token: string } | 'size' | 'token' {
  const size = Number(query.get('page_size') ?? usual);
  if (!Number.isInteger(size) || size < 1 || size > most) return 'size';
  const token = query.get('page_token') ?? '';
  const start = token === '' ? 0 : placeIn(token);
  if (start === undefined || start > items.length) return 'token';
  const end = start + size;
  const more = end < items.length;
  return { items: items.slice(start, end), has_more: more, page_token: more ? tokenFor(end) : '' };
}

/** Tokens hold `%`, `/`, `+` and `=`, as the real ones do: whoever does not encode them loses the page. */
const tokenFor = (place: number): string => `%2F+/${Buffer.from(`p${place}`).toString('base64')}=+%`;

function placeIn(token: string): number | undefined {
  const caught = /^%2F\+\/([A-Za-z0-9+/=]+)=\+%$/.exec(token);
  const text = Buffer.from(caught?.[1] ?? '', 'base64').toString('utf8');
  return /^p\d+$/.test(text) ? Number(text.slice(1)) : undefined;
}

/** A string or a number as text; anything else is no word. */
export const wordIn = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
