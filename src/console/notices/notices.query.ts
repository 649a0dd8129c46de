import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { LinkView } from '../../features/links/links.api.ts';
import type {
  NoticeDelivery,
  NoticeDetail,
  NoticeView,
  TemplateView,
} from '../../features/notices/notices.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';

const POLL_MS = 3_000;
const UNDER_WAY = ['in-review', 'scheduled', 'sent'];

/** The youngest first; asked again while something is under way. */
export const noticesQuery = infiniteQueryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal, pageParam }) =>
    call<Page<NoticeView>>(`/notices${query({ limit: 20, cursor: pageParam })}`, { signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  refetchInterval: ({ state }) => {
    const items = state.data?.pages.flatMap((page) => page.items) ?? [];
    return items.some((one) => UNDER_WAY.includes(one.state) && one.closedAt === null) ? POLL_MS : false;
  },
});

/** Something is still to come by itself: the time to send, receipts, or what a recall reached. */
const isMoving = ({ state, steps }: NoticeDetail): boolean =>
  UNDER_WAY.includes(state) ||
  (state === 'recalled' && !steps.some(({ step }) => step === 'recall-finished'));

export const noticeQuery = (id: string) =>
  queryOptions({
    queryKey: ['notice', id],
    queryFn: ({ signal }) => call<NoticeDetail>(`/notices/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data !== undefined && isMoving(state.data) ? POLL_MS : false),
  });

export const peopleQuery = (id: string, enabled: boolean) =>
  infiniteQueryOptions({
    queryKey: ['notice-people', id],
    enabled,
    queryFn: ({ signal, pageParam }) =>
      call<Page<NoticeDelivery>>(`/notices/${id}/deliveries${query({ limit: 50, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

export const departmentsQuery = queryOptions({
  queryKey: ['departments'],
  queryFn: ({ signal }) => call<Page<{ code: string; name: string }>>('/departments?limit=1000', { signal }),
});

export const templatesQuery = queryOptions({
  queryKey: ['notice-templates'],
  queryFn: ({ signal }) => call<{ items: TemplateView[] }>('/notice-templates', { signal }),
});

export const linksQuery = queryOptions({
  queryKey: ['links'],
  queryFn: ({ signal }) => call<Page<LinkView>>('/links?limit=60', { signal }),
});
