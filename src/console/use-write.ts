import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { call, newKey, Refusal } from './api.ts';

/** After these nobody knows yet whether the write happened: the same again must carry the same key. */
const OPEN = new Set([408, 429]);

const isSettled = (error: unknown): boolean => {
  const problem = error instanceof Refusal ? error.problem : undefined;
  if (problem === undefined || problem.code === 'idempotency.in-flight') return false;
  return problem.status < 500 && !OPEN.has(problem.status);
};

/**
 * Posts to `path`, or puts; when it is done, everything that the page shows is asked for anew. Pressing again after an answer
 * got lost repeats the write under its key, so that it happens once.
 */
export function useWrite<Body, Answer>(
  path: string,
  method: 'POST' | 'PUT' = 'POST',
): UseMutationResult<Answer, Error, Body> {
  const client = useQueryClient();
  const keys = useRef(new Map<string, string>());
  return useMutation({
    async mutationFn(body: Body) {
      const same = JSON.stringify(body);
      const key = keys.current.get(same) ?? newKey();
      keys.current.set(same, key);
      try {
        const answer = await call<Answer>(path, { method, body, key });
        keys.current.delete(same);
        return answer;
      } catch (error) {
        if (isSettled(error)) keys.current.delete(same);
        throw error;
      }
    },
    onSuccess: () => client.invalidateQueries(),
  });
}
