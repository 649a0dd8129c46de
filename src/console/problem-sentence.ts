import { Refusal } from './api.ts';
import type { Language, Texts } from './console.text.ts';

/** One sentence about what went wrong, in the language of the page. */
export function problemSentence(error: unknown, text: Texts, language: Language): string {
  if (!(error instanceof Refusal)) return text.problem.ours;
  const { problem } = error;
  if (problem === undefined) return text.problem.unreachable;
  if (problem.status >= 500) return text.problem.internal(problem.title, occurrence(problem.instance));
  if (problem.code === 'auth.required') return text.problem.signedOut;
  const fault = problem.errors?.[0];
  if (fault !== undefined) return text.problem.because(problem.title, `${fault.path} ${fault.message}`);
  // The server writes details in English unless somebody's own words stand in them.
  const readable =
    problem.detail !== undefined && (language === 'en' || /\p{Script=Han}/u.test(problem.detail));
  return readable
    ? text.problem.because(problem.title, problem.detail ?? '')
    : text.problem.only(problem.title);
}

/** The end of the request id: enough to find it in the log. */
const occurrence = (instance: string): string => instance.slice(-12);
