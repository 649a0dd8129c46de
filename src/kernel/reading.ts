import type { Db } from './db.ts';

/** What is read of personal data, in the words of the audit: `employees.list` and the filters, never a name. */
export interface ReadOf {
  action: string;
  subject: string;
}

/**
 * Writes the line about it, then reads personal data: whoever gets the answer stands in the audit. All queries of one
 * read see the database as of one moment.
 */
export type Reading = <Result>(
  by: { id: string; employeeId: string | null },
  what: ReadOf,
  read: (tx: Db) => Promise<Result>,
) => Promise<Result>;

/** What says nothing about whose data was read, or may itself be a name. */
const LEFT_OUT = new Set(['limit', 'cursor']);
const TYPED = new Set(['search']);

/** Filters as a line of the audit: `department=FIN search=*`, in the order of the alphabet; `everyone` for none. */
export function filtersIn(query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([key, value]) => value !== undefined && !LEFT_OUT.has(key));
  const words = given.map(([key, value]) => `${key}=${TYPED.has(key) ? '*' : String(value)}`);
  return words.sort().join(' ') || 'everyone';
}
