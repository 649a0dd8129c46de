import { readFile, stat } from 'node:fs/promises';
import { type Document, isAlias, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { UserError } from '../kernel/errors.ts';
import { lineOf } from './yaml-lines.ts';
import { type Problem, problemsIn } from './yaml-problems.ts';

const MAX_BYTES = 2 * 1024 * 1024;
/** A file that is wrong from top to bottom needs no longer list. */
const MAX_LISTED = 50;

/**
 * Reads a YAML file of at most 2 MB and checks it with `schema`. Rejects with UserError; its message lists every
 * problem on a line of its own: `campaign.yaml:12: phases[0].kind: what is wrong`.
 * The line is that of the field, or of what should contain it when it is missing. Anchors may be set, not used.
 */
export async function readYaml<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) throw new UserError(`${path}: the file cannot be found or read`);
  if (info.size > MAX_BYTES) throw new UserError(`${path}: the file is larger than 2 MB`);
  return parseYaml(await readFile(path, 'utf8'), path, schema);
}

/** As `readYaml`, for a text that is already there; `name` stands before each problem. */
export function parseYaml<Schema extends z.ZodType>(
  text: string,
  name: string,
  schema: Schema,
): z.output<Schema> {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new UserError(`${name}: the text is larger than 2 MB`);
  const lines = new LineCounter();
  try {
    const document = documentOf(text, name, lines);
    const data: unknown = document.toJS({ maxAliasCount: 0 });
    const result = schema.safeParse(data);
    if (result.success) return result.data;
    throw listed(
      problemsIn(result.error.issues, schema, data)
        .map((problem) => ({ ...problem, line: lineOf(document, lines, problem.path) }))
        .sort((a, b) => a.line - b.line)
        .map((problem) => `${name}:${problem.line}: ${described(problem)}`),
    );
  } catch (error) {
    // The parser calls itself for each level: a file of brackets alone exhausts the stack.
    if (error instanceof RangeError) throw new UserError(`${name}: the file is nested too deeply`);
    throw error;
  }
}

function documentOf(text: string, name: string, lines: LineCounter): Document.Parsed {
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings].map(
    (fault) => `${name}:${lines.linePos(fault.pos[0]).line}: ${fault.message.split('\n', 1)[0]}`,
  );
  if (faults.length > 0) throw listed(faults);
  visit(document, (_key, node) => {
    if (!isAlias(node)) return;
    const line = lines.linePos(node.range?.[0] ?? 0).line;
    faults.push(`${name}:${line}: write the value out instead of the alias *${node.source}`);
  });
  if (faults.length > 0) throw listed(faults);
  return document;
}

function listed(problems: string[]): UserError {
  const shown = problems.slice(0, MAX_LISTED);
  const rest = problems.length - shown.length;
  return new UserError([...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'), { problems: shown });
}

function described(problem: Problem): string {
  const path = problem.path.reduce<string>(
    (before, step) =>
      typeof step === 'number'
        ? `${before}[${step}]`
        : before === ''
          ? String(step)
          : `${before}.${String(step)}`,
    '',
  );
  return path === '' ? problem.message : `${path}: ${problem.message}`;
}
