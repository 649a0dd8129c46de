import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { type QuizKind, quizKinds } from './quizzes.schema.ts';

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
