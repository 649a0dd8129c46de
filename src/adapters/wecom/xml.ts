import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

/** Elements that may stand more than once: always read as lists. */
const LISTS = ['SelectedItem', 'OptionId'];

/** WeCom writes a handful of levels; what is deeper is not from WeCom. */
const MAX_LEVELS = 12;

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: true,
  maxNestedTags: MAX_LEVELS,
  isArray: (name) => LISTS.includes(name),
});

const root = z.object({ xml: z.record(z.string(), z.unknown()) });

/**
 * The children of `<xml>`, texts as they came: ids and numbers stay strings, entities stay as written. `undefined` for
 * what is no XML, has another root, or declares anything (`<!DOCTYPE`, `<!ENTITY`).
 */
export function readXml(text: string): Record<string, unknown> | undefined {
  const outsideCdata = text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
  if (outsideCdata.includes('<!')) return undefined;
  try {
    // The parser closes by itself what was left open.
    return XMLValidator.validate(text) === true ? root.parse(parser.parse(text)).xml : undefined;
  } catch {
    return undefined;
  }
}
