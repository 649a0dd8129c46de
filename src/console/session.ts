import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Access } from '../http/session.api.ts';
import { call, isSignedOut, newKey } from './api.ts';

/** `ended`: was signed in on this page; what is filled in there stays, until somebody signs in again. */
export type SessionState = 'unknown' | 'in' | 'ended' | 'out';

async function whoAmI(signal: AbortSignal): Promise<Access | null> {
  try {
    return await call<Access>('/session/access', { signal });
  } catch (error) {
    if (isSignedOut(error)) return null;
    throw error;
  }
}

export function useSession() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => whoAmI(signal),
    // Somebody may have opened a new link in another tab.
    refetchOnWindowFocus: 'always',
  });
  const [wasIn, setWasIn] = useState(false);
  if (data != null && !wasIn) setWasIn(true);

  async function signOut(): Promise<void> {
    await call('/session', { method: 'DELETE', key: newKey() });
    client.clear();
    client.setQueryData(['session'], null);
    setWasIn(false);
  }

  const state: SessionState = data === undefined ? 'unknown' : data !== null ? 'in' : wasIn ? 'ended' : 'out';
  const lookAgain = async (): Promise<void> => {
    await refetch();
    await client.invalidateQueries();
  };
  return { state, access: data ?? undefined, error, signOut, lookAgain };
}
