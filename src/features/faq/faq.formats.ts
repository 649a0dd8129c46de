import type { GivenEntry } from './faq.import.ts';
import { entriesInMarkdown, writeMarkdownEntries } from './faq.markdown.ts';
import type { FaqFile } from './faq.schema.ts';
import { entriesInTable, writeCsvEntries, writeXlsxEntries } from './faq.sheet.ts';

/** The files in which a knowledge base comes and goes. */
export const faqFormats = {
  json: { mime: 'application/json', ending: 'json' },
  xlsx: { mime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ending: 'xlsx' },
  csv: { mime: 'text/csv', ending: 'csv' },
  markdown: { mime: 'text/markdown', ending: 'md' },
} as const;
export type FaqFormat = keyof typeof faqFormats;

export async function writeEntries(entries: readonly FaqFile[], format: FaqFormat): Promise<Buffer> {
  switch (format) {
    case 'json':
      return Buffer.from(JSON.stringify({ entries }));
    case 'xlsx':
      return writeXlsxEntries(entries);
    case 'csv':
      return writeCsvEntries(entries);
    case 'markdown':
      return writeMarkdownEntries(entries);
  }
}

/** Reads a file that is not JSON. Rejects with UserError when it is no table of entries. */
export async function readEntries(
  bytes: Uint8Array,
  format: Exclude<FaqFormat, 'json'>,
  locale: 'zh-CN' | 'en',
): Promise<GivenEntry[]> {
  return format === 'markdown' ? entriesInMarkdown(bytes) : entriesInTable(bytes, { format, locale });
}
