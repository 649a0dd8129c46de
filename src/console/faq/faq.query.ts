import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { FaqEntryView, FaqVersions, MissClusters } from '../../features/faq/faq.api.ts';
import type { CalibrationView, FaqFigures, Replayed } from '../../features/faq/faq.console.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';
import { sendFile } from '../send-file.ts';

export const entriesQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['faq-entries', search],
    queryFn: ({ signal, pageParam }) =>
      call<Page<FaqEntryView>>(`/faq/entries${query({ limit: 50, search, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }: Page<FaqEntryView>) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const entryQuery = (id: string) =>
  queryOptions({
    queryKey: ['faq-entry', id],
    queryFn: ({ signal }) => call<FaqEntryView>(`/faq/entries/${encodeURIComponent(id)}`, { signal }),
  });

export const versionsQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['faq-versions', id, version],
    queryFn: ({ signal }) => call<FaqVersions>(`/faq/entries/${encodeURIComponent(id)}/versions`, { signal }),
  });

export const clustersQuery = (days: number) =>
  queryOptions({
    queryKey: ['faq-clusters', days],
    queryFn: ({ signal }) =>
      call<MissClusters>(`/faq/misses/clusters${query({ days, limit: 50 })}`, { signal }),
  });

export const replayQuery = (days: number) =>
  queryOptions({
    queryKey: ['faq-replay', days],
    queryFn: ({ signal }) => call<Replayed>(`/faq/replay${query({ days })}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const figuresQuery = queryOptions({
  queryKey: ['faq-figures'],
  queryFn: ({ signal }) => call<FaqFigures>('/faq/figures', { signal }),
});

export const calibrationQuery = queryOptions({
  queryKey: ['faq-calibration'],
  queryFn: ({ signal }) => call<CalibrationView>('/faq/calibration', { signal }),
});

export interface FaqImportedView {
  totals: Record<'created' | 'updated' | 'unchanged' | 'refused', number>;
  rows: { line: number; id: string; outcome: string; problems: string[] }[];
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const types: Record<string, string> = { xlsx: XLSX, json: 'application/json', md: 'text/markdown' };

/** What a file is follows from its name. */
export function importEntries(file: File): Promise<FaqImportedView> {
  const ending = /\.([a-z]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? '';
  return sendFile('/faq/entries:import', types[ending] ?? 'text/csv', file);
}
