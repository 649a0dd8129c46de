import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import type { TipView } from '../../features/tips/tips.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';

const PAGE = 30;

export const tipsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['tips', search],
    queryFn: ({ signal, pageParam }) =>
      call<Page<TipView>>(`/tips${query({ limit: PAGE, search, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
