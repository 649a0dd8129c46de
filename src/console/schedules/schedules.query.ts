import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ScheduleRunView, ScheduleView } from '../../scheduler/scheduler.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';

const PAGE = 20;
const RUNS_SHOWN = 5;
const REFRESH_MS = 30_000;

export const schedulesQuery = infiniteQueryOptions({
  queryKey: ['schedules'],
  queryFn: ({ signal, pageParam }) =>
    call<Page<ScheduleView>>(`/schedules${query({ limit: PAGE, cursor: pageParam })}`, { signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  refetchInterval: REFRESH_MS,
});

/** The newest first. */
export const runsQuery = (scheduleId: string) =>
  queryOptions({
    queryKey: ['schedule-runs', scheduleId],
    queryFn: ({ signal }) =>
      call<Page<ScheduleRunView>>(`/schedules/${scheduleId}/runs${query({ limit: RUNS_SHOWN })}`, { signal }),
    refetchInterval: REFRESH_MS,
  });
