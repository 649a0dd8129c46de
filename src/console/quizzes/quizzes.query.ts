import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { QuestionsImportedView, QuestionView } from '../../features/questions/questions.api.ts';
import type {
  ItemsView,
  LeagueView,
  LiveView,
  QuizView,
  ResultView,
} from '../../features/quizzes/quizzes.api.ts';
import { call, query } from '../api.ts';
import type { Page } from '../pages.ts';
import { sendFile } from '../send-file.ts';

const PAGE = 30;
const WATCH_MS = 1_000;

const paged = <Item>(key: readonly unknown[], path: string, parameters: Record<string, string | undefined>) =>
  infiniteQueryOptions({
    queryKey: [...key, parameters],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Item>>(`${path}${query({ limit: PAGE, ...parameters, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }: Page<Item>) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const questionsQuery = (search: string, review: string | undefined) =>
  paged<QuestionView>(['questions'], '/questions', { search, review });
export const quizzesQuery = paged<QuizView>(['quizzes'], '/quizzes', {});
export const resultsQuery = (id: string) =>
  paged<ResultView>(['quiz-results', id], `/quizzes/${id}/results`, {});

export const leagueQuery = (id: string) =>
  queryOptions({
    queryKey: ['quiz-league', id],
    queryFn: ({ signal }) => call<LeagueView>(`/quizzes/${id}/league`, { signal }),
  });
export const itemsQuery = (id: string) =>
  queryOptions({
    queryKey: ['quiz-items', id],
    queryFn: ({ signal }) => call<ItemsView>(`/quizzes/${id}/items`, { signal }),
  });
/** Asked every second: the server's clock comes with it, so the countdown does not depend on this machine's. */
export const liveQuery = (id: string) =>
  queryOptions({
    queryKey: ['quiz-live', id],
    queryFn: async ({ signal }) => {
      const view = await call<LiveView>(`/quizzes/${id}/live`, { signal });
      return { ...view, aheadMs: Date.now() - Date.parse(view.now) };
    },
    refetchInterval: WATCH_MS,
  });

const mimes: Record<string, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  xml: 'application/xml',
  gift: 'text/x-gift',
  aiken: 'text/x-aiken',
};

/** Sends a file of questions as it is; what it is follows from its name, and for plain text from its content. */
export async function importFile(file: File): Promise<QuestionsImportedView> {
  const ending = /\.([a-z]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? '';
  const plain = ending === 'txt' || ending === 'gift';
  const format = plain ? (/^ANSWER:/m.test(await file.text()) ? 'aiken' : 'gift') : ending;
  return sendFile('/questions:import', mimes[format] ?? 'text/csv', file);
}
