import type { z } from 'zod';
import { nearest } from '../kernel/nearest.ts';
import { knownKeysAt } from './known-keys.ts';

type Issue = z.core.$ZodIssue;

export interface Problem {
  path: PropertyKey[];
  message: string;
}

/** Says what zod found in the words of somebody who edits the file: what is missing, unknown, or one of what. */
export function problemsIn(issues: readonly Issue[], schema: z.ZodType, data: unknown): Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, [], { schema, data }));
}

function problemsOf(
  issue: Issue,
  above: readonly PropertyKey[],
  given: { schema: z.ZodType; data: unknown },
): Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeysAt(given.schema, path);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known) }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = likeliest(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => problemsOf(inner, path, given));
    const choices = new Set(issue.errors.flat().map((inner) => plain(inner.message)));
    return [{ path, message: [...choices].join(', or ') }];
  }
  if (valueAt(given.data, path) === undefined && path.length > 0) {
    return [{ path, message: `is missing (${plain(issue.message).replace(/, received undefined$/, '')})` }];
  }
  return [{ path, message: plain(issue.message) }];
}

/** Of a union the branch that the author meant: one whose outer shape fits, with the fewest faults within. */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches
    .filter(
      (issues) => !issues.some(({ path, code }) => path.length === 0 && /^invalid_(type|value)$/.test(code)),
    )
    .sort((a, b) => a.length - b.length)[0];
}

function unknownKey(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  if (guess !== undefined) return `is not known here; did you mean "${guess}"?`;
  return known.length === 0 ? 'is not known here' : `is not known here; known are ${known.join(', ')}`;
}

function plain(message: string): string {
  return message.replace(/^Invalid (input|option): /, '');
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    data,
  );
}
