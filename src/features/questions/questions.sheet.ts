import { stringify } from 'csv-stringify/sync';
import ExcelJS from 'exceljs';
import { cellGuard } from '../../content/guard.ts';
import { type Columns, type Row, readTable } from '../../content/tables.ts';
import { defined, type GivenQuestion, idFor } from './questions.given.ts';
import type { Kind, QuestionFile } from './questions.schema.ts';

/** The headings of a table of questions; the first name is what our own files say. */
const columns = {
  id: { names: ['编号', 'id', 'key'] },
  kind: { names: ['题型', 'kind', 'type'], required: true },
  text: { names: ['题干', 'question', '题目'], required: true },
  options: { names: ['选项', 'options'] },
  answer: { names: ['答案', 'answer', '正确答案'] },
  tolerance: { names: ['误差', 'tolerance'] },
  unit: { names: ['单位', 'unit'] },
  caseSensitive: { names: ['区分大小写', 'case sensitive'] },
  explanation: { names: ['解析', 'explanation'] },
  feature: { names: ['功能', 'feature'] },
  area: { names: ['领域', 'area'] },
  level: { names: ['难度', 'level', 'difficulty'] },
  tags: { names: ['标签', 'tags'] },
  version: { names: ['适用版本', 'version'] },
  owner: { names: ['负责人', 'owner'] },
  picture: { names: ['图片', 'picture'] },
  review: { names: ['审核状态', 'review'] },
} as const satisfies Columns<string>;
type Column = keyof typeof columns;
const order = Object.keys(columns) as Column[];

const kindWords: Record<Kind, string> = {
  single: '单选',
  multiple: '多选',
  'true-false': '判断',
  'fill-in': '填空',
  ordering: '排序',
  numeric: '数值',
};
const kindsByWord = new Map<string, Kind>([
  ...(Object.entries(kindWords) as [Kind, string][]).flatMap(([kind, word]): [string, Kind][] => [
    [word, kind],
    [`${word}题`, kind],
    [kind, kind],
  ]),
  ['是非题', 'true-false'],
  ['单项选择题', 'single'],
  ['多项选择题', 'multiple'],
]);
const levelWords: Record<string, string> = {
  入门: 'beginner',
  初级: 'beginner',
  中级: 'intermediate',
  高级: 'advanced',
};
const reviewWords: Record<string, string> = { 草稿: 'draft', 待审核: 'draft', 已审核: 'reviewed' };
const LETTERS = 'ABCDEFGH';

/** Reads a CSV or XLSX file. Rejects with UserError when it is no table of questions. */
export async function questionsInSheet(
  bytes: Uint8Array,
  options: { format: 'csv' | 'xlsx'; locale: 'zh-CN' | 'en' },
): Promise<GivenQuestion[]> {
  const { rows } = await readTable(bytes, { columns, ...options, name: `questions.${options.format}` });
  return rows.map((row) => {
    const shifted = row.shifted === true ? ['the row has more cells than the header'] : undefined;
    return {
      line: row.line,
      question: questionIn(row),
      ...(shifted === undefined ? {} : { problems: shifted }),
    };
  });
}

