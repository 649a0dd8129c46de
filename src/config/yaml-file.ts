import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

export type YamlResult<Value> = { value: Value } | { problems: string[] };

/** Parses YAML and checks it. Each problem is one line that begins with file, line and key. */
export function parseYaml<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
): YamlResult<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(
        (e) => `${file}:${lines.linePos(e.pos[0]).line}: is not YAML; ${e.message}`,
      ),
    };
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { value: parsed.data };
  return { problems: parsed.error.issues.map((issue) => problemAt(file, document, lines, issue)) };
}

function problemAt(file: string, document: Document, lines: LineCounter, issue: z.core.$ZodIssue): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown === undefined ? issue.path : [...issue.path, unknown];
  const key = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return `${file}:${lines.linePos(offsetOf(document, path)).line}: ${key}${issue.message}`;
}

/** Where the key at the end of `path` stands, or the nearest thing above it that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const last = path[depth - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === last)
      : undefined;
    const node = pair === undefined ? document.getIn(path.slice(0, depth), true) : pair.key;
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return 0;
}
