import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  RosterView,
  TicketDetail,
  TicketFigures,
  TicketView,
} from '../../features/tickets/tickets.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';

const POLL_MS = 10_000;

export const states = ['open', 'waiting', 'claimed', 'solved', 'withdrawn', 'merged', 'all'] as const;
export type Filter = (typeof states)[number];

/** The newest first; asked again, because others work on them too. */
export const ticketsQuery = (state: Filter) =>
  infiniteQueryOptions({
    queryKey: ['tickets', state],
    queryFn: ({ signal, pageParam }) =>
      call<Page<TicketView>>(`/tickets${query({ limit: 50, state, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }: Page<TicketView>) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });

/** Reading one is written down, so it is not asked again by itself. */
export const ticketQuery = (number: number) =>
  queryOptions({
    queryKey: ['ticket', number],
    queryFn: ({ signal }) => call<TicketDetail>(`/tickets/${number}`, { signal }),
  });

export const ticketFiguresQuery = queryOptions({
  queryKey: ['ticket-figures'],
  queryFn: ({ signal }) => call<TicketFigures>('/tickets/figures', { signal }),
  refetchInterval: POLL_MS,
});

export const rosterQuery = queryOptions({
  queryKey: ['ticket-roster'],
  queryFn: ({ signal }) => call<RosterView>('/tickets/roster', { signal }),
});
