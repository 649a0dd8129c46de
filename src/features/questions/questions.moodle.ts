import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { UserError } from '../../kernel/errors.ts';
import { commonFrom, defined, type GivenQuestion, idFrom, readTags } from './questions.given.ts';
import { plainOf } from './questions.html.ts';

/** Pictures that a file brought along, by the name under which the bank will keep them. */
export type KeepPicture = (bytes: Buffer) => string | undefined;

interface Element {
  [name: string]: unknown;
}

const many = new Set(['question', 'answer', 'tag', 'subquestion', 'file']);
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  cdataPropName: false,
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
  htmlEntities: false,
  isArray: (name) => many.has(name),
});

/**
 * Moodle XML, as docs.moodle.org/en/Moodle_XML_format describes it: multichoice, truefalse,
 * shortanswer, numerical, ordering, and matching where it gives an order. Rejects with UserError when the file is no
 * whole XML, or brings declarations of its own.
 */
export function questionsInMoodle(text: string, keep: KeepPicture): GivenQuestion[] {
  if (/<!DOCTYPE|<!ENTITY/i.test(text))
    throw new UserError('questions.xml: a file with a DOCTYPE is not taken');
  const whole = XMLValidator.validate(text);
  if (whole !== true) throw new UserError(`questions.xml:${whole.err.line}: ${whole.err.msg}`);
  const root = parser.parse(text) as Element;
  const quiz = root['quiz'];
  if (!isElement(quiz)) throw new UserError('questions.xml: there is no element "quiz"');
  const lines = linesOfQuestions(text);
  return elements(quiz['question']).flatMap((question, index) => {
    const line = lines[index] ?? 1;
    const type = raw(question['@type']);
    if (type === 'category') return [];
    const read = fieldsOf(question, type, keep);
    return [typeof read === 'string' ? { line, problems: [read] } : { line, question: read }];
  });
}

const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null;
const elements = (value: unknown): Element[] =>
  (Array.isArray(value) ? value : [value]).map((one) => (isElement(one) ? one : { '#': one ?? '' }));
const raw = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : isElement(value)
      ? raw('text' in value ? value['text'] : (value['#'] ?? ''))
      : '';

/** The words of an element that holds `text` in some format. */
function wordsOf(value: unknown, inherited = 'html'): string {
  const format = isElement(value) ? raw(value['@format']) || inherited : inherited;
  const text = raw(value).replace(/@@PLUGINFILE@@/g, '');
  return format === 'html' || format === 'moodle_auto_format' ? plainOf(text) : text.trim();
}

/** The line on which each question begins; what stands in comments and CDATA is not looked at. */
function linesOfQuestions(text: string): number[] {
  const bare = text.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g, (part) =>
    part.replace(/[^\n]/g, ' '),
  );
  const lines: number[] = [];
  let line = 1;
  let from = 0;
  for (const found of bare.matchAll(/<question[\s>]/g)) {
    line += bare.slice(from, found.index).split('\n').length - 1;
    from = found.index;
    lines.push(line);
  }
  return lines;
}

function fieldsOf(question: Element, type: string, keep: KeepPicture): Record<string, unknown> | string {
  const tags = isElement(question['tags'])
    ? elements(question['tags']['tag']).map((tag) => raw(tag).trim())
    : [];
  const from = readTags(tags);
  const text = wordsOf(question['questiontext']);
  const answer = answerOf(question, type, from.meta);
  if (typeof answer === 'string') return answer;
  const explanation = wordsOf(question['generalfeedback']);
  const name = raw(question['idnumber']).trim() || raw(question['name']).trim();
  const picture = pictureIn(question['questiontext'], keep);
  return {
    ...commonFrom(from),
    id: idFrom(name, `${text}\n${JSON.stringify(answer)}`),
    text,
    ...defined({ explanation: explanation === '' ? undefined : explanation }),
    ...defined({ picture: picture ?? from.meta['picture'] }),
    ...answer,
  };
}

function pictureIn(text: unknown, keep: KeepPicture): string | undefined {
  const [file] = isElement(text) && text['file'] !== undefined ? elements(text['file']) : [];
  return file === undefined ? undefined : keep(Buffer.from(raw(file), 'base64'));
}

/** The fields that make the kind, or a sentence why there are none. */
function answerOf(
  question: Element,
  type: string,
  meta: Partial<Record<string, string>>,
): Record<string, unknown> | string {
  const answers = elements(question['answer'] ?? []).map((one) => ({
    words: wordsOf(one, 'moodle_auto_format'),
    fraction: Number(raw(one['@fraction']) || 0),
    tolerance: Number(raw(one['tolerance']) || 0),
  }));
  const right = answers.flatMap(({ fraction }, place) => (fraction > 0 ? [place] : []));
  const options = answers.map(({ words }) => words);
  switch (type) {
    case 'multichoice':
      return raw(question['single']).trim() === 'false' || meta['kind'] === 'multiple'
        ? { kind: 'multiple', options, answer: right }
        : { kind: 'single', options, answer: answers.findIndex(({ fraction }) => fraction === 100) };
    case 'truefalse':
      return {
        kind: 'true-false',
        answer: answers.find(({ fraction }) => fraction > 0)?.words.toLowerCase() === 'true',
      };
    case 'shortanswer': {
      const full = answers.filter(({ fraction }) => fraction === 100).map(({ words }) => words);
      return { kind: 'fill-in', answer: full, caseSensitive: raw(question['usecase']).trim() === '1' };
    }
    case 'numerical': {
      const best = answers.find(({ fraction }) => fraction === 100);
      if (best === undefined) return 'no answer of this number has the fraction 100';
      return {
        kind: 'numeric',
        answer: Number(best.words),
        tolerance: best.tolerance,
        ...defined({ unit: meta['unit'] }),
      };
    }
    case 'ordering':
      return { kind: 'ordering', options };
    case 'matching': {
      const pairs = elements(question['subquestion'] ?? []);
      const places = pairs.map((pair) => Number(wordsOf(pair['answer']) || raw(elements(pair['answer'])[0])));
      const words = pairs.map((pair) => wordsOf(pair));
      const ordered = words.map((_, place) => words[places.indexOf(place + 1)]);
      return ordered.includes(undefined)
        ? 'matching can only be taken where it gives an order: each right side a number from 1 on'
        : { kind: 'ordering', options: ordered };
    }
    default:
      return `questions of the type ${type === '' ? 'without a name' : type} cannot be asked in a chat`;
  }
}
