import type { Shortcoming } from '../../chat/adapter.ts';
import type { SealedCard } from '../../chat/message.ts';
import {
  type Choice,
  footerOf,
  longLabels,
  optionsOf,
  type Parts,
  partsOf,
  placeWords,
} from './card-parts.ts';
import type { CardSizes } from './card-sizes.ts';
import type { LinkedPicture } from './images.ts';
import { localeOfWords, text } from './wecom.text.ts';
import { cutCharacters, lengthOf, linksIn, plainOf } from './words.ts';

export type TemplateCard = { card_type: string } & Record<string, unknown>;

export interface RenderedCard {
  card: TemplateCard;
  shortcomings: Shortcoming[];
}

const STYLES = { primary: 1, plain: 2, danger: 3, quiet: 4 } as const;
const COLOURS = { plain: 0, notice: 1, warm: 2, good: 3 } as const;

/**
 * The neutral card as a template card, or undefined where it does not fit and has to be said in words. A card that
 * replaces another (`replacing`) has no such way out: it is cut.
 */
export function renderCard(
  card: SealedCard,
  options: {
    sizes: CardSizes;
    taskId: string;
    replacing?: boolean;
    picture?: LinkedPicture | undefined;
  },
): RenderedCard | undefined {
  const { taskId, replacing = false, picture } = options;
  // A card with buttons shows no picture: one of its rows leads to it.
  const sizes = picture === undefined ? options.sizes : { ...options.sizes, rows: options.sizes.rows - 1 };
  const { buttons, tone } = card;
  const t = text[localeOfWords(card.title + card.body)];
  const shortcomings: Shortcoming[] = [];
  const inputs = card.inputs ?? [];
  const choices = inputs.filter(
    (input): input is Choice => input.kind === 'choice' && input.options !== undefined,
  );
  const { rows: facts, lines } = partsOf(card, sizes, t.progress);
  const rows: Parts['rows'] =
    picture === undefined
      ? facts
      : [{ keyname: t.pictureRow, value: t.openPicture, type: 1, url: picture.url }, ...facts];
  if (picture !== undefined) shortcomings.push(pictureIsLinked(card));
  for (const { label } of inputs.filter(({ kind }) => kind === 'text')) {
    // WeCom cards have no field for text.
    shortcomings.push({ kind: 'input-lost', what: label });
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

  const asked = picture !== undefined ? undefined : askedAlone(choices, buttons, rows, body, card, sizes);
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
      shortcomings,
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
    shortcomings,
  };
}

/**
 * A longer notice whose only link is what it is for, as a `textcard`: 128 and 512 characters. Undefined for everything
 * else; facts would lose their rows.
 */
export function renderTextCard(card: SealedCard): Record<string, string> | undefined {
  const { title, body, footer, facts = [], inputs = [], buttons, progress } = card;
  const [link, ...more] = linksIn(body);
  const hasParts = buttons.length + inputs.length + facts.length > 0 || progress !== undefined;
  if (link === undefined || more.length > 0 || hasParts) return undefined;
  // Its text knows a few tags of HTML.
  const words = (text: string) => plainOf(text).replaceAll('<', '＜');
  const last = footer === undefined ? '' : `\n<div class="gray">${words(footer)}</div>`;
  const description = `${words(body)}${last}`;
  if (lengthOf(title) > TEXT_CARD.title || lengthOf(description) > TEXT_CARD.description) return undefined;
  return { title: words(title), description, url: link.url };
}

/** Source: path/90236. */
const TEXT_CARD = { title: 128, description: 512 };

/** Source: path/90236: a news notice has no text of its own, and pictures between these shapes. */
function pictured({ url, ratio }: LinkedPicture, words: string): object {
  return {
    card_image: { url, aspect_ratio: Math.min(2.25, Math.max(1.3, Number(ratio.toFixed(2)))) },
    ...(words === '' ? {} : { quote_area: { type: 0, quote_text: words } }),
  };
}

export const pictureIsLinked = ({ image }: SealedCard): Shortcoming => ({
  kind: 'image-linked',
  what: image?.alt ?? '',
});

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

/**
 * A card without buttons that leads somewhere, as a notice: its first link opens with the card, three stand below.
 * Undefined where it does not fit or leads nowhere: WeCom takes no notice without a link.
 */
export function renderNotice(
  card: SealedCard,
  sizes: CardSizes,
  picture?: LinkedPicture,
): TemplateCard | undefined {
  const links = linksIn(card.body);
  // The picture itself opens where the card leads nowhere else.
  const first = links[0] ?? (picture === undefined ? undefined : { title: '', url: picture.url });
  if (card.buttons.length > 0 || (card.inputs ?? []).length > 0 || first === undefined || links.length > 3)
    return undefined;
  const t = text[localeOfWords(card.title + card.body)];
  const { rows, lines } = partsOf(card, sizes, t.progress);
  const words = [plainOf(card.body), ...lines].filter((line) => line !== '').join('\n');
  const room = picture === undefined ? sizes.subTitle : sizes.quote;
  if (lengthOf(card.title) > sizes.title || lengthOf(words) > room) return undefined;
  const footer = footerOf(card, sizes);
  return {
    card_type: picture === undefined ? 'text_notice' : 'news_notice',
    source: { desc: t.source, desc_color: COLOURS[card.tone] },
    main_title: { title: card.title, ...(footer === undefined ? {} : { desc: footer }) },
    ...(picture === undefined ? { sub_title_text: words } : pictured(picture, words)),
    ...(rows.length === 0 ? {} : { horizontal_content_list: rows }),
    ...(links.length === 0
      ? {}
      : { jump_list: links.map(({ title, url }) => ({ type: 1, title: cutCharacters(title, 18), url })) }),
    card_action: { type: 1, url: first.url },
  };
}
