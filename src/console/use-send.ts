import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call, newKey } from './api.ts';

interface Sent {
  method?: 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
}

/** A write whose address depends on what was chosen; when it is done, everything on the page is asked for anew. */
export function useSend<Answer = unknown>() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ method = 'POST', path, body }: Sent) =>
      call<Answer>(path, { method, key: newKey(), ...(body === undefined ? {} : { body }) }),
    onSuccess: () => client.invalidateQueries(),
  });
}
