import { randomInt } from 'node:crypto';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { contentsAt, type QuestionContent } from '../questions/index.ts';
import type { Draw } from './quizzes.draw.ts';
import { quizAnswers, quizPapers, quizQuestions, quizWithdrawals, quizzes } from './quizzes.tables.ts';

export type Quiz = typeof quizzes.$inferSelect;
export type Paper = typeof quizPapers.$inferSelect;
export type Answer = typeof quizAnswers.$inferSelect;

/** Nobody can foretell an order: the system's own randomness. */
export const byChance: Draw = (below) => randomInt(below);

/** A round by its id or its key. Rejects with AppError `quiz.not-found`. */
export async function quizBy(tx: Db, idOrKey: string, options: { lock?: boolean } = {}): Promise<Quiz> {
  const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(idOrKey);
  const query = tx
    .select()
    .from(quizzes)
    .where(isId ? eq(quizzes.id, idOrKey) : eq(quizzes.key, idOrKey));
  const [found] = await (options.lock === true ? query.for('update') : query);
  if (found === undefined)
    throw new AppError('quiz.not-found', `there is no quiz ${idOrKey}`, { details: { quiz: idOrKey } });
  return found;
}

export async function quizzesById(tx: Db, ids: readonly string[]): Promise<Map<string, Quiz>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(quizzes)
    .where(inArray(quizzes.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}

export interface Asked {
  position: number;
  questionId: string;
  version: number;
  slot: number;
  day: typeof quizQuestions.$inferSelect.day;
  tip: string | null;
  content: QuestionContent;
}

/** The questions of these rounds as they ask them, by round and in order. */
export async function questionsOf(tx: Db, quizIds: readonly string[]): Promise<Map<string, Asked[]>> {
  const found = new Map<string, Asked[]>(quizIds.map((id) => [id, []]));
  if (quizIds.length === 0) return found;
  const rows = await tx
    .select()
    .from(quizQuestions)
    .where(inArray(quizQuestions.quizId, [...new Set(quizIds)]))
    .orderBy(asc(quizQuestions.position));
  const contents = await contentsAt(tx, rows);
  for (const { quizId, ...row } of rows) {
    const content = contents.get(`${row.questionId} ${row.version}`);
    if (content !== undefined) found.get(quizId)?.push({ ...row, content });
  }
  return found;
}

export const deskKey = (quizId: string, employeeId: string, attempt: number): string =>
  `${quizId} ${employeeId} ${attempt}`;
export const answerKey = (quizId: string, employeeId: string, attempt: number, position: number): string =>
  `${quizId} ${employeeId} ${attempt} ${position}`;

const idArray = (ids: readonly string[]) => sql`${sql.param([...new Set(ids)])}::uuid[]`;

/** All papers of these people in these rounds, by `deskKey`. */
export async function papersOf(
  tx: Db,
  quizIds: readonly string[],
  employeeIds: readonly string[],
): Promise<Map<string, Paper>> {
  if (quizIds.length === 0 || employeeIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(quizPapers)
    .where(
      and(
        sql`${quizPapers.quizId} = any(${idArray(quizIds)})`,
        sql`${quizPapers.employeeId} = any(${idArray(employeeIds)})`,
      ),
    )
    .orderBy(asc(quizPapers.attempt));
  return new Map(rows.map((row) => [deskKey(row.quizId, row.employeeId, row.attempt), row]));
}

/** All answers of these people in these rounds, by `answerKey`. */
export async function answersOf(
  tx: Db,
  quizIds: readonly string[],
  employeeIds: readonly string[],
): Promise<Map<string, Answer>> {
  if (quizIds.length === 0 || employeeIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(quizAnswers)
    .where(
      and(
        sql`${quizAnswers.quizId} = any(${idArray(quizIds)})`,
        sql`${quizAnswers.employeeId} = any(${idArray(employeeIds)})`,
      ),
    );
  return new Map(rows.map((row) => [answerKey(row.quizId, row.employeeId, row.attempt, row.position), row]));
}

/** Published rounds of these campaigns. */
export async function publishedIn(tx: Db, campaignIds: readonly string[]): Promise<Quiz[]> {
  if (campaignIds.length === 0) return [];
  return tx
    .select()
    .from(quizzes)
    .where(and(eq(quizzes.state, 'published'), inArray(quizzes.campaignId, [...new Set(campaignIds)])))
    .orderBy(asc(quizzes.startsAt), asc(quizzes.id));
}

/** What these people have under way in published rounds: unfinished papers with their rounds. */
export async function openPapers(
  tx: Db,
  employeeIds: readonly string[],
): Promise<{ quiz: Quiz; paper: Paper }[]> {
  if (employeeIds.length === 0) return [];
  return tx
    .select({ quiz: quizzes, paper: quizPapers })
    .from(quizPapers)
    .innerJoin(quizzes, and(eq(quizzes.id, quizPapers.quizId), eq(quizzes.state, 'published')))
    .where(and(sql`${quizPapers.employeeId} = any(${idArray(employeeIds)})`, isNull(quizPapers.finishedAt)));
}

export async function withdrawnIn(tx: Db, quizId: string): Promise<Set<number>> {
  const rows = await tx
    .select({ position: quizWithdrawals.position })
    .from(quizWithdrawals)
    .where(eq(quizWithdrawals.quizId, quizId));
  return new Set(rows.map(({ position }) => position));
}
