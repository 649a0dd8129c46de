import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, Refusal } from './api.ts';

const TRIES = 3;
const FRESH_MS = 5_000;

/** What the server refused stays refused; what got lost or broke on its side is asked again, twice. */
const retry = (failures: number, error: Error): boolean => {
  const refused = error instanceof Refusal && error.problem !== undefined && error.problem.status < 500;
  return !refused && failures + 1 < TRIES;
};

/** Whatever finds that the session has ended lets the whole page know. */
export function createClient(): QueryClient {
  const onError = (error: Error): void => {
    if (isSignedOut(error)) client.setQueryData(['session'], null);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    // `always`: a browser in an intranet may take itself for offline.
    defaultOptions: {
      queries: { retry, staleTime: FRESH_MS, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
