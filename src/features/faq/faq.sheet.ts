import { stringify } from 'csv-stringify/sync';
import ExcelJS from 'exceljs';
import { type CellGuard, cellGuard } from '../../content/guard.ts';
import { type Columns, type Row, readTable } from '../../content/tables.ts';
import type { GivenEntry } from './faq.import.ts';
import type { FaqFile } from './faq.schema.ts';

/** The headings of a table of entries; the first name is what our own files say. */
const columns = {
  id: { names: ['编号', 'id', 'key'], required: true },
  question: { names: ['标准问', 'question', '问题', '标准问题'], required: true },
  similar: { names: ['相似问', 'similar', '相似问题', 'similar questions'] },
  answer: { names: ['答案', 'answer', '回答'] },
  steps: { names: ['步骤', 'steps', '操作步骤'] },
  attachments: { names: ['附件', 'attachments', '图片和附件'] },
  tags: { names: ['标签', 'tags'] },
  version: { names: ['适用版本', 'version', '版本'] },
  departments: { names: ['部门编码', 'departments'] },
  validFrom: { names: ['生效日期', 'valid from', 'validFrom'] },
  validUntil: { names: ['有效期至', 'valid until', 'validUntil'] },
  review: { names: ['审核状态', 'review'] },
  active: { names: ['启用', 'active'] },
} as const satisfies Columns<string>;
type Column = keyof typeof columns;
const order = Object.keys(columns) as Column[];
type Format = 'csv' | 'xlsx';

/** In a workbook the cells are text by their format, so that digits need no apostrophe. */
const guardOf = (format: Format): CellGuard => cellGuard({ asText: format === 'xlsx' });

/** Reads a CSV or XLSX file. Rejects with UserError when it is no table of entries. */
export async function entriesInTable(
  bytes: Uint8Array,
  options: { format: Format; locale: 'zh-CN' | 'en' },
): Promise<GivenEntry[]> {
  const { rows } = await readTable(bytes, { columns, ...options, name: `faq.${options.format}` });
  const { unguarded } = guardOf(options.format);
  return rows.map((row) => ({ line: row.line, entry: entryIn(row, unguarded) }));
}

function entryIn(
  { cells, shifted }: Row<Column>,
  unguarded: CellGuard['unguarded'],
): Record<string, unknown> {
  const cell = (column: Column): string => unguarded(String(cells[column] ?? ''));
  const text = (column: Column): string | undefined => cell(column).trim() || undefined;
  /** One a line; a cell of a single line may also have them side by side, as people write them. */
  const list = (column: Column, separator: RegExp): string[] => {
    const whole = cell(column);
    return parts(whole, whole.includes('\n') ? /\r?\n/ : separator);
  };
  const given: Record<string, unknown> = {
    id: text('id'),
    question: text('question'),
    similar: list('similar', /[|｜;；]/),
    answer: text('answer'),
    steps: parts(cell('steps'), /\r?\n/),
    attachments: parts(cell('attachments'), /\r?\n/).map(attachmentIn),
    tags: list('tags', /[|｜;；,，、]/),
    version: text('version'),
    departments: list('departments', /[|｜;；,，、]/),
    validFrom: dayIn(text('validFrom')),
    validUntil: dayIn(text('validUntil')),
    review: reviewIn(text('review')),
    active: activeIn(text('active')),
    ...(shifted === true ? { shifted } : {}),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function parts(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `0f….pdf 安装手册.pdf` */
function attachmentIn(line: string): { file: string; name: string } {
  const [file = '', ...name] = line.split(' ');
  return { file, name: name.join(' ').trim() || file };
}

/** A spreadsheet writes 2026/3/2 where it read 2026-03-02. */
function dayIn(text: string | undefined): string | undefined {
  const found = /^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?$/.exec(text ?? '');
  if (found === null) return text;
  const [, year, month, day] = found;
  return `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
}

function reviewIn(word: string | undefined): string | undefined {
  const known: Record<string, string> = { 草稿: 'draft', 待审核: 'draft', 已审核: 'reviewed' };
  return word === undefined ? undefined : (known[word] ?? word);
}

function activeIn(word: string | undefined): unknown {
  if (word === undefined) return undefined;
  if (/^(?:是|y|yes|true|1|启用)$/i.test(word)) return true;
  return /^(?:否|n|no|false|0|停用)$/i.test(word) ? false : word;
}

/** One a line. A single one that holds a separator ends its line, so that it is not taken for several. */
function listCell(items: readonly string[]): string {
  const cell = items.join('\n');
  return items.length === 1 && /[|｜;；,，、]/.test(cell) ? `${cell}\n` : cell;
}

function cellsOf(entry: FaqFile): Record<Column, string> {
  return {
    id: entry.id,
    question: entry.question,
    similar: listCell(entry.similar),
    answer: entry.answer,
    steps: entry.steps.join('\n'),
    attachments: entry.attachments.map(({ file, name }) => `${file} ${name}`).join('\n'),
    tags: listCell(entry.tags),
    version: entry.version ?? '',
    departments: listCell(entry.departments),
    validFrom: entry.validFrom ?? '',
    validUntil: entry.validUntil ?? '',
    review: entry.review === 'reviewed' ? '已审核' : '草稿',
    active: entry.active ? '是' : '否',
  };
}

/** Days are left as they are: read in either form they are the same day. */
const DAYS: readonly Column[] = ['validFrom', 'validUntil'];

function* tableOf(entries: readonly FaqFile[], format: Format): Generator<string[]> {
  const { guarded } = guardOf(format);
  yield order.map((column) => columns[column].names[0]);
  for (const entry of entries) {
    const cells = cellsOf(entry);
    yield order.map((column) => (DAYS.includes(column) ? cells[column] : guarded(cells[column])));
  }
}

export function writeCsvEntries(entries: readonly FaqFile[]): Buffer {
  return Buffer.from(`\ufeff${stringify([...tableOf(entries, 'csv')], { record_delimiter: '\r\n' })}`);
}

const WIDE: readonly Column[] = ['question', 'similar', 'answer', 'steps'];

export async function writeXlsxEntries(entries: readonly FaqFile[]): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  workbook.creator = 'Cuhuo';
  const sheet = workbook.addWorksheet('知识库', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = order.map((column) => ({
    width: WIDE.includes(column) ? 44 : 16,
    style: { numFmt: '@', alignment: { wrapText: true, vertical: 'top' } },
  }));
  for (const row of tableOf(entries, 'xlsx')) sheet.addRow(row);
  sheet.getRow(1).font = { bold: true };
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
