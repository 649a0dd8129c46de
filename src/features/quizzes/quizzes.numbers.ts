import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { type QuizKind, quizKinds } from './quizzes.schema.ts';
import type { QuizState } from './quizzes.tables.ts';

export interface RoundNumbers {
  kind: QuizKind;
  /** Rounds that run now, who has a paper in them, and answers that were taken. */
  rounds: number;
  people: number;
  answers: number;
}

/** What runs now, for the metrics: one row a kind, also where there is nothing. */
export async function roundNumbers(tx: Db): Promise<RoundNumbers[]> {
  const { rows } = await tx.execute<RoundNumbers & Record<string, unknown>>(sql`
    select kind, count(*)::int as rounds,
      coalesce(sum((select count(distinct employee_id) from quiz_papers p where p.quiz_id = q.id)), 0)::int as people,
      coalesce(sum((select count(*) from quiz_answers a where a.quiz_id = q.id)), 0)::int as answers
    from quizzes q where state = 'published' group by kind`);
  const found = new Map(rows.map((row) => [row.kind, row]));
  return quizKinds.map((kind) => found.get(kind) ?? { kind, rounds: 0, people: 0, answers: 0 });
}

export interface RoundFigures {
  key: string;
  title: string;
  state: QuizState;
  people: number;
  /** Of all answers, how much was right; null while there is none. */
  rightShare: number | null;
}

/** How a round went, of these people alone; undefined when there is none with this key. */
export async function roundFigures(
  tx: Db,
  key: string,
  employeeIds: readonly string[],
): Promise<RoundFigures | undefined> {
  const theirs = sql`a.employee_id in (select value::uuid from json_array_elements_text(${JSON.stringify(employeeIds)}::json))`;
  const { rows } = await tx.execute<RoundFigures & Record<string, unknown>>(sql`
    select q.key, q.file->>'title' as title, q.state,
      (select count(distinct a.employee_id)::int from quiz_answers a where a.quiz_id = q.id and ${theirs}) as people,
      (select avg(a.share) from quiz_answers a where a.quiz_id = q.id and ${theirs}) as "rightShare"
    from quizzes q where q.key = ${key}`);
  return rows[0];
}
