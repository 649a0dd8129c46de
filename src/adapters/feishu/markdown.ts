/** What our own catalogue writes in texts: bold, code, links. */
const STYLE = /\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\(https?:/;

/** Whether a text must go as markdown to look as it is meant. */
export const hasStyle = (text: string): boolean => STYLE.test(text);

/** Tags that the platform reads in markdown and in texts: a mention of everybody must not come out of an FAQ entry. */
const TAGS =
  /<(?=\/?(?:at|b|i|u|s|a|br|hr|font|link|person|text_tag|number_tag|local_datetime|audio|img)\b)/gi;
const ZERO_WIDTH = '\u200b';

/** Words as words: what looks like a tag of the platform loses its meaning and keeps its looks. */
export const plainText = (text: string): string => text.replace(TAGS, `<${ZERO_WIDTH}`);

const IMAGE = /!\[([^\]\n]*)\]\(([^)\s]*)\)/g;
const LINK = /\[([^\]\n]*)\]\(([^)\s]*)\)/g;
const CODE = /(```[\s\S]*?```|`[^`\n]*`)/;

/**
 * Neutral markdown as Feishu's. Pictures become links, because theirs need a key of an upload and a wrong one refuses the
 * whole card; links that lead nowhere on the web become words; tags of the platform lose their meaning.
 */
export function feishuMarkdown(markdown: string): string {
  return markdown
    .split(CODE)
    .map((part, index) => plainText(index % 2 === 1 ? part : links(part)))
    .join('');
}

function links(text: string): string {
  return text
    .replace(IMAGE, '[$1]($2)')
    .replace(LINK, (whole, label: string, target: string) => (/^https?:\/\//i.test(target) ? whole : label));
}
