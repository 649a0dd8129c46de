import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { UserError } from '../kernel/errors.ts';
import type { RawRow } from './cells.ts';
import { decodeText } from './decode-text.ts';
import type { TableTexts } from './tables.text.ts';

const DELIMITERS = [',', '\t', ';'];
const MAX_RECORD_CHARS = 1_000_000;

/** The records of a CSV file with the line on which each begins. Throws UserError when it cannot be read. */
export async function* readCsv(
  bytes: Uint8Array,
  context: { name: string; text: TableTexts },
): AsyncGenerator<RawRow> {
  const text = decodeText(bytes);
  if (text === null) throw new UserError(context.text.notText(context.name));
  const parser = parse({
    delimiter: delimiterOf(text),
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: MAX_RECORD_CHARS,
    info: true,
  });
  const records = Readable.from([text]).pipe(parser);
  try {
    for await (const { record, info } of records as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      yield { line: info.lines - lineBreaksIn(record), cells: record };
    }
  } catch (error) {
    const line = (error as CsvError & { lines?: number }).lines;
    throw typeof line === 'number' ? new UserError(context.text.brokenCsv(context.name, line)) : error;
  }
}

/** The delimiter that stands most often in the first line. */
function delimiterOf(text: string): string {
  const [first = ''] = text.trimStart().split(/[\r\n]/, 1);
  const counts = DELIMITERS.map((delimiter) => first.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function lineBreaksIn(record: readonly string[]): number {
  return record.reduce((count, cell) => count + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
}
