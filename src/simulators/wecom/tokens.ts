import { refused } from './replies.ts';
import { newSimId, type World } from './world.ts';

const LIFE_MS = 7_200_000;

export type TokenOwner = 'app' | 'contact';

export interface Tokens {
  get(query: URLSearchParams): Record<string, unknown>;
  /** Whose token it is, or the code that refuses it. */
  ownerOf(token: string | null): TokenOwner | number;
  /** Makes every token invalid before its time (40014). */
  invalidate(): void;
}

/** Tokens live 7,200 s; asking again inside that time answers the same one. */
export function createTokens(world: World): Tokens {
  const tokens = new Map<string, { owner: TokenOwner; until: number }>();
  const current = new Map<TokenOwner, string>();

  function issue(owner: TokenOwner): { token: string; until: number } {
    const known = current.get(owner);
    const until = known === undefined ? undefined : tokens.get(known)?.until;
    if (known !== undefined && until !== undefined && until > world.now()) return { token: known, until };
    const token = newSimId();
    const fresh = { owner, until: world.now() + LIFE_MS };
    tokens.set(token, fresh);
    current.set(owner, token);
    return { token, until: fresh.until };
  }

  return {
    get(query) {
      if (query.get('corpid') !== world.corpId) return refused(40_013);
      const secret = query.get('corpsecret');
      const owner = secret === world.secret ? 'app' : secret === world.contactSecret ? 'contact' : undefined;
      if (owner === undefined) return refused(40_001);
      const { token, until } = issue(owner);
      return {
        errcode: 0,
        errmsg: 'ok',
        access_token: token,
        expires_in: Math.ceil((until - world.now()) / 1000),
      };
    },
    ownerOf(token) {
      if (token === null || token === '') return 41_001;
      const known = tokens.get(token);
      if (known === undefined) return 40_014;
      return known.until > world.now() ? known.owner : 42_001;
    },
    invalidate() {
      tokens.clear();
      current.clear();
    },
  };
}
