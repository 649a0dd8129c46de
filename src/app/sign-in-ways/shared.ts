import { PlatformError } from '../../kernel/errors.ts';
import type { Answer } from '../../kernel/http-client.ts';

/** An address with its query; values are escaped. */
export function asked(address: string, query: Readonly<Record<string, string>>): string {
  return `${address}?${new URLSearchParams(query)}`;
}

/**
 * The host for signing in that belongs to a platform's API host, as its public names go: `open.feishu.cn` →
 * `accounts.feishu.cn`. An installation of one's own, or a simulator, answers both on one host.
 */
export function siblingHost(baseUrl: string, api: RegExp, signIn: string): string {
  const url = new URL(baseUrl);
  if (api.test(url.hostname)) url.hostname = url.hostname.replace(api, signIn);
  return url.origin;
}

/** The platform answered, but not with what was asked for; its own code says why. */
export function refused(platform: string, call: string, { status, json }: Answer): PlatformError {
  const { code, errcode } = (json ?? {}) as { code?: unknown; errcode?: unknown };
  return new PlatformError({
    platform,
    call,
    platformCode: String(code ?? errcode ?? status),
    fate: 'give-up',
  });
}
