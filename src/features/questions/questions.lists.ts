import { and, asc, eq, gt, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Level } from '../directory/directory.tables.ts';
import { fileOf, importQuestions, type QuestionRow } from './questions.import.ts';
import type { Kind, QuestionContent } from './questions.schema.ts';
import { questions, questionVersions } from './questions.tables.ts';

export interface QuestionsQuery {
  kind?: Kind | undefined;
  area?: string | undefined;
  level?: Level | undefined;
  tag?: string | undefined;
  review?: 'draft' | 'reviewed' | undefined;
  search?: string | undefined;
  retired: 'true' | 'false' | 'all';
  after: string | undefined;
  limit: number;
}

/** Questions by key. */
export async function questionsAfter(tx: Db, query: QuestionsQuery): Promise<QuestionRow[]> {
  return tx
    .select()
    .from(questions)
    .where(
      and(
        query.after === undefined ? undefined : gt(questions.key, query.after),
        query.kind === undefined ? undefined : eq(questions.kind, query.kind),
        query.area === undefined ? undefined : eq(questions.area, query.area),
        query.level === undefined ? undefined : eq(questions.level, query.level),
        query.tag === undefined ? undefined : sql`${query.tag} = any(${questions.tags})`,
        query.review === undefined ? undefined : eq(questions.review, query.review),
        query.search === undefined ? undefined : matches(query.search),
        query.retired === 'all'
          ? undefined
          : query.retired === 'true'
            ? isNotNull(questions.retiredAt)
            : isNull(questions.retiredAt),
      ),
    )
    .orderBy(asc(questions.key))
    .limit(query.limit);
}

function matches(search: string): SQL | undefined {
  const pattern = `%${search.normalize('NFKC').replace(/[\\%_]/g, '\\$&')}%`;
  return or(
    ...[questions.key, questions.text, questions.feature].map((column) => sql`${column} ilike ${pattern}`),
  );
}

/** Rejects with AppError `question.not-found`. */
export async function questionByKey(tx: Db, key: string): Promise<QuestionRow> {
  const [found] = await tx.select().from(questions).where(eq(questions.key, key));
  if (found === undefined)
    throw new AppError('question.not-found', `there is no question with the key ${key}`, {
      details: { key },
    });
  return found;
}

/** Ends a question's use; rounds that asked it keep their version. A second time changes nothing. */
export async function retireQuestion(
  tx: Db,
  key: string,
  at: Temporal.Instant,
): Promise<{ question: QuestionRow; changed: boolean }> {
  const retired = await tx
    .update(questions)
    .set({ retiredAt: at })
    .where(and(eq(questions.key, key), isNull(questions.retiredAt)))
    .returning({ id: questions.id });
  return { question: await questionByKey(tx, key), changed: retired.length > 0 };
}

/** Lets a question pass the review, or sends it back. Rejects with `question.not-found` and `question.incomplete`. */
export async function reviewQuestion(
  tx: Db,
  key: string,
  review: 'draft' | 'reviewed',
  at: Temporal.Instant,
): Promise<QuestionRow> {
  const found = await questionByKey(tx, key);
  if (review === 'reviewed' && found.content.explanation === undefined)
    throw new AppError('question.incomplete', `${key} has no explanation yet`, { details: { key } });
  await importQuestions(tx, [{ line: 1, question: { ...fileOf(found), review } }], at);
  return questionByKey(tx, key);
}

/** What a round may draw from: in use and reviewed. */
export async function drawable(tx: Db): Promise<QuestionRow[]> {
  return tx
    .select()
    .from(questions)
    .where(and(isNull(questions.retiredAt), eq(questions.review, 'reviewed')))
    .orderBy(asc(questions.key));
}

/** What a question said at a version never changes, so a process reads it once; the oldest go first. */
const read = new Map<string, QuestionContent>();
const MOST_READ = 5_000;

/** What questions said at the versions that a round keeps, by `<id> <version>`. */
export async function contentsAt(
  tx: Db,
  wanted: readonly { questionId: string; version: number }[],
): Promise<Map<string, QuestionContent>> {
  const keyOf = ({ questionId, version }: { questionId: string; version: number }) =>
    `${questionId} ${version}`;
  const found = new Map<string, QuestionContent>();
  const missing = wanted.filter((one) => {
    const known = read.get(keyOf(one));
    if (known !== undefined) found.set(keyOf(one), known);
    return known === undefined;
  });
  if (missing.length === 0) return found;
  const rows = await tx
    .select()
    .from(questionVersions)
    .where(inArray(questionVersions.questionId, [...new Set(missing.map(({ questionId }) => questionId))]));
  for (const row of rows) {
    found.set(keyOf(row), row.content);
    read.set(keyOf(row), row.content);
  }
  for (const key of read.keys()) {
    if (read.size <= MOST_READ) break;
    read.delete(key);
  }
  return found;
}
