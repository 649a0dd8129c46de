import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import type { AuditView } from '../../features/audit/audit.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';

const PAGE = 50;

/** The newest first; of one action when it is given. */
export const auditQuery = (action: string) =>
  infiniteQueryOptions({
    queryKey: ['audit', action],
    queryFn: ({ signal, pageParam }) =>
      call<Page<AuditView>>(`/audit${query({ limit: PAGE, action, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
