import type { SealedCard } from '../../chat/message.ts';
import { localeOfWords, text } from './wecom.text.ts';
import { cutCharacters, lengthOf, linksIn, plainOf } from './words.ts';

/**
 * What a template card shows before the client cuts it off, in characters, and how many lines and options there may be.
 * Source: path/90236 (app) and path/101032 (robot), read 2026-11-22.
 */
interface CardSizes {
  title: number;
  desc: number;
  subTitle: number;
  rows: number;
  key: number;
  value: number;
  buttons: number;
  button: number;
  option: number;
  voteOption: number;
  voteDesc: number;
  /** No number is documented; ours, so that the card stays readable on a phone. */
  quote: number;
}

export const APP_CARD: CardSizes = {
  title: 36,
  desc: 44,
  subTitle: 160,
  rows: 6,
  key: 5,
  value: 30,
  buttons: 6,
  button: 10,
  option: 16,
  voteOption: 17,
  voteDesc: 160,
  quote: 400,
};

export const ROBOT_CARD: CardSizes = {
  ...APP_CARD,
  title: 26,
  desc: 30,
  subTitle: 112,
  value: 26,
  option: 10,
  voteOption: 11,
  voteDesc: 112,
};

export type TemplateCard = { card_type: string } & Record<string, unknown>;

export interface RenderedCard {
  card: TemplateCard;
  /** What WeCom cannot show, in words for whoever writes the message. */
  notes: string[];
}

type Input = NonNullable<SealedCard['inputs']>[number];
type Choice = Input & { options: NonNullable<Input['options']> };

const STYLES = { primary: 1, plain: 2, danger: 3, quiet: 4 } as const;
const COLOURS = { plain: 0, notice: 1, warm: 2, good: 3 } as const;
const LETTERS = 'ABCDEFGHIJKLMNOPQRST';

/** Rows of a card, or lines of its text where a row has no room. */
interface Parts {
  rows: { keyname: string; value: string }[];
  lines: string[];
}

/**
 * The neutral card as a template card, or undefined where it does not fit and has to be said in words. A card that
 * replaces another (`replacing`) has no such way out: it is cut.
 */
export function renderCard(
  card: SealedCard,
  options: { sizes: CardSizes; taskId: string; replacing?: boolean },
): RenderedCard | undefined {
  const { sizes, taskId, replacing = false } = options;
  const { buttons, tone } = card;
  const t = text[localeOfWords(card.title + card.body)];
  const notes: string[] = [];
  const inputs = card.inputs ?? [];
  const choices = inputs.filter(
    (input): input is Choice => input.kind === 'choice' && input.options !== undefined,
  );
  const { rows, lines } = partsOf(card, sizes, t.progress);
  for (const { label } of inputs.filter(({ kind }) => kind === 'text')) {
    notes.push(`WeCom cards have no field for text: “${label}” cannot be filled in`);
    lines.push(t.cannotFill(label));
  }
  if (buttons.length > sizes.buttons) return undefined;
  const base = {
    source: { desc: t.source, desc_color: COLOURS[tone] },
    task_id: taskId,
  };
  const title = cutCharacters(card.title, sizes.title);
  if (title !== card.title) lines.unshift(card.title);
  const body = [plainOf(card.body), ...lines].filter((line) => line !== '').join('\n');

  const asked = askedAlone(choices, buttons, rows, body, card, sizes);
  if (asked !== undefined && !replacing) {
    const submit = buttons[0] as SealedCard['buttons'][number];
    return {
      card: {
        ...base,
        source: { desc: t.source },
        main_title: { title, ...(asked.desc === '' ? {} : { desc: asked.desc }) },
        ...asked.fields,
        submit_button: { text: cutCharacters(submit.label, sizes.button), key: submit.actionId },
      } as unknown as TemplateCard,
      notes,
    };
  }
  if (choices.length > 1 && !replacing) return undefined;

  const choice = choices[0];
  const lettered = choice === undefined ? undefined : optionsOf(choice, sizes.option, 10);
  if (choice !== undefined && lettered === undefined && !replacing) return undefined;
  const long = longLabels(buttons, sizes.button);
  const words = [body, ...(lettered?.lines ?? []), ...long.lines].filter((line) => line !== '').join('\n');
  const placed = placeWords(words, sizes, replacing);
  if (placed === undefined) return undefined;
  const footer = footerOf(card, sizes);
  return {
    card: {
      card_type: 'button_interaction',
      ...base,
      main_title: { title, ...(footer === undefined ? {} : { desc: footer }) },
      ...placed,
      ...(rows.length === 0 ? {} : { horizontal_content_list: rows }),
      ...(choice === undefined || lettered === undefined
        ? {}
        : {
            button_selection: {
              question_key: choice.name,
              title: cutCharacters(choice.label, sizes.option),
              option_list: lettered.options,
            },
          }),
      ...buttonsOf(buttons, long.labels, tone === 'good' ? t.done : t.seen),
    },
    notes,
  };
}

