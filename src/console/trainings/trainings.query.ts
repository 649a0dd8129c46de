import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  ArrivalsView,
  CodeView,
  ImportView,
  MaterialView,
  PersonView,
  ResultsView,
  TrainingView,
} from '../../features/trainings/trainings.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';
import { sendFile } from '../send-file.ts';

const WATCH_MS = 1_500;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What takes place between two moments. */
export const spanQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['trainings', from, to],
    queryFn: ({ signal }) =>
      call<Page<TrainingView>>(`/trainings${query({ from, to, limit: 500 })}`, { signal }),
    placeholderData: keepPreviousData,
  });

export const trainingQuery = (id: string) =>
  queryOptions({
    queryKey: ['training', id],
    queryFn: ({ signal }) => call<TrainingView>(`/trainings/${id}`, { signal }),
  });

/** Reading it is written down, so it is not asked again by itself. */
export const peopleQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['training-people', id],
    queryFn: ({ signal, pageParam }) =>
      call<Page<PersonView>>(`/trainings/${id}/people${query({ limit: 100, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }: Page<PersonView>) => nextCursor ?? undefined,
  });

export const materialsQuery = (id: string) =>
  queryOptions({
    queryKey: ['training-materials', id],
    queryFn: ({ signal }) => call<{ items: MaterialView[] }>(`/trainings/${id}/materials`, { signal }),
  });

export const resultsQuery = (id: string) =>
  queryOptions({
    queryKey: ['training-results', id],
    queryFn: ({ signal }) => call<ResultsView>(`/trainings/${id}/results`, { signal }),
  });

/** Asked all the time: the server's clock comes with it, so the countdown does not depend on this machine's. */
export const codeQuery = (id: string) =>
  queryOptions({
    queryKey: ['training-code', id],
    queryFn: async ({ signal }) => {
      const view = await call<CodeView>(`/trainings/${id}/code`, { signal });
      return { ...view, aheadMs: Date.now() - Date.parse(view.now) };
    },
    refetchInterval: WATCH_MS,
    gcTime: 0,
  });

export interface Arrivals extends Omit<ArrivalsView, 'items'> {
  /** Who is there, the newest first. */
  people: ArrivalsView['items'];
}

/** Who is there by now: each time only what came since is asked for, so that a look is written down once a person. */
export const arrivalsQuery = (id: string) => {
  let seen: Arrivals = { after: 0, signedUp: 0, present: 0, late: 0, people: [] };
  return queryOptions({
    queryKey: ['training-arrivals', id],
    queryFn: async ({ signal }): Promise<Arrivals> => {
      const { items, ...now } = await call<ArrivalsView>(
        `/trainings/${id}/arrivals${query({ after: seen.after })}`,
        { signal },
      );
      const changed = new Set(items.map(({ number }) => number));
      const rest = seen.people.filter(({ number }) => !changed.has(number));
      const newest = new Map(items.map((one) => [one.number, one]));
      const came = [...newest.values()].filter(({ present }) => present).reverse();
      seen = { ...now, people: [...came, ...rest] };
      return seen;
    },
    refetchInterval: WATCH_MS,
    gcTime: 0,
  });
};

export function importDurations(id: string, file: File, dryRun: boolean): Promise<ImportView> {
  const type = /\.csv$/i.test(file.name) ? 'text/csv' : XLSX;
  return sendFile(`/trainings/${id}/attendance:import${query({ dryRun: String(dryRun) })}`, type, file);
}
