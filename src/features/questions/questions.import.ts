import { isDeepStrictEqual } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { isStorable } from '../../kernel/shapes.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { GivenQuestion } from './questions.given.ts';
import { type QuestionContent, type QuestionFile, questionFileSchema } from './questions.schema.ts';
import { questions, questionVersions } from './questions.tables.ts';

export const MOST_QUESTIONS = 20_000;

export type QuestionOutcome = 'created' | 'updated' | 'unchanged' | 'refused';

export interface QuestionRowReport {
  line: number;
  id: string;
  outcome: QuestionOutcome;
  problems: string[];
}

export interface QuestionsImported {
  totals: Record<QuestionOutcome, number>;
  rows: QuestionRowReport[];
}

export type QuestionRow = typeof questions.$inferSelect;

/**
 * Writes questions by their ids and says of every one what became of it; one that is not right is refused and the
 * others are written. The same again changes nothing; a question that is missing stays as it is; a retired one that is
 * given again comes back. Rejects with UserError when there are more than 20,000.
 */
export async function importQuestions(
  tx: Db,
  given: readonly GivenQuestion[],
  at: Temporal.Instant,
): Promise<QuestionsImported> {
  if (given.length > MOST_QUESTIONS)
    throw new UserError(
      `${given.length} questions are more than the ${MOST_QUESTIONS} that one import takes`,
    );
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('questions.import'))`);
  const known = new Map((await tx.select().from(questions)).map((row) => [row.key, row]));
  const seen = new Set<string>();
  const rows: QuestionRowReport[] = [];
  for (const one of given) {
    const { file, problems } = check(one);
    if (file !== undefined && seen.has(file.id))
      problems.push(`id: ${file.id} stands before this one already`);
    if (file === undefined || problems.length > 0) {
      rows.push({ line: one.line, id: file?.id ?? idIn(one.question), outcome: 'refused', problems });
      continue;
    }
    seen.add(file.id);
    rows.push({
      line: one.line,
      id: file.id,
      outcome: await put(tx, file, known.get(file.id), at),
      problems: [],
    });
  }
  const totals = { created: 0, updated: 0, unchanged: 0, refused: 0 };
  for (const { outcome } of rows) totals[outcome] += 1;
  return { totals, rows };
}

function check({ question, problems = [] }: GivenQuestion): { file?: QuestionFile; problems: string[] } {
  if (problems.length > 0) return { problems: [...problems] };
  const parsed = questionFileSchema.safeParse(question);
  if (!parsed.success)
    return { problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  return isStorable(parsed.data)
    ? { file: parsed.data, problems: [] }
    : { problems: ['must not contain U+0000'] };
}

function idIn(question: unknown): string {
  const id = z.object({ id: z.string() }).safeParse(question);
  return id.success ? id.data.id.slice(0, 100) : '';
}

async function put(
  tx: Db,
  file: QuestionFile,
  before: QuestionRow | undefined,
  at: Temporal.Instant,
): Promise<QuestionOutcome> {
  const content = contentOf(file);
  if (before !== undefined && before.retiredAt === null && isDeepStrictEqual(content, before.content))
    return 'unchanged';
  const { kind, text, feature, area, level, tags, review } = content;
  const version = (before?.version ?? 0) + 1;
  const row = {
    kind,
    text,
    feature,
    area,
    level,
    tags,
    review,
    content,
    version,
    updatedAt: at,
    retiredAt: null,
  };
  const id = before?.id ?? newId();
  if (before === undefined) await tx.insert(questions).values({ id, key: file.id, ...row });
  else await tx.update(questions).set(row).where(eq(questions.id, id));
  await tx.insert(questionVersions).values({ questionId: id, version, content, at });
  return before === undefined ? 'created' : 'updated';
}

/** As jsonb gives it back: what is undefined is not there. */
export function contentOf({ id: _id, ...content }: QuestionFile): QuestionContent {
  return JSON.parse(JSON.stringify(content)) as QuestionContent;
}

export const fileOf = ({ key, content }: { key: string; content: QuestionContent }): QuestionFile => ({
  ...content,
  id: key,
});
