import { PlatformError } from '../../kernel/errors.ts';

export interface Token {
  /** A token that lives for some minutes more. Many callers share one request. */
  get(): Promise<string>;
  /** Call it when WeCom refused this very token; a newer one stays. */
  invalidate(token: string): void;
}

/** Renewed this long before its end. */
const EARLY_MS = 5 * 60_000;

/**
 * The access token of one secret. After a refusal of the secret itself nobody asks again until the wait is over:
 * many wrong attempts block our address for an hour.
 */
export function createToken(deps: {
  now: () => number;
  fetchToken: () => Promise<{ access_token: string; expires_in: number }>;
}): Token {
  let held: { token: string; until: number } | undefined;
  let asking: Promise<string> | undefined;
  let refused: { error: PlatformError; until: number } | undefined;

  async function fetchToken(): Promise<string> {
    const asked = deps.now();
    try {
      const { access_token: token, expires_in } = await deps.fetchToken();
      const life = expires_in * 1000;
      held = { token, until: asked + Math.max(life - EARLY_MS, life / 2) };
      refused = undefined;
      return token;
    } catch (error) {
      if (error instanceof PlatformError && error.waitMs !== undefined)
        refused = { error, until: asked + error.waitMs };
      throw error;
    } finally {
      asking = undefined;
    }
  }

  return {
    async get() {
      if (held !== undefined && held.until > deps.now()) return held.token;
      if (refused !== undefined && refused.until > deps.now()) throw refused.error;
      asking ??= fetchToken();
      return asking;
    },
    invalidate(token) {
      if (held?.token === token) held = undefined;
    },
  };
}
