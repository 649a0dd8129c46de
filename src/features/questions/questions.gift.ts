import { type GIFTQuestion, type NumericalFormat, parse } from 'gift-pegjs';
import { messageOf } from '../../kernel/errors.ts';
import {
  commonFrom,
  defined,
  type FromTags,
  type GivenQuestion,
  idFrom,
  metaTags,
  readTags,
} from './questions.given.ts';
import { plainOf } from './questions.html.ts';
import { META_TAG, type QuestionFile } from './questions.schema.ts';

/**
 * GIFT, as docs.moodle.org/en/GIFT_format describes it. Questions are parted by blank lines and read
 * one by one, so that one that is broken does not take the others along.
 */
export function questionsInGift(text: string): GivenQuestion[] {
  return blocksOf(text).flatMap(({ line, block }) => {
    try {
      return parse(lenient(block)).flatMap((read) => givenIn(read, line));
    } catch (error) {
      const at = (error as { location?: { start: { line: number } } }).location?.start.line ?? 1;
      return [{ line, problems: [`line ${line + at - 1}: ${messageOf(error).slice(0, 200)}`] }];
    }
  });
}

function blocksOf(text: string): { line: number; block: string }[] {
  const blocks: { line: number; block: string }[] = [];
  let begun: { line: number; lines: string[] } | undefined;
  const lines = [...text.replace(/^\ufeff/, '').split(/\r\n?|\n/), ''];
  for (const [index, line] of lines.entries()) {
    if (line.trim() !== '') {
      begun ??= { line: index + 1, lines: [] };
      begun.lines.push(line);
    } else if (begun !== undefined) {
      if (begun.lines.some((one) => !one.trimStart().startsWith('//')))
        blocks.push({ line: begun.line, block: `${begun.lines.join('\n')}\n\n` });
      begun = undefined;
    }
  }
  return blocks;
}

/** Moodle takes `1+1=2 {T}`; the grammar wants the signs before and after the braces escaped. */
function lenient(block: string): string {
  let depth = 0;
  const plain = (line: string): string =>
    line.replace(/\\.|[{}=~#]/g, (sign) => {
      if (sign === '{') depth += 1;
      else if (sign === '}') depth -= 1;
      else if (depth === 0 && sign.length === 1) return `\\${sign}`;
      return sign;
    });
  const asIs = /^\s*(?:\/\/|\$CATEGORY)/;
  return block
    .split('\n')
    .map((line) => (asIs.test(line) ? line : plain(line)))
    .join('\n');
}

function givenIn(read: GIFTQuestion, line: number): GivenQuestion[] {
  if (read.type === 'Category') return [];
  const from = readTags((read.tags ?? []).map(tagRead));
  const text = plain(read.stem);
  const unsupported = (what: string): GivenQuestion[] => [
    { line, problems: [`${what} cannot be asked in a chat`] },
  ];
  if (read.type === 'Essay') return unsupported('an essay');
  if (read.type === 'Description') return unsupported('a description without an answer');
  const answer = answerOf(read, from);
  if (typeof answer === 'string') return [{ line, problems: [answer] }];
  const question = {
    ...commonFrom(from),
    id: idFrom(read.id ?? read.title, `${text}\n${JSON.stringify(answer)}`),
    text,
    ...defined({ explanation: read.globalFeedback === null ? undefined : plain(read.globalFeedback) }),
    ...answer,
  };
  return [{ line, question }];
}

/** A bracket would end the tag. Only what we put into tags ourselves is written and read so. */
const tagWritten = (tag: string): string =>
  META_TAG.test(tag) ? tag.replaceAll('%', '%25').replaceAll(']', '%5D') : tag;
const tagRead = (tag: string): string =>
  META_TAG.test(tag) ? tag.replaceAll('%5D', ']').replaceAll('%25', '%') : tag;

const plain = ({ format, text }: { format: string; text: string }): string =>
  (format === 'html' || format === 'moodle' ? plainOf(text) : withArrows(text)).trim();

/**
 * The grammar takes every `->` for the sign of a matching, and there is no escape for it: ours is written as the entity
 * that Markdown shows as an arrow, and an entity that stands in the words already as one that shows it.
 */
const withoutArrows = (text: string): string =>
  text.replace(/-(>|&(?:amp;)*gt;)/g, (_, end: string) => (end === '>' ? '-&gt;' : `-&amp;${end.slice(1)}`));
