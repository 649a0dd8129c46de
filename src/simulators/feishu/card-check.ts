import { wordIn } from './answers.ts';
import type { World } from './world.ts';

/** Why the platform refuses a card, as sub-codes of 230099; undefined when it takes it. */
export interface CardFault {
  code: number;
  message: string;
}

const words = (text: string): Set<string> => new Set(text.split(' '));
const INTERACTIVE = words(
  'input button select_static multi_select_static select_person multi_select_person date_picker picker_time ' +
    'picker_datetime select_img checker',
);
const TAGS = new Set([
  ...words(
    'column_set column form interactive_container collapsible_panel div markdown img img_combination person',
  ),
  ...words('person_list chart table hr overflow plain_text lark_md standard_icon custom_icon text_tag'),
  ...INTERACTIVE,
]);
const TOP = new Set(['schema', 'config', 'card_link', 'header', 'body']);
const TEMPLATES = words(
  'blue wathet turquoise green yellow orange red carmine violet purple indigo grey default',
);
const BUTTON_TYPES = words(
  'default primary danger text primary_text danger_text primary_filled danger_filled laser',
);
const MOST_ELEMENTS = 200;
const MOST_NESTED = 5;

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** Checks a card of JSON 2.0; `files` are the app's uploads. */
export function cardFault(card: unknown, files: World['files']): CardFault | undefined {
  try {
    check(card, files);
    return undefined;
  } catch (fault) {
    if (fault instanceof Fault) return { code: fault.code, message: fault.message };
    throw fault;
  }
}

class Fault extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

function check(card: unknown, files: World['files']): void {
  if (!isNode(card)) throw new Fault(200621, 'parse card json err');
  if (card['schema'] !== '2.0') throw new Fault(200621, 'schema V1 is not what this simulator is for');
  for (const key of Object.keys(card)) if (!TOP.has(key)) throw new Fault(200621, `unknown property, ${key}`);
  if (isNode(card['config']) && card['config']['update_multi'] === false) {
    throw new Fault(200621, 'update_multi may only be true');
  }
  const header = card['header'];
  if (isNode(header) && header['template'] !== undefined && !TEMPLATES.has(wordIn(header['template']))) {
    throw new Fault(200621, 'unknown header template');
  }
  const body = card['body'];
  if (!isNode(body) || !Array.isArray(body['elements'])) throw new Fault(200621, 'body.elements is missing');
  const seen = { count: 0, names: new Set<string>(), ids: new Set<string>() };
  for (const element of nodes(body['elements']))
    visit(element, { depth: 0, inForm: false, atRoot: true, seen, files });
  if (seen.count > MOST_ELEMENTS) throw new Fault(11310, 'element exceeds the limit');
}

interface Where {
  depth: number;
  inForm: boolean;
  atRoot: boolean;
  seen: { count: number; names: Set<string>; ids: Set<string> };
  files: World['files'];
}

function visit(node: Node, where: Where): void {
  const tag = wordIn(node['tag']);
  const { seen } = where;
  seen.count += 1;
  if (!TAGS.has(tag))
    throw new Fault(200861, `cards of schema V2 no longer support this capability, tag ${tag}`);
  if (where.depth > MOST_NESTED) throw new Fault(200621, 'nested too deep');
  once(node['element_id'], seen.ids, 200621);
  if (tag === 'form') return visitForm(node, where);
  if (tag === 'table' && where.inForm) throw new Fault(200621, 'a form may not hold a table');
  if (tag === 'multi_select_static' && !where.inForm) throw new Fault(200621, 'only inside a form');
  if (where.inForm && INTERACTIVE.has(tag)) {
    if (typeof node['name'] !== 'string' || node['name'] === '')
      throw new Fault(200530, 'empty name in form');
    once(node['name'], seen.names, 200530);
  }
  if (tag === 'img') checkImage(node, where.files);
  if (tag === 'button') checkButton(node);
  if (tag === 'input') checkInput(node);
  children(node).forEach((child) => {
    visit(child, { ...where, depth: where.depth + (tag === 'column_set' ? 1 : 0), atRoot: false });
  });
}

function visitForm(node: Node, where: Where): void {
  if (!where.atRoot || where.inForm) throw new Fault(200621, 'a form stands at the root of the body');
  if (typeof node['name'] !== 'string' || node['name'] === '') throw new Fault(200530, 'empty name of form');
  let submits = 0;
  const count = (inner: Node): void => {
    if (inner['tag'] === 'button' && inner['form_action_type'] === 'submit') submits += 1;
    children(inner).forEach(count);
  };
  count(node);
  if (submits === 0) throw new Fault(200621, 'a form needs a submit button');
  for (const child of nodes(node['elements'])) visit(child, { ...where, inForm: true, atRoot: false });
}

const IMAGE_PROPERTIES = words(
  'tag element_id margin img_key alt title corner_radius scale_type size transparent preview',
);

function checkImage(node: Node, files: World['files']): void {
  for (const key of Object.keys(node))
    if (!IMAGE_PROPERTIES.has(key)) throw new Fault(200621, `unknown property, ${key}`);
  if (files.get(wordIn(node['img_key']))?.kind !== 'image') throw new Fault(200570, 'image key is invalid');
}

function checkButton(node: Node): void {
  const text = isNode(node['text']) ? wordIn(node['text']['content'] ?? '') : '';
  if (text.length > 100) throw new Fault(200621, 'button text exceeds 100');
  if (node['type'] !== undefined && !BUTTON_TYPES.has(wordIn(node['type']))) {
    throw new Fault(200621, 'unknown button type');
  }
  for (const { type, value } of nodes(node['behaviors'])) {
    if (type === 'callback' && !isNode(value)) throw new Fault(200621, 'callback value must be an object');
  }
}

function checkInput(node: Node): void {
  const most = node['max_length'];
  if (most !== undefined && !(Number(most) >= 1 && Number(most) <= 1000)) {
    throw new Fault(200621, 'max_length is 1 to 1000');
  }
}

function once(value: unknown, seen: Set<string>, code: number): void {
  if (value === undefined) return;
  if (seen.has(wordIn(value))) throw new Fault(code, 'used twice');
  seen.add(wordIn(value));
}

/** Everything below that counts as an element: text objects too. */
export function children(node: Record<string, unknown>): Record<string, unknown>[] {
  const texts = ['text', 'title', 'label', 'placeholder', 'alt'].flatMap((key) =>
    isNode(node[key]) ? [node[key]] : [],
  );
  return [...texts, ...nodes(node['elements']), ...nodes(node['columns'])];
}
