import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ExportShape } from '../../features/reports/reports.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';

const POLL_MS = 2_000;

/** Newest first; asked again while one is being made. */
export const exportsQuery = infiniteQueryOptions({
  queryKey: ['exports'],
  queryFn: ({ signal, pageParam }) =>
    call<Page<ExportShape>>(`/exports${query({ limit: 20, cursor: pageParam })}`, { signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  refetchInterval: ({ state }) => {
    const items = state.data?.pages.flatMap((page) => page.items) ?? [];
    return items.some((one) => one.state === 'requested') ? POLL_MS : false;
  },
});

export const fileAddress = (id: string): string => `/api/v1/exports/${id}/file`;
