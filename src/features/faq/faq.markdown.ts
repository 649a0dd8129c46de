import { parse, stringify } from 'yaml';
import type { GivenEntry } from './faq.import.ts';
import type { FaqFile } from './faq.schema.ts';

/** An entry begins with its question as a heading; in an answer such a line gets a backslash in front. */
const HEADING = /^## (.*)$/;
const NEEDS_MARK = /^\\*## /;
const MARKED = /^\\+## /;
const OPENS = /^```ya?ml\s*$/;
const CLOSES = /^```\s*$/;

/**
 * The knowledge base as one readable file: for each entry the question as a heading, what else it says as YAML, and the
 * answer below as it is written. What goes out comes in again unchanged.
 */
export function writeMarkdownEntries(entries: readonly FaqFile[]): Buffer {
  return Buffer.from(entries.map(blockOf).join('\n'));
}

function blockOf({ question, answer, ...rest }: FaqFile): string {
  const given = Object.entries(rest).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  const head = stringify(Object.fromEntries(given), { lineWidth: 0 });
  const body = answer
    .split('\n')
    .map((line) => (NEEDS_MARK.test(line) ? `\\${line}` : line))
    .join('\n');
  return `## ${question}\n\n\`\`\`yaml\n${head}\`\`\`\n${body === '' ? '' : `\n${body}\n`}`;
}

/** The entries of such a file; what cannot be read is given as it is and refused by the import, with its line. */
export function entriesInMarkdown(bytes: Uint8Array): GivenEntry[] {
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, '');
  const lines = text.split(/\r\n?|\n/);
  const starts = lines.flatMap((line, place) => (HEADING.test(line) ? [place] : []));
  return starts.map((start, order) => ({
    line: start + 1,
    entry: entryIn(lines.slice(start, starts[order + 1] ?? lines.length)),
  }));
}

function entryIn([heading = '', ...lines]: readonly string[]): Record<string, unknown> {
  const question = (HEADING.exec(heading)?.[1] ?? '').trim();
  const first = lines.findIndex((line) => line.trim() !== '');
  const hasHead = first !== -1 && OPENS.test(lines[first] ?? '');
  const end = hasHead ? lines.findIndex((line, place) => place > first && CLOSES.test(line)) : -1;
  const body = lines.slice(end + 1).map((line) => (MARKED.test(line) ? line.slice(1) : line));
  return {
    ...(end === -1 ? {} : headIn(lines.slice(first + 1, end).join('\n'))),
    question,
    answer: body.join('\n').trim(),
  };
}

function headIn(yaml: string): Record<string, unknown> {
  try {
    // Anchors could make a small file huge.
    const head: unknown = parse(yaml, { maxAliasCount: 0, schema: 'core' });
    return typeof head === 'object' && head !== null && !Array.isArray(head)
      ? (head as Record<string, unknown>)
      : { head };
  } catch (error) {
    return { head: error instanceof Error ? error.message.split('\n')[0] : 'no YAML' };
  }
}
