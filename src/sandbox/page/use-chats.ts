import { useCallback, useEffect, useRef, useState } from 'react';
import type { ChatsAnswer } from '../sandbox.api.ts';
import { type Api, Refusal } from './api.ts';

const RETRY_MS = 2_000;

export interface Chats {
  answer: ChatsAnswer | undefined;
  /** The person does not exist. */
  unknown: boolean;
  /** The last attempt did not get through; the next one follows by itself. */
  failed: boolean;
  refresh: () => void;
}

/** The chats of a person. `refresh` may be called as often as things change: one request runs, one more waits. */
export function useChats(api: Api, as: string | undefined): Chats {
  const [state, setState] = useState<{
    as: string;
    answer?: ChatsAnswer | undefined;
    unknown?: boolean;
    failed?: boolean;
  }>();
  const refresh = useOneAtATime(
    useCallback(async () => {
      if (as === undefined) return;
      try {
        setState({ as, answer: await api.chats(as) });
      } catch (error) {
        const unknown = error instanceof Refusal && (error.status === 404 || error.status === 400);
        setState((old) => ({
          as,
          answer: old?.as === as ? old.answer : undefined,
          unknown,
          failed: !unknown,
        }));
      }
    }, [api, as]),
  );
  useEffect(refresh, [refresh]);
  const current = state?.as === as ? state : undefined;
  const failed = current?.failed ?? false;
  useEffect(() => {
    if (!failed) return undefined;
    const timer = setInterval(refresh, RETRY_MS);
    return () => clearInterval(timer);
  }, [failed, refresh]);
  return { answer: current?.answer, unknown: current?.unknown ?? false, failed, refresh };
}

/** Runs `work` never twice at once; calls while it runs become one more run afterwards. */
export function useOneAtATime(work: () => Promise<void>): () => void {
  const state = useRef<'idle' | 'running' | 'again'>('idle');
  const latest = useRef(work);
  latest.current = work;
  return useCallback(() => {
    if (state.current !== 'idle') {
      state.current = 'again';
      return;
    }
    const run = async (): Promise<void> => {
      do {
        state.current = 'running';
        await latest.current().catch(() => undefined);
      } while ((state.current as string) === 'again');
      state.current = 'idle';
    };
    void run();
    // A changed `work` means other data: whoever depends on the function then calls it anew.
  }, [work]);
}
