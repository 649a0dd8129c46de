import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  AppealView,
  DraftView,
  keyShape,
  PeriodView,
  RuleView,
} from '../../features/periods/periods.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';

const POLL_MS = 2_000;

/** Newest first; asked again while one is being evaluated. */
export const periodsQuery = (campaign: string) =>
  queryOptions({
    queryKey: ['performance-periods', campaign],
    queryFn: ({ signal }) =>
      call<Page<PeriodView>>(`/performance/periods${query({ campaign, limit: 50 })}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ runs }) => runs.some((run) => run.state === 'requested')) ? POLL_MS : false,
  });

export const rulesQuery = (campaign: string) =>
  queryOptions({
    queryKey: ['performance-rules', campaign],
    queryFn: ({ signal }) =>
      call<Page<RuleView>>(`/performance/rules${query({ campaign, limit: 50 })}`, { signal }),
  });

export const draftsQuery = (campaign: string) =>
  queryOptions({
    queryKey: ['performance-drafts', campaign],
    queryFn: ({ signal }) =>
      call<Page<DraftView>>(`/performance/drafts${query({ campaign, limit: 5 })}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((draft) => draft.state === 'requested') ? POLL_MS : false,
  });

export const keyQuery = queryOptions({
  queryKey: ['performance-key'],
  queryFn: ({ signal }) => call<z.infer<typeof keyShape>>('/performance/key', { signal }),
});

export const appealsQuery = (state: 'open' | 'decided') =>
  infiniteQueryOptions({
    queryKey: ['appeals', state],
    queryFn: ({ signal, pageParam }) =>
      call<Page<AppealView>>(`/appeals${query({ state, limit: 50, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }: Page<AppealView>) => nextCursor ?? undefined,
  });
