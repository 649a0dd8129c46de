import type { Given, QuestionContent } from './questions.schema.ts';

const LETTERS = 'ABCDEFGH';

export const letterOf = (place: number): string => LETTERS[place] ?? String(place + 1);

/** Options as the lines of a card, lettered in the order in which they are shown. */
export function optionLines(options: readonly string[]): string[] {
  return options.map((option, place) => `- **${letterOf(place)}**　${option}`);
}

/** The options of a question; a question that is answered with words or a number has none. */
export function optionsOf(content: QuestionContent): readonly string[] {
  return 'options' in content ? content.options : [];
}

/** The right answer to a question that does not show letters any more: as words, in both languages the same. */
export function rightWords(content: QuestionContent, truth: { yes: string; no: string }): string {
  switch (content.kind) {
    case 'single':
      return content.options[content.answer] ?? '';
    case 'multiple':
      return content.answer.map((one) => content.options[one] ?? '').join('；');
    case 'true-false':
      return content.answer ? truth.yes : truth.no;
    case 'fill-in':
      return content.answer[0] ?? '';
    case 'ordering':
      return content.options.join(' → ');
    case 'numeric':
      return `${content.answer}${content.tolerance > 0 ? ` ± ${content.tolerance}` : ''}${content.unit ?? ''}`;
  }
}

/** What somebody answered, as words. */
export function givenWords(
  content: QuestionContent,
  given: Given,
  truth: { yes: string; no: string },
): string {
  const options = optionsOf(content);
  switch (given.kind) {
    case 'options':
      return given.options.map((one) => options[one] ?? '').join('；');
    case 'order':
      return given.order.map((one) => options[one] ?? '').join(' → ');
    case 'truth':
      return given.truth ? truth.yes : truth.no;
    case 'words':
      return given.words;
    case 'number':
      return String(given.number);
  }
}
