/** Cuts at so many bytes of UTF-8 between characters, with `end` behind what is left. */
export function cutBytes(words: string, most: number, end: string): string {
  if (Buffer.byteLength(words) <= most) return words;
  const room = most - Buffer.byteLength(end);
  let kept = '';
  let bytes = 0;
  for (const character of words) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    kept += character;
  }
  return kept + end;
}

/** Length as a person counts: characters, not UTF-16 units. */
export const lengthOf = (words: string): number => Array.from(words).length;

export function cutCharacters(words: string, most: number): string {
  const characters = Array.from(words);
  return characters.length <= most ? words : `${characters.slice(0, most - 1).join('')}…`;
}

/** Links and mentions are live in WeCom's texts; what people wrote must not become one. */
export const harmlessText = (words: string): string => words.replace(/<(?=\s*\/?\s*a\b)/gi, '＜');

/** Markdown of WeCom knows colours and mentions in angle brackets: none of ours. */
export const harmlessMarkdown = (words: string): string => words.replaceAll('<', '＜');

const LINK = /!?\[([^\]\n]*)\]\((https?:\/\/[^\s)]+)\)/g;

/** The words of markdown without its signs, for fields that show plain text. */
export function plainOf(markdown: string): string {
  return markdown
    .replace(LINK, '$1')
    .replace(/^#{1,6}\s+/gm, '')
    .replace(/^\s*>\s?/gm, '')
    .replace(/^(\s*)[-*+]\s+/gm, '$1• ')
    .replace(/(\*\*|__)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])/g, '$1')
    .replace(/`([^`\n]+)`/g, '$1')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

export interface Link {
  title: string;
  url: string;
}

export function linksIn(markdown: string): Link[] {
  return [...markdown.matchAll(LINK)].map(([, title = '', url = '']) => ({ title: title || url, url }));
}
