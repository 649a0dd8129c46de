import { queryOptions } from '@tanstack/react-query';
import { call } from '../api.ts';

export interface ClockReading {
  mode: 'system' | 'manual';
  /** ISO 8601. */
  now: string;
}

const POLL_MS = 15_000;

/** A manual clock may be moved elsewhere too; one of the system needs no asking twice. */
export const clockQuery = queryOptions({
  queryKey: ['clock'],
  queryFn: ({ signal }) => call<ClockReading>('/clock', { signal }),
  refetchInterval: (query) => (query.state.data?.mode === 'manual' ? POLL_MS : false),
});
