import type { SealedCard } from '../../chat/message.ts';
import type { CardSizes } from './card-sizes.ts';
import { cutCharacters, lengthOf } from './words.ts';

type Input = NonNullable<SealedCard['inputs']>[number];
export type Choice = Input & { options: NonNullable<Input['options']> };

const LETTERS = 'ABCDEFGHIJKLMNOPQRST';

/** Rows of a card, or lines of its text where a row has no room. */
export interface Parts {
  rows: { keyname: string; value: string; type?: 1; url?: string }[];
  lines: string[];
}

/** Facts and progress as rows; what is too long for a row becomes a line of the text. */
export function partsOf(card: SealedCard, sizes: CardSizes, progressLabel: string): Parts {
  const parts: Parts = { rows: [], lines: [] };
  const progress = card.progress;
  const facts = [
    ...(card.facts ?? []),
    ...(progress === undefined
      ? []
      : [{ label: progressLabel, value: `${bar(progress.value)} ${progress.label}` }]),
  ];
  for (const { label, value } of facts) {
    const fits =
      parts.rows.length < sizes.rows && lengthOf(label) <= sizes.key && lengthOf(value) <= sizes.value;
    if (fits) parts.rows.push({ keyname: label, value: value === '' ? ' ' : value });
    else parts.lines.push(`${label}：${value}`);
  }
  if (card.footer !== undefined && footerOf(card, sizes) === undefined) parts.lines.push(card.footer);
  return parts;
}

export const footerOf = ({ footer }: SealedCard, sizes: CardSizes): string | undefined =>
  footer !== undefined && lengthOf(footer) <= sizes.desc ? footer : undefined;

const BAR = 5;
/** A share as a bar of five. */
export function bar(value: number): string {
  const full = Math.round(value * BAR);
  return '▰'.repeat(full) + '▱'.repeat(BAR - full);
}

/** Options with their own words, or with letters that the text explains; undefined when there are too many. */
export function optionsOf(
  choice: Choice,
  size: number,
  most: number,
): { options: { id: string; text: string }[]; lines: string[] } | undefined {
  const { options, label } = choice;
  if (options.length === 0 || options.length > most) return undefined;
  const fits = options.every((option) => lengthOf(option.label) <= size && option.label !== '');
  const letterOf = (index: number) => LETTERS[index] ?? String(index + 1);
  return {
    options: options.map((option, index) => ({
      id: option.value,
      text: fits ? option.label : letterOf(index),
    })),
    lines: fits ? [] : [label, ...options.map((option, index) => `${letterOf(index)}　${option.label}`)],
  };
}

/** A label that a button would cut off stands in full above, under a number. */
export function longLabels(
  buttons: SealedCard['buttons'],
  size: number,
): { labels: string[]; lines: string[] } {
  const lines: string[] = [];
  const labels = buttons.map(({ label }, index) => {
    if (lengthOf(label) <= size) return label;
    const numbered = /^\d/.test(label) ? label : `${index + 1}. ${label}`;
    lines.push(numbered);
    return cutCharacters(numbered, size);
  });
  return { labels, lines };
}

/** As many whole lines as the text takes, the rest as a quotation below. */
export function placeWords(words: string, sizes: CardSizes, cut: boolean): object | undefined {
  if (lengthOf(words) <= sizes.subTitle) return words === '' ? {} : { sub_title_text: words };
  const lines = words.split('\n');
  let shown = lines[0] ?? '';
  let taken = 1;
  if (lengthOf(shown) > sizes.subTitle) {
    const characters = Array.from(words);
    shown = characters.slice(0, sizes.subTitle).join('');
    lines.splice(0, lines.length, shown, ...characters.slice(sizes.subTitle).join('').split('\n'));
  } else {
    while (taken < lines.length && lengthOf(`${shown}\n${lines[taken]}`) <= sizes.subTitle) {
      shown = `${shown}\n${lines[taken]}`;
      taken += 1;
    }
  }
  const rest = lines.slice(taken).join('\n').trim();
  if (lengthOf(rest) > sizes.quote && !cut) return undefined;
  return {
    sub_title_text: shown.trimEnd(),
    ...(rest === '' ? {} : { quote_area: { type: 0, quote_text: cutCharacters(rest, sizes.quote) } }),
  };
}
