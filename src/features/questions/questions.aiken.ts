import { type GivenQuestion, idFor } from './questions.given.ts';
import type { QuestionFile } from './questions.schema.ts';

/**
 * Aiken, as docs.moodle.org/en/Aiken_format describes it: the question on one line, options `A.` or
 * `A)` on lines of their own, then `ANSWER: B`. Here a question may also run over several lines, which Moodle's own
 * reader joins as well.
 */
export function questionsInAiken(text: string): GivenQuestion[] {
  const found: GivenQuestion[] = [];
  let begun: { line: number; text: string[]; options: string[]; letters: string[] } | undefined;
  const lines = text.replace(/^\ufeff/, '').split(/\r\n?|\n/);
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const answer = /^ANSWER:\s*(\S*)$/.exec(line);
    const option = /^([A-Z])[.)]\s+(.*)$/.exec(line);
    if (answer !== null) {
      found.push(finished(begun, answer[1] ?? '', index + 1));
      begun = undefined;
    } else if (option !== null && begun !== undefined) {
      begun.letters.push(option[1] ?? '');
      begun.options.push(option[2] ?? '');
    } else if (begun !== undefined && begun.options.length > 0) {
      found.push({
        line: begun.line,
        problems: [`line ${index + 1}: an option "A." or "ANSWER:" should stand here`],
      });
      begun = { line: index + 1, text: [line], options: [], letters: [] };
    } else {
      begun ??= { line: index + 1, text: [], options: [], letters: [] };
      begun.text.push(line);
    }
  }
  if (begun !== undefined) found.push({ line: begun.line, problems: ['the line "ANSWER:" is missing'] });
  return found;
}

function finished(
  begun: { line: number; text: string[]; options: string[]; letters: string[] } | undefined,
  answer: string,
  line: number,
): GivenQuestion {
  if (begun === undefined) return { line, problems: ['"ANSWER:" stands before any question'] };
  const inOrder = begun.letters.every((letter, place) => letter === String.fromCharCode(65 + place));
  if (!inOrder) return { line: begun.line, problems: ['options must be lettered A, B, C … in order'] };
  const place = begun.letters.indexOf(answer);
  if (place === -1) return { line: begun.line, problems: [`line ${line}: there is no option ${answer}`] };
  const text = begun.text.join('\n');
  const question = {
    id: idFor([text, ...begun.options].join('\n')),
    kind: 'single',
    text,
    options: begun.options,
    answer: place,
  };
  return { line: begun.line, question };
}

/** Aiken holds questions with one right option, and of those neither ids, tags nor explanations. */
export function writeAiken(questions: readonly QuestionFile[]): { text: string; leftOut: string[] } {
  const written: string[] = [];
  const leftOut: string[] = [];
  for (const question of questions) {
    const fits = question.kind === 'single' && !/^(?:ANSWER:|[A-Z][.)]\s)/m.test(question.text);
    if (!fits || question.kind !== 'single' || /\n\s*\n/.test(question.text)) {
      leftOut.push(question.id);
      continue;
    }
    const letter = (place: number) => String.fromCharCode(65 + place);
    const options = question.options.map((option, place) => `${letter(place)}. ${option}`);
    written.push([question.text, ...options, `ANSWER: ${letter(question.answer)}`].join('\n'));
  }
  return { text: `${written.join('\n\n')}\n`, leftOut };
}
