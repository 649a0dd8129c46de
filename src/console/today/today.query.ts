import { queryOptions } from '@tanstack/react-query';
import type { Overview } from '../../features/overview/overview.api.ts';
import type { TipDay } from '../../features/tips/tips.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';

const REFRESH_MS = 10_000;

/** The campaign of today, and how it stands. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => call<Overview>('/overview', { signal }),
  refetchInterval: REFRESH_MS,
});

/** Which tips that day has, by level and department. */
export const tipsOfDayQuery = (campaignId: string, day: string) =>
  queryOptions({
    queryKey: ['tip-days', campaignId, day],
    queryFn: ({ signal }) =>
      call<Page<TipDay>>(`/campaigns/${campaignId}/tip-days${query({ from: day, to: day })}`, { signal }),
    refetchInterval: REFRESH_MS,
  });