/** A card needs a button; where nothing is left to press it is grey. */
function buttonsOf(buttons: SealedCard['buttons'], labels: readonly string[], nothing: string): object {
  if (buttons.length === 0)
    return { button_list: [{ text: nothing, style: 2, key: 'nothing' }], replace_text: nothing };
  return {
    button_list: buttons.map(({ tone, actionId }, index) => ({
      text: labels[index] ?? '',
      style: STYLES[tone],
      key: actionId,
    })),
  };
}

/** Facts and progress as rows; what is too long for a row becomes a line of the text. */
function partsOf(card: SealedCard, sizes: CardSizes, progressLabel: string): Parts {
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

const footerOf = ({ footer }: SealedCard, sizes: CardSizes): string | undefined =>
  footer !== undefined && lengthOf(footer) <= sizes.desc ? footer : undefined;

const BAR = 5;
/** A share as a bar of five. */
export function bar(value: number): string {
  const full = Math.round(value * BAR);
  return '▰'.repeat(full) + '▱'.repeat(BAR - full);
}

/** Options with their own words, or with letters that the text explains; undefined when there are too many. */
function optionsOf(
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

/** One to three questions with one button: a vote, or selects. Both have only a short text above. */
function askedAlone(
  choices: readonly Choice[],
  buttons: SealedCard['buttons'],
  rows: Parts['rows'],
  body: string,
  card: SealedCard,
  sizes: CardSizes,
): { desc: string; fields: object } | undefined {
  const [only] = choices;
  if (only === undefined || choices.length > 3 || buttons.length !== 1) return undefined;
  const vote = choices.length === 1;
  const lists = choices.map((choice) =>
    vote ? optionsOf(choice, sizes.voteOption, 20) : optionsOf(choice, sizes.option, 10),
  );
  if (lists.some((list) => list === undefined)) return undefined;
  const question = vote && (lists[0]?.lines.length ?? 0) === 0 && body !== only.label ? [only.label] : [];
  const footer = footerOf(card, sizes);
  const desc = [
    body,
    ...rows.map(({ keyname, value }) => `${keyname}：${value}`),
    ...(footer === undefined ? [] : [footer]),
    ...question,
    ...lists.flatMap((list) => list?.lines ?? []),
  ]
    .filter((line) => line !== '')
    .join('\n');
  if (lengthOf(desc) > sizes.voteDesc) return undefined;
  if (vote) {
    const checkbox = { question_key: only.name, mode: 0, option_list: lists[0]?.options };
    return { desc, fields: { card_type: 'vote_interaction', checkbox } };
  }
  const select_list = choices.map((choice, index) => ({
    question_key: choice.name,
    title: cutCharacters(choice.label, sizes.option),
    option_list: lists[index]?.options,
  }));
  return { desc, fields: { card_type: 'multiple_interaction', select_list } };
}

/** A label that a button would cut off stands in full above, under a number. */
function longLabels(buttons: SealedCard['buttons'], size: number): { labels: string[]; lines: string[] } {
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
function placeWords(words: string, sizes: CardSizes, cut: boolean): object | undefined {
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

/**
 * A card without buttons that leads somewhere, as a notice: its first link opens with the card, three stand below.
 * Undefined where it does not fit or leads nowhere: WeCom takes no notice without a link.
 */
export function renderNotice(card: SealedCard, sizes: CardSizes): TemplateCard | undefined {
  const links = linksIn(card.body);
  const [first] = links;
  if (card.buttons.length > 0 || (card.inputs ?? []).length > 0 || first === undefined || links.length > 3)
    return undefined;
  const t = text[localeOfWords(card.title + card.body)];
  const { rows, lines } = partsOf(card, sizes, t.progress);
  const words = [plainOf(card.body), ...lines].filter((line) => line !== '').join('\n');
  if (lengthOf(card.title) > sizes.title || lengthOf(words) > sizes.subTitle) return undefined;
  const footer = footerOf(card, sizes);
  return {
    card_type: 'text_notice',
    source: { desc: t.source, desc_color: COLOURS[card.tone] },
    main_title: { title: card.title, ...(footer === undefined ? {} : { desc: footer }) },
    sub_title_text: words,
    ...(rows.length === 0 ? {} : { horizontal_content_list: rows }),
    jump_list: links.map(({ title, url }) => ({ type: 1, title: cutCharacters(title, 18), url })),
    card_action: { type: 1, url: first.url },
  };
}
