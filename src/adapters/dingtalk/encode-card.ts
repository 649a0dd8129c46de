import type { InstantAnswer } from '../../chat/adapter.ts';
import type { SealedCard } from '../../chat/message.ts';
import { footerOf, markdownOf, plain } from './encode.ts';

/** One variable of a card. D:create-and-deliver-cards, page of 2026-04-24: a value has at most 1 KB. */
const MOST_VALUE_BYTES = 1_024;
const MARKDOWN_PARTS = 6;
/** A part ends at a line, so it is cut a little earlier than it must be. */
const PART_BYTES = 1_000;
const INPUTS = 5;
const BUTTONS = 6;

/**
 * All variables of the template in `config/dingtalk/card-template.json`, empty ones too: what is not named here
 * would stay as it was when a card is updated. Undefined when the card does not fit.
 */
export function cardParams(card: SealedCard, mediaId = ''): Record<string, string> | undefined {
  const markdown = [markdownOf(card, { listOptions: false }), footerOf(card)].filter((part) => part !== '');
  const parts = partsOf(markdown.join('\n\n'));
  const { inputs = [], buttons } = card;
  if (parts.length > MARKDOWN_PARTS || inputs.length > INPUTS || buttons.length > BUTTONS) return undefined;
  const params: Record<string, string> = { title: plain(card.title), tone: card.tone, image: mediaId };
  for (let at = 0; at < MARKDOWN_PARTS; at += 1) params[`md${at + 1}`] = parts[at] ?? '';
  for (let at = 0; at < INPUTS; at += 1) Object.assign(params, inputParams(`i${at + 1}`, inputs[at]));
  for (let at = 0; at < BUTTONS; at += 1) {
    const button = buttons[at];
    params[`b${at + 1}`] = button?.label ?? '';
    params[`b${at + 1}_tone`] = button?.tone ?? '';
    params[`b${at + 1}_action`] = button?.actionId ?? '';
  }
  return Object.values(params).some((value) => Buffer.byteLength(value) > MOST_VALUE_BYTES)
    ? undefined
    : params;
}

export const fitsTemplate = (card: SealedCard): boolean => cardParams(card) !== undefined;

function inputParams(
  slot: string,
  input: NonNullable<SealedCard['inputs']>[number] | undefined,
): Record<string, string> {
  const options = (input?.options ?? []).map(({ value, label }) => ({ value, text: label }));
  return {
    [slot]: input?.kind ?? '',
    [`${slot}_name`]: input?.name ?? '',
    [`${slot}_label`]: input?.label ?? '',
    [`${slot}_hint`]: input?.placeholder ?? '',
    [`${slot}_options`]: options.length === 0 ? '' : JSON.stringify(options),
  };
}

/** Cuts at ends of lines; a line that is too long by itself at the end of a character. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const line of text.split('\n').flatMap(pieces)) {
    const longer = part === '' ? line : `${part}\n${line}`;
    if (Buffer.byteLength(longer) <= PART_BYTES) part = longer;
    else {
      parts.push(part);
      part = line;
    }
  }
  if (part !== '') parts.push(part);
  return parts;
}

function pieces(line: string): string[] {
  if (Buffer.byteLength(line) <= PART_BYTES) return [line];
  const found: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > PART_BYTES) {
      found.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += character;
    bytes += size;
  }
  return [...found, piece];
}

/**
 * The answer to a pressed button: what the card shows from now on, and a word to whoever pressed.
 * Source: D:event-callback-card, page of 2026-08-04: `userPrivateData` is for the person who pressed, by no id.
 */
export function cardAnswer({ toast, card }: InstantAnswer, mediaId?: string): object {
  const params = card === undefined ? undefined : cardParams(card, mediaId);
  return {
    cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
    ...(params === undefined ? {} : { cardData: { cardParamMap: params } }),
    userPrivateData: { cardParamMap: { toast: toast ?? '' } },
  };
}
