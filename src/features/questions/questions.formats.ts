import { decodeText } from '../../content/decode-text.ts';
import { UserError } from '../../kernel/errors.ts';
import { questionsInAiken, writeAiken } from './questions.aiken.ts';
import { questionsInGift, writeGift } from './questions.gift.ts';
import type { GivenQuestion } from './questions.given.ts';
import { questionsInMoodle } from './questions.moodle.ts';
import { writeMoodle } from './questions.moodle-write.ts';
import type { Pictures } from './questions.pictures.ts';
import type { QuestionFile } from './questions.schema.ts';
import { questionsInSheet, writeCsvSheet, writeXlsxSheet } from './questions.sheet.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type Format = 'xlsx' | 'csv' | 'gift' | 'aiken' | 'moodle';

export interface FormatFacts {
  /** What a request says to bring it. */
  mime: string;
  ending: string;
}

export const formats: Record<Format, FormatFacts> = {
  xlsx: { mime: XLSX, ending: 'xlsx' },
  csv: { mime: 'text/csv', ending: 'csv' },
  gift: { mime: 'text/x-gift', ending: 'gift.txt' },
  aiken: { mime: 'text/x-aiken', ending: 'aiken.txt' },
  moodle: { mime: 'application/xml', ending: 'xml' },
};

/** Reads a file of questions. Rejects with UserError when it is not of that format at all. */
export async function readQuestions(
  bytes: Buffer,
  format: Format,
  { locale, pictures }: { locale: 'zh-CN' | 'en'; pictures: Pictures },
): Promise<GivenQuestion[]> {
  if (format === 'xlsx' || format === 'csv') return questionsInSheet(bytes, { format, locale });
  const text = decodeText(bytes);
  if (text === null)
    throw new UserError(`questions.${formats[format].ending}: is no text in UTF-8 or GB18030`);
  switch (format) {
    case 'gift':
      return questionsInGift(text);
    case 'aiken':
      return questionsInAiken(text);
    case 'moodle':
      return questionsInMoodle(text, pictures.keep);
  }
}

/** Writes questions; `leftOut` names those that the format cannot hold. */
export async function writeQuestions(
  questions: readonly QuestionFile[],
  format: Format,
  { pictures }: { pictures: Pictures },
): Promise<{ bytes: Buffer; leftOut: string[] }> {
  switch (format) {
    case 'xlsx':
      return { bytes: await writeXlsxSheet(questions), leftOut: [] };
    case 'csv':
      return { bytes: writeCsvSheet(questions), leftOut: [] };
    case 'gift':
      return { bytes: Buffer.from(writeGift(questions)), leftOut: [] };
    case 'moodle':
      return { bytes: Buffer.from(writeMoodle(questions, pictures.bytesOf)), leftOut: [] };
    case 'aiken': {
      const { text, leftOut } = writeAiken(questions);
      return { bytes: Buffer.from(text), leftOut };
    }
  }
}
