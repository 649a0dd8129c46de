import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import { stem } from './stem.ts';
import { simplified } from './traditional.ts';
import { negationsIn, oneWording } from './wording.ts';

/** Whoever writes more than this has said it by then; the rest costs nothing. */
const LONGEST_TEXT = 300;

/** One text as the index and the comparison see it. */
export interface Analysed {
  /** Han characters, stems, numbers and codes in their order. */
  units: string[];
  unitSet: ReadonlySet<string>;
  /** Chinese words of two characters or more, and stems. */
  words: string[];
  wordSet: ReadonlySet<string>;
  negated: boolean;
}

/** `0x80070005`, `2019`, `1.2.3`, `docx`, `c++`, one Han character, or letters of another script. */
const PIECES =
  /0x[0-9a-f]+|\d+(?:[.:]\d+)*|[a-z]+(?:[-_][a-z]+)*\d*(?:\+\+|#)?|\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;
const HAN = /^\p{Script=Han}/u;
const FILLERS = new Set('a an the of to is are do does i my in on it me for and or'.split(' '));

let jieba: Jieba | undefined;

/** Whether a unit or word begins with a Han character; most of them lie in one block, which is quick to tell. */
export function isHan(unit: string): boolean {
  const code = unit.charCodeAt(0);
  if (code >= 0x4e00 && code <= 0x9fff) return true;
  return code > 0x2e7f && HAN.test(unit);
}

/** One form of writing: half-width, simplified, lower case, without what cannot be seen. */
function plainForm(text: string, longest: number): string {
  const short = text.slice(0, longest).normalize('NFKC').slice(0, longest).toLowerCase();
  return short.replace(/[\p{C}\p{M}\s]+/gu, ' ').replace(/\p{Script=Han}/gu, simplified);
}

/** `wording: false` leaves out what `oneWording` does, to see what it brings. */
export function analyse(text: string, options: { longest?: number; wording?: boolean } = {}): Analysed {
  const plain = plainForm(text, options.longest ?? LONGEST_TEXT);
  const wording = options.wording === false ? plain : oneWording(plain);
  const units = unitsIn(wording);
  const words = [...hanWords(wording), ...units.filter((unit) => !isHan(unit))];
  return {
    units,
    unitSet: new Set(units),
    words,
    wordSet: new Set(words),
    negated: negationsIn(wording) % 2 === 1,
  };
}

function unitsIn(wording: string): string[] {
  const units: string[] = [];
  for (const piece of wording.match(PIECES) ?? []) if (!FILLERS.has(piece)) units.push(stem(piece));
  return units;
}

function hanWords(wording: string): string[] {
  jieba ??= Jieba.withDict(dict);
  return jieba.cut(wording, true).filter((word) => word.length > 1 && isHan(word));
}

/** Three letters at a time, with the ends of the word marked. */
export function trigramsOf(word: string): string[] {
  const framed = `<${word}>`;
  return Array.from({ length: Math.max(0, framed.length - 2) }, (_, at) => framed.slice(at, at + 3));
}