function questionIn({ cells }: Row<Column>): Record<string, unknown> {
  const text = (column: Column): string | undefined => {
    const cell = cells[column];
    const words = cell === undefined ? '' : unguarded(String(cell)).trim();
    return words === '' ? undefined : words;
  };
  const lines = (column: Column): string[] =>
    (text(column) ?? '')
      .split(/\r\n?|\n/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
  const kind = kindsByWord.get((text('kind') ?? '').toLowerCase()) ?? text('kind');
  const options = lines('options');
  const caseSensitive = text('caseSensitive');
  return defined({
    id: text('id') ?? idFor([text('text'), ...options].join('\n')),
    kind,
    text: text('text'),
    ...(['single', 'multiple', 'ordering'].includes(kind ?? '') ? { options } : {}),
    ...answerIn(kind, text('answer'), lines('answer')),
    tolerance: kind === 'numeric' ? numberOr(text('tolerance')) : undefined,
    unit: kind === 'numeric' ? text('unit') : undefined,
    caseSensitive:
      kind === 'fill-in' && caseSensitive !== undefined
        ? /^(?:是|y|yes|true|1)$/i.test(caseSensitive)
        : undefined,
    explanation: text('explanation'),
    feature: text('feature'),
    area: text('area'),
    level: levelWords[text('level') ?? ''] ?? text('level'),
    tags: (text('tags') ?? '')
      .split(/[;；|｜\n]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    version: text('version'),
    owner: text('owner'),
    picture: text('picture'),
    review: reviewWords[text('review') ?? ''] ?? text('review'),
  });
}

function answerIn(
  kind: string | undefined,
  answer: string | undefined,
  lines: string[],
): Record<string, unknown> {
  switch (kind ?? '') {
    case 'single':
      return { answer: lettersIn(answer)[0] ?? answer };
    case 'multiple':
      return { answer: lettersIn(answer) };
    case 'true-false':
      if (/^(?:对|正确|是|true|t|√|1)$/i.test(answer ?? '')) return { answer: true };
      return { answer: /^(?:错|错误|否|false|f|×|0)$/i.test(answer ?? '') ? false : answer };
    case 'fill-in':
      return { answer: lines };
    case 'numeric':
      return { answer: numberOr(answer) };
    default:
      return {};
  }
}

const numberOr = (text: string | undefined): unknown =>
  text !== undefined && text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

function lettersIn(answer: string | undefined): number[] {
  const places = Array.from(
    (answer ?? '')
      .normalize('NFKC')
      .toUpperCase()
      .replace(/[\s,，、;；]/g, ''),
    (letter) => LETTERS.indexOf(letter),
  );
  return places.includes(-1) ? [] : places.sort((a, b) => a - b);
}

function cellsOf(question: QuestionFile): Record<Column, string> {
  const optional = (value: string | undefined): string => value ?? '';
  return {
    id: question.id,
    kind: kindWords[question.kind],
    text: question.text,
    options: 'options' in question ? question.options.join('\n') : '',
    answer: answerCell(question),
    tolerance: question.kind === 'numeric' ? String(question.tolerance) : '',
    unit: question.kind === 'numeric' ? optional(question.unit) : '',
    caseSensitive: question.kind === 'fill-in' && question.caseSensitive ? '是' : '',
    explanation: optional(question.explanation),
    feature: question.feature,
    area: question.area,
    level: question.level,
    tags: question.tags.join('；'),
    version: optional(question.version),
    owner: optional(question.owner),
    picture: optional(question.picture),
    review: question.review === 'reviewed' ? '已审核' : '草稿',
  };
}

function answerCell(question: QuestionFile): string {
  switch (question.kind) {
    case 'single':
      return LETTERS[question.answer] ?? '';
    case 'multiple':
      return question.answer.map((one) => LETTERS[one]).join('');
    case 'true-false':
      return question.answer ? '对' : '错';
    case 'fill-in':
      return question.answer.join('\n');
    case 'ordering':
      return '';
    case 'numeric':
      return String(question.answer);
  }
}

/** Questions about formulas begin like one. */
const { guarded, unguarded } = cellGuard({ asText: true });

export function writeCsvSheet(questions: readonly QuestionFile[]): Buffer {
  const rows = questions.map((question) => order.map((column) => guarded(cellsOf(question)[column])));
  const headings = order.map((column) => columns[column].names[0]);
  return Buffer.from(`\ufeff${stringify([headings, ...rows], { record_delimiter: '\r\n' })}`);
}

export async function writeXlsxSheet(questions: readonly QuestionFile[]): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  workbook.creator = 'Cuhuo';
  const sheet = workbook.addWorksheet('题库', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = order.map((column) => ({
    width: column === 'text' || column === 'explanation' || column === 'options' ? 44 : 14,
    style: { numFmt: '@', alignment: { wrapText: true, vertical: 'top' } },
  }));
  sheet.addRow(order.map((column) => columns[column].names[0])).font = { bold: true };
  for (const question of questions) {
    const cells = cellsOf(question);
    sheet.addRow(order.map((column) => guarded(cells[column])));
  }
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
