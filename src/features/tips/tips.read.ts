import { extname } from 'node:path';
import { type Columns, type Row, readTable } from '../../content/tables.ts';
import { readYaml } from '../../content/yaml.ts';
import { UserError } from '../../kernel/errors.ts';
import { type TipFile, tipFileSchema, tipsFileSchema } from './tips.schema.ts';

/** The headings of a tips table; the first name is what our own files say. */
const columns = {
  id: { names: ['编号', 'id'], required: true },
  title: { names: ['标题', 'title'], required: true },
  body: { names: ['正文', 'body'], required: true },
  try: { names: ['现在试试', 'try'], required: true },
  feature: { names: ['功能', 'feature'], required: true },
  area: { names: ['领域', 'area'], required: true },
  level: { names: ['水平', 'level'], required: true },
  scene: { names: ['场景', 'scene'], required: true },
  tags: { names: ['标签', 'tags'] },
  version: { names: ['适用版本', 'version'] },
  departments: { names: ['部门编码', 'departments'] },
  owner: { names: ['负责人', 'owner'] },
  validUntil: { names: ['有效期至', 'valid until', 'validUntil'] },
  question: { names: ['小题', 'question'] },
  options: { names: ['选项', 'options'] },
  answer: { names: ['答案', 'answer'] },
  explanation: { names: ['解析', 'explanation'] },
} as const satisfies Columns<string>;
type Column = keyof typeof columns;

/**
 * Reads tips from YAML, XLSX or CSV. Rejects with UserError, which names file, line and field of every problem, also
 * when two tips have one id.
 */
export async function readTips(paths: readonly string[]): Promise<TipFile[]> {
  const read = await Promise.all(
    paths.map(async (path) => ({
      path,
      tips: await (/\.ya?ml$/.test(extname(path)) ? fromYaml(path) : fromTable(path)),
    })),
  );
  const seen = new Map<string, string>();
  for (const { path, tips } of read) {
    for (const { id } of tips) {
      const other = seen.get(id);
      if (other !== undefined)
        throw new UserError(`${path}: the id ${id} stands in ${other} already; each tip needs its own`);
      seen.set(id, path);
    }
  }
  return read.flatMap(({ tips }) => tips);
}

async function fromYaml(path: string): Promise<TipFile[]> {
  return (await readYaml(path, tipsFileSchema)).tips;
}

async function fromTable(path: string): Promise<TipFile[]> {
  const { rows } = await readTable(path, { columns });
  const problems: string[] = [];
  const tips = rows.flatMap((row) => {
    const parsed = tipFileSchema.safeParse(tipIn(row));
    if (parsed.success) return [parsed.data];
    problems.push(
      ...parsed.error.issues.map((issue) => `${path}:${row.line}: ${issue.path.join('.')}: ${issue.message}`),
    );
    return [];
  });
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return tips;
}

const LETTERS = 'ABCD';

function tipIn({ cells }: Row<Column>): Record<string, unknown> {
  const text = (column: Column): string | undefined => {
    const cell = cells[column];
    return cell === undefined || cell === '' ? undefined : String(cell).trim();
  };
  const list = (column: Column): string[] =>
    (text(column) ?? '')
      .split(/[;；|\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const question = text('question');
  const given: Record<string, unknown> = {
    id: text('id'),
    title: text('title'),
    body: text('body'),
    try: text('try'),
    feature: text('feature'),
    area: text('area'),
    level: text('level'),
    scene: text('scene'),
    tags: list('tags'),
    version: text('version'),
    departments: list('departments'),
    owner: text('owner'),
    validUntil: text('validUntil'),
    question:
      question === undefined
        ? undefined
        : {
            text: question,
            options: list('options'),
            answer: indexOf(text('answer')),
            explanation: text('explanation'),
          },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Tables give the right option as a letter, or counted from 1 as people do. */
function indexOf(answer: string | undefined): number {
  const letter = LETTERS.indexOf((answer ?? '').toUpperCase());
  return letter >= 0 && answer !== undefined && answer !== '' ? letter : Number(answer) - 1;
}
