import type { SealedCard } from '../../chat/message.ts';
import { feishuMarkdown, plainText } from './markdown.ts';

type Element = Record<string, unknown>;

const TEMPLATES = { plain: 'blue', good: 'green', notice: 'orange', warm: 'carmine' } as const;
const BUTTON_TYPES = {
  primary: 'primary',
  plain: 'default',
  quiet: 'text',
  danger: 'danger',
} as const;

/** A click does not tell whether its chat is a group, so the button does. */
export type CardPlace = 'private' | 'group';
const pressOf = (a: string, place: CardPlace): Element => (place === 'group' ? { a, g: 1 } : { a });

const words = (content: string): Element => ({ tag: 'plain_text', content });
const markdown = (content: string, more: Element = {}): Element => ({ tag: 'markdown', content, ...more });

/**
 * A card of JSON 2.0, which a client from 7.20 on shows. Inputs and buttons of one card stand in one form, so that
 * whichever is pressed carries what was filled in.
 */
export function cardOf(card: SealedCard, place: CardPlace, imageKey?: string): Element {
  const interactive = controls(card, place);
  const elements = [
    markdown(feishuMarkdown(card.body)),
    ...(card.image === undefined || imageKey === undefined ? [] : [imageOf(imageKey, card.image.alt)]),
    ...factsOf(card),
    ...progressOf(card),
    ...interactive,
    ...(card.footer === undefined
      ? []
      : [markdown(feishuMarkdown(card.footer), { text_size: 'notation', margin: '4px 0px 0px 0px' })]),
  ];
  return {
    schema: '2.0',
    config: { update_multi: true, summary: { content: card.title } },
    header: { title: words(card.title), template: TEMPLATES[card.tone] },
    body: { direction: 'vertical', vertical_spacing: 'medium', elements },
  };
}

/** Source: feishu-cards/card-json-v2-components/content-components/image, read 2026-11-24. */
const imageOf = (img_key: string, alt: string): Element => ({ tag: 'img', img_key, alt: words(alt) });

function factsOf({ facts = [] }: SealedCard): Element[] {
  if (facts.length === 0) return [];
  const lines = facts.map(({ label, value }) => `**${oneLine(label)}**　${oneLine(value)}`);
  return [markdown(lines.join('\n'))];
}

const BAR = 10;

/** There is no tag for it, and a chart is much for one number: a bar of blocks, and its words. */
function progressOf({ progress }: SealedCard): Element[] {
  if (progress === undefined) return [];
  const full = Math.round(progress.value * BAR);
  return [markdown(`${'▰'.repeat(full)}${'▱'.repeat(BAR - full)}　${oneLine(progress.label)}`)];
}

const oneLine = (text: string): string =>
  plainText(text.replace(/\s+/g, ' ')).replace(/[*_`~[\]\\]/g, (mark) => `\\${mark}`);

function controls({ inputs = [], buttons }: SealedCard, place: CardPlace): Element[] {
  const inForm = inputs.length > 0 && buttons.length > 0;
  const pressable = buttons.map((button, index) => ({
    tag: 'button',
    type: BUTTON_TYPES[button.tone],
    text: words(button.label),
    behaviors: [{ type: 'callback', value: pressOf(button.actionId, place) }],
    ...(inForm ? { name: `b${index}`, form_action_type: 'submit' } : {}),
  }));
  const row = rowOf(pressable);
  if (!inForm) return row;
  return [{ tag: 'form', name: 'inputs', elements: [...inputs.map(inputOf), ...row] }];
}

/** Side by side as far as the width goes. */
function rowOf(buttons: readonly Element[]): Element[] {
  if (buttons.length === 0) return [];
  const columns = buttons.map((button) => ({ tag: 'column', width: 'auto', elements: [button] }));
  return [{ tag: 'column_set', flex_mode: 'flow', horizontal_spacing: '8px', columns }];
}

function inputOf(input: NonNullable<SealedCard['inputs']>[number]): Element {
  const placeholder = input.placeholder === undefined ? {} : { placeholder: words(input.placeholder) };
  if (input.kind === 'choice') {
    return {
      tag: 'select_static',
      name: input.name,
      placeholder: words(input.placeholder ?? input.label),
      options: (input.options ?? []).map(({ label, value }) => ({ text: words(label), value })),
    };
  }
  return {
    tag: 'input',
    name: input.name,
    label: words(input.label),
    ...placeholder,
    ...(input.maxLength === undefined ? {} : { max_length: input.maxLength }),
  };
}
