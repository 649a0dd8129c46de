import { UserError } from '../kernel/errors.ts';
import type { TableTexts } from './tables.text.ts';

/**
 * The columns that a kind of file may have. The first name is the Chinese heading, the second the English one; both
 * are used in sentences. Any further names are aliases.
 */
export type Columns<Key extends string> = Readonly<
  Record<Key, { names: readonly [string, string, ...string[]]; required?: boolean }>
>;

export interface Header<Key extends string> {
  /** For each position in a row, the column that stands there, or null for one nobody asked for. */
  keys: (Key | null)[];
  unknown: string[];
}

/** Finds out which column stands where. Throws UserError when a required one is missing or one stands twice. */
export function readHeader<Key extends string>(
  headings: readonly string[],
  columns: Columns<Key>,
  context: { name: string; text: TableTexts; english: boolean },
): Header<Key> {
  const known = new Map<string, Key>();
  for (const key of Object.keys(columns) as Key[]) {
    for (const alias of columns[key].names) known.set(headingForm(alias), key);
  }
  const keys = headings.map((heading) => known.get(headingForm(heading)) ?? null);
  const title = (key: Key): string => columns[key].names[context.english ? 1 : 0];
  const twice = keys.find((key, position) => key !== null && keys.indexOf(key) !== position);
  if (twice !== undefined && twice !== null)
    throw new UserError(context.text.twice(context.name, title(twice)));
  const unknown = headings.filter((heading, position) => keys[position] === null && heading.trim() !== '');
  const missing = (Object.keys(columns) as Key[]).filter(
    (key) => columns[key].required && !keys.includes(key),
  );
  if (missing.length > 0) {
    const found = headings.map((heading) => heading.trim()).filter((heading) => heading !== '');
    throw new UserError(context.text.missingColumns(context.name, missing.map(title), found));
  }
  return { keys, unknown };
}

/** `Employee No.`, `employee_no` and full-width letters are one heading. */
function headingForm(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{Cf}*]/gu, '');
}