const withArrows = (text: string): string =>
  text.replace(/-&((?:amp;)*)gt;/g, (_, more: string) => (more === '' ? '->' : `-&${more.slice(4)}gt;`));

/** The fields that make the kind, or a sentence why there are none. */
function answerOf(
  read: Exclude<GIFTQuestion, { type: 'Category' | 'Essay' | 'Description' }>,
  { meta }: FromTags,
): Record<string, unknown> | string {
  switch (read.type) {
    case 'TF':
      return { kind: 'true-false', answer: read.isTrue };
    case 'Short': {
      const answer = read.choices.map(({ text }) => plain(text));
      return { kind: 'fill-in', answer, caseSensitive: meta['case'] === 'sensitive' };
    }
    case 'MC': {
      const options = read.choices.map(({ text }) => plain(text));
      const right = read.choices.flatMap((choice, place) =>
        choice.isCorrect || (choice.weight ?? 0) > 0 ? [place] : [],
      );
      const several = meta['kind'] === 'multiple' || read.choices.every(({ isCorrect }) => !isCorrect);
      return several
        ? { kind: 'multiple', options, answer: right }
        : { kind: 'single', options, answer: right[0] };
    }
    case 'Numerical': {
      const [first] = Array.isArray(read.choices)
        ? read.choices.map((choice) => choice.text)
        : [read.choices];
      return first === undefined
        ? 'the number is missing'
        : { kind: 'numeric', ...rangeOf(first), ...defined({ unit: meta['unit'] }) };
    }
    case 'Matching': {
      const places = read.matchPairs.map(({ subanswer }) => Number(subanswer));
      const options = read.matchPairs.map(({ subquestion }) => plain(subquestion));
      if (
        new Set(places).size !== options.length ||
        places.some((one) => !Number.isInteger(one) || one < 1 || one > options.length)
      )
        return 'matching can only be taken where it gives an order: each right side a number from 1 on';
      const ordered = places.map((_, place) => options[places.indexOf(place + 1)] ?? '');
      return { kind: 'ordering', options: ordered };
    }
  }
}

function rangeOf({ type, number, range, numberHigh, numberLow }: NumericalFormat): {
  answer: number;
  tolerance: number;
} {
  if (type === 'high-low' && numberHigh !== undefined && numberLow !== undefined) {
    const round = (value: number) => Number(value.toPrecision(12));
    return { answer: round((numberHigh + numberLow) / 2), tolerance: round((numberHigh - numberLow) / 2) };
  }
  return { answer: number ?? Number.NaN, tolerance: range ?? 0 };
}

/** Everything that a question holds; what GIFT has no place for stands in tags of its comment. */
export function writeGift(questions: readonly QuestionFile[]): string {
  return `${questions.map(giftOf).join('\n\n')}\n`;
}

function giftOf(question: QuestionFile): string {
  const tags = metaTags(question).map((tag) => `[tag:${tagWritten(tag)}]`);
  const general = question.explanation === undefined ? '' : `\n####${escaped(question.explanation)}`;
  return [
    `// [id:${question.id}] ${tags.join(' ')}`,
    `::${question.id}::[markdown]${escaped(question.text)}{${answersOf(question)}${general}`,
    '}',
  ].join('\n');
}

function answersOf(question: QuestionFile): string {
  const lines = (each: string[]): string => each.map((one) => `\n${one}`).join('');
  switch (question.kind) {
    case 'single':
      return lines(
        question.options.map((option, place) => `${place === question.answer ? '=' : '~'}${escaped(option)}`),
      );
    case 'multiple': {
      const share = (100 / question.answer.length).toFixed(5).replace(/\.?0+$/, '');
      return lines(
        question.options.map(
          (option, place) => `~%${question.answer.includes(place) ? share : '-100'}%${escaped(option)}`,
        ),
      );
    }
    case 'true-false':
      return question.answer ? 'TRUE' : 'FALSE';
    case 'fill-in':
      return lines(question.answer.map((one) => `=${escaped(one)}`));
    case 'ordering':
      return lines(question.options.map((option, place) => `=${escaped(option)} -> ${place + 1}`));
    case 'numeric':
      return `#${question.answer}:${question.tolerance}`;
  }
}

function escaped(text: string): string {
  return withoutArrows(text)
    .replace(/[\\~=#{}:]/g, '\\$&')
    .replace(/\n/g, '\\n');
}
