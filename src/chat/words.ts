/** Without what no database keeps: the character nought, and halves of characters that were cut in two. */
export function storable(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, '');
}

/**
 * One form for what people type: full-width letters, digits and spaces become half-width (NFKC), invisible
 * characters and @-mentions at either end go, runs of white space become one blank, letters become lower case.
 */
export function normalise(text: string): string {
  const pieces = storable(text)
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff]|\ufe0f/g, '')
    .toLowerCase()
    .split(/\s+/)
    .filter((piece) => piece !== '');
  const isWord = (piece: string): boolean => !piece.startsWith('@');
  const last = pieces.findLastIndex(isWord);
  return last === -1 ? '' : pieces.slice(pieces.findIndex(isWord), last + 1).join(' ');
}

/** For comparing whole words: blanks, and punctuation or emoji at either end, do not matter. */
export function wordForm(text: string): string {
  const form = bare(text);
  // What stood at an end may have kept marks in another order: once more, until nothing changes.
  return form === text ? form : wordForm(form);
}

function bare(text: string): string {
  return normalise(text)
    .replace(/^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu, '')
    .replace(/\s/g, '');
}
