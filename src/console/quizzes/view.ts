import type { QuizView } from '../../features/quizzes/quizzes.api.ts';

/** What the page shows: the list, the form, or one round. */
export type View = { kind: 'list' } | { kind: 'plan' } | { kind: 'live' | 'results'; quiz: QuizView };
