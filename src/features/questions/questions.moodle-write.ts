import { metaTags } from './questions.given.ts';
import type { QuestionFile } from './questions.schema.ts';

/** The bytes of a picture of the bank; undefined when it is gone. */
export type PictureOf = (name: string) => Buffer | undefined;

/** Moodle XML that Moodle imports and that gives the same questions when it is read back. */
export function writeMoodle(questions: readonly QuestionFile[], pictureOf: PictureOf): string {
  const body = questions.map((question) => questionOf(question, pictureOf)).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n${body}\n</quiz>\n`;
}

const types = {
  single: 'multichoice',
  multiple: 'multichoice',
  'true-false': 'truefalse',
  'fill-in': 'shortanswer',
  ordering: 'ordering',
  numeric: 'numerical',
} as const;

/** XML knows no other control characters than tab and line feed. */
function escaped(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- they are what must not get through
      .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
  );
}
const text = (words: string): string => `<text>${escaped(words)}</text>`;
const answer = (fraction: string, words: string, more = ''): string =>
  `    <answer fraction="${fraction}" format="plain_text">${text(words)}${more}</answer>`;

function questionOf(question: QuestionFile, pictureOf: PictureOf): string {
  const bytes = question.picture === undefined ? undefined : pictureOf(question.picture);
  const file =
    bytes === undefined
      ? ''
      : `<file name="${question.picture}" path="/" encoding="base64">${bytes.toString('base64')}</file>`;
  const { explanation } = question;
  return [
    `  <question type="${types[question.kind]}">`,
    `    <name>${text(question.id)}</name>`,
    `    <questiontext format="markdown">${text(question.text)}${file}</questiontext>`,
    ...(explanation === undefined
      ? []
      : [`    <generalfeedback format="markdown">${text(explanation)}</generalfeedback>`]),
    `    <defaultgrade>1</defaultgrade>`,
    `    <idnumber>${question.id}</idnumber>`,
    ...answersOf(question),
    `    <tags>${metaTags(question)
      .map((tag) => `<tag>${text(tag)}</tag>`)
      .join('')}</tags>`,
    `  </question>`,
  ].join('\n');
}

function answersOf(question: QuestionFile): string[] {
  switch (question.kind) {
    case 'single':
      return [
        '    <single>true</single>',
        ...question.options.map((option, place) => answer(place === question.answer ? '100' : '0', option)),
      ];
    case 'multiple': {
      const share = (100 / question.answer.length).toFixed(5).replace(/\.?0+$/, '');
      return [
        '    <single>false</single>',
        ...question.options.map((option, place) =>
          answer(question.answer.includes(place) ? share : '-100', option),
        ),
      ];
    }
    case 'true-false':
      return [answer(question.answer ? '100' : '0', 'true'), answer(question.answer ? '0' : '100', 'false')];
    case 'fill-in':
      return [
        `    <usecase>${question.caseSensitive ? 1 : 0}</usecase>`,
        ...question.answer.map((one) => answer('100', one)),
      ];
    case 'ordering':
      return question.options.map((option) => answer('1', option));
    case 'numeric':
      return [answer('100', String(question.answer), `<tolerance>${question.tolerance}</tolerance>`)];
  }
}
