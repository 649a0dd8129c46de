import type { Given, QuestionContent } from './questions.schema.ts';

/**
 * How right an answer is, from 0 to 1. In between there is only what has parts: several right options (each wrong one
 * costs as much as a right one brings, never below 0), and places of an order. Whether parts count is up to the round.
 */
export function judge(content: QuestionContent, given: Given): number {
  switch (content.kind) {
    case 'single':
      return given.kind === 'options' && given.options.length === 1 && given.options[0] === content.answer
        ? 1
        : 0;
    case 'multiple':
      return given.kind === 'options' ? shareOfOptions(content.answer, given.options) : 0;
    case 'true-false':
      return given.kind === 'truth' && given.truth === content.answer ? 1 : 0;
    case 'fill-in':
      return given.kind === 'words' && accepts(content, given.words) ? 1 : 0;
    case 'ordering':
      return given.kind === 'order' ? shareOfPlaces(content.options.length, given.order) : 0;
    case 'numeric':
      return given.kind === 'number' && isNear(given.number, content.answer, content.tolerance) ? 1 : 0;
  }
}

function shareOfOptions(right: readonly number[], chosen: readonly number[]): number {
  const hits = new Set(chosen.filter((one) => right.includes(one))).size;
  const misses = new Set(chosen.filter((one) => !right.includes(one))).size;
  return Math.max(0, (hits - misses) / right.length);
}

function shareOfPlaces(length: number, order: readonly number[]): number {
  if (order.length !== length || new Set(order).size !== length) return 0;
  return order.filter((one, place) => one === place).length / length;
}

/** Floating point loses the last digit: 0.1 + 0.2 counts for 0.3. */
function isNear(given: number, answer: number, tolerance: number): boolean {
  const slack = Number.EPSILON * 8 * Math.max(1, Math.abs(given), Math.abs(answer));
  return Math.abs(given - answer) <= tolerance + slack;
}

function accepts(content: Extract<QuestionContent, { kind: 'fill-in' }>, given: string): boolean {
  const form = (text: string) => {
    const plain = plainWords(text);
    return content.caseSensitive ? plain : plain.toLowerCase();
  };
  return content.answer.some((one) => form(one) === form(given));
}

/** Full-width letters, blanks and a full stop at the end make no difference to what somebody knows. */
function plainWords(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/\s+/g, '')
    .replace(/[。．.!！]+$/u, '')
    .replace(/^["'“”‘’「」]+|["'“”‘’「」]+$/gu, '');
}

const TRUE_WORDS = new Set(['对', '正确', '是', '√', '✓', 't', 'true', 'y', 'yes', 'a', 'right']);
const FALSE_WORDS = new Set([
  '错',
  '错误',
  '不对',
  '否',
  '×',
  '✗',
  'x',
  'f',
  'false',
  'n',
  'no',
  'b',
  'wrong',
]);
const LONGEST_WORDS = 100;

/**
 * What typed text says to a question whose options were shown in `order` (place → index), or undefined when it is no
 * answer to it: `A`, `ac`, `A、C`, `选b`, `对`, `3.5`, the words of an option.
 */
export function readTyped(
  content: QuestionContent,
  order: readonly number[],
  said: string,
): Given | undefined {
  const plain = plainWords(said);
  if (plain === '' || Array.from(plain).length > LONGEST_WORDS) return undefined;
  switch (content.kind) {
    case 'single': {
      const places = lettersIn(plain, order.length);
      if (places?.length === 1) return { kind: 'options', options: places.map((place) => order[place] ?? 0) };
      const named = content.options.findIndex(
        (option) => plainWords(option).toLowerCase() === plain.toLowerCase(),
      );
      return named === -1 ? undefined : { kind: 'options', options: [named] };
    }
    case 'multiple': {
      const places = lettersIn(plain, order.length);
      if (places === undefined) return undefined;
      return { kind: 'options', options: places.map((place) => order[place] ?? 0).sort((a, b) => a - b) };
    }
    case 'ordering': {
      const places = lettersIn(plain, order.length);
      if (places?.length !== order.length) return undefined;
      return { kind: 'order', order: places.map((place) => order[place] ?? 0) };
    }
    case 'true-false': {
      const word = plain.toLowerCase();
      if (TRUE_WORDS.has(word)) return { kind: 'truth', truth: true };
      return FALSE_WORDS.has(word) ? { kind: 'truth', truth: false } : undefined;
    }
    case 'numeric': {
      const number = numberIn(plain, content.unit);
      return number === undefined ? undefined : { kind: 'number', number };
    }
    case 'fill-in':
      return { kind: 'words', words: said.normalize('NFKC').trim() };
  }
}

/** Places that letters name, each once; undefined for anything else. `A` is place 0. */
function lettersIn(plain: string, options: number): number[] | undefined {
  const letters = plain
    .toLowerCase()
    .replace(/^(?:我?选|答案?[是:]?)/, '')
    .replace(/[,，、;；.。和>→-]/g, '');
  if (!/^[a-h]+$/.test(letters)) return undefined;
  const places = Array.from(letters, (letter) => letter.charCodeAt(0) - 97);
  const fits = places.every((place) => place < options) && new Set(places).size === places.length;
  return fits ? places : undefined;
}

function numberIn(plain: string, unit: string | undefined): number | undefined {
  const bare = (unit === undefined ? plain : plain.replace(plainWords(unit), '')).replace(/,(?=\d{3})/g, '');
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(bare) ? Number(bare) : undefined;
}

/** Whether text for an open fill-in question is rather a question to us: those are never swallowed. */
export function soundsLikeQuestion(said: string): boolean {
  return /[?？]\s*$|^(?:怎么|如何|为什么|为何|请问|how |what |why |where )|(?:吗|呢|怎么办)[。.!！]?$/i.test(
    said.trim(),
  );
}
