import { and, asc, count, eq, gte, lte, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { isoOf, Temporal } from '../../kernel/time.ts';
import { employees } from '../directory/directory.tables.ts';
import { judge } from '../questions/index.ts';
import { isHidden } from '../rewards/index.ts';
import {
  type AnswerFacts,
  type Counting,
  type PaperFacts,
  type Ranked,
  standingsOf,
} from './quizzes.scoring.ts';
import { type Quiz, questionsOf, withdrawnIn } from './quizzes.store.ts';
import { quizAnswers, quizPapers, quizScores } from './quizzes.tables.ts';

export const countingOf = (quiz: Quiz, withdrawn: ReadonlySet<number>): Counting => ({
  policy: quiz.file.policy,
  limitMs: quiz.file.secondsPerQuestion * 1000,
  withdrawn,
});

/** Everything that a round's scores follow from. With `anew` every answer is judged again by the question as it was asked. */
export async function papersWithAnswers(tx: Db, quiz: Quiz, { anew = false } = {}): Promise<PaperFacts[]> {
  const papers = await tx.select().from(quizPapers).where(eq(quizPapers.quizId, quiz.id));
  const answers = await tx.select().from(quizAnswers).where(eq(quizAnswers.quizId, quiz.id));
  const asked = (await questionsOf(tx, [quiz.id])).get(quiz.id) ?? [];
  const contents = new Map(asked.map(({ position, content }) => [position, content]));
  const byPaper = new Map<string, AnswerFacts[]>();
  for (const { employeeId, attempt, position, share, takenMs, answeredAt, given } of answers) {
    const content = contents.get(position);
    const fact = {
      position,
      share: anew && content !== undefined ? judge(content, given) : share,
      takenMs,
      answeredAt: answeredAt.epochMilliseconds,
    };
    const key = `${employeeId} ${attempt}`;
    const those = byPaper.get(key);
    if (those === undefined) byPaper.set(key, [fact]);
    else those.push(fact);
  }
  return papers.map(({ employeeId, attempt, items }) => ({
    employeeId,
    attempt,
    asked: items.map(({ p }) => p),
    answers: byPaper.get(`${employeeId} ${attempt}`) ?? [],
  }));
}

/** Scores and ranks of a round as they follow from its answers now; nothing is written. */
export async function currentStandings(
  tx: Db,
  quiz: Quiz,
  options: { anew?: boolean } = {},
): Promise<Ranked[]> {
  const papers = await papersWithAnswers(tx, quiz, options);
  return standingsOf(papers, countingOf(quiz, await withdrawnIn(tx, quiz.id)));
}

const ROWS_A_STATEMENT = 5_000;

/** Writes scores and ranks, which replace what stood there. */
export async function writeStandings(tx: Db, quizId: string, standings: readonly Ranked[]): Promise<void> {
  await tx.delete(quizScores).where(eq(quizScores.quizId, quizId));
  for (let start = 0; start < standings.length; start += ROWS_A_STATEMENT) {
    const rows = standings.slice(start, start + ROWS_A_STATEMENT).map((one) => ({
      e: one.employeeId,
      a: one.attempt,
      s: one.score,
      r: one.right,
      n: one.answered,
      q: one.asked,
      ms: one.takenMs,
      l: one.lastAt === null ? null : isoOf(Temporal.Instant.fromEpochMilliseconds(one.lastAt)),
      k: one.rank,
    }));
    await tx.execute(sql`
      insert into quiz_scores (quiz_id, employee_id, attempt, score, "right", answered, asked, taken_ms, last_at, rank)
      select ${quizId}::uuid, e, a, s, r, n, q, ms, l, k
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(e uuid, a int, s int, r int, n int, q int, ms int,
                                                                 l timestamptz, k int)`);
  }
}

export async function settle(tx: Db, quiz: Quiz): Promise<Ranked[]> {
  const standings = await currentStandings(tx, quiz);
  await writeStandings(tx, quiz.id, standings);
  return standings;
}

/** Judges and counts everything from scratch and compares it with what is stored; the differences, empty when all agree. */
export async function verifyQuiz(
  tx: Db,
  quiz: Quiz,
): Promise<{ checked: number; wrong: { employeeId: string; stored: string; recomputed: string }[] }> {
  const words = (
    one: Pick<Ranked, 'attempt' | 'score' | 'right' | 'answered' | 'asked' | 'takenMs' | 'rank'>,
  ) => [one.rank, one.score, one.right, one.answered, one.asked, one.takenMs, one.attempt].join(' ');
  const stored = await tx.select().from(quizScores).where(eq(quizScores.quizId, quiz.id));
  const recomputed = new Map(
    (await currentStandings(tx, quiz, { anew: true })).map((one) => [one.employeeId, words(one)]),
  );
  const wrong = stored.flatMap((row) => {
    const expected = recomputed.get(row.employeeId) ?? 'nothing';
    recomputed.delete(row.employeeId);
    return words(row) === expected
      ? []
      : [{ employeeId: row.employeeId, stored: words(row), recomputed: expected }];
  });
  const missing = [...recomputed].map(([employeeId, expected]) => ({
    employeeId,
    stored: 'nothing',
    recomputed: expected,
  }));
  return { checked: stored.length, wrong: [...wrong, ...missing] };
}

export interface Neighbour {
  rank: number;
  employeeId: string;
  /** Empty for somebody who does not want to be named. */
  number: string;
  name: string | null;
  score: number;
}

const NEIGHBOURS = 2;

/** Somebody's stored score, and the two on either side. There is no list of the last. */
export async function placeOf(
  tx: Db,
  quizId: string,
  employeeId: string,
): Promise<{ mine: typeof quizScores.$inferSelect; of: number; around: Neighbour[] } | undefined> {
  const [mine] = await tx
    .select()
    .from(quizScores)
    .where(and(eq(quizScores.quizId, quizId), eq(quizScores.employeeId, employeeId)));
  if (mine === undefined) return undefined;
  const { rows } = await tx.execute<{
    rank: number;
    employee_id: string;
    number: string;
    name: string | null;
    score: number;
    of: number;
  }>(sql`
    with placed as (
      select rank, employee_id, score, row_number() over (order by rank, employee_id) as place, count(*) over ()::int as of
      from quiz_scores where quiz_id = ${quizId}
    ), me as (select place from placed where employee_id = ${employeeId})
    select p.rank, p.employee_id, p.score, p.of, e.number, case when not ${isHidden(sql`e.id`)} then e.name end as name
    from placed p join me on p.place between me.place - ${NEIGHBOURS} and me.place + ${NEIGHBOURS}
      join employees e on e.id = p.employee_id
    order by p.place`);
  return {
    mine,
    of: rows[0]?.of ?? 0,
    around: rows.map(({ employee_id, of: _of, ...row }) => ({ employeeId: employee_id, ...row })),
  };
}

/** The best of a round, by rank. */
export async function topOf(tx: Db, quizId: string, most: number): Promise<Neighbour[]> {
  return tx
    .select({
      rank: quizScores.rank,
      employeeId: quizScores.employeeId,
      number: sql<string>`case when ${isHidden(sql`${quizScores.employeeId}`)} then '' else ${employees.number} end`,
      name: sql<
        string | null
      >`case when not ${isHidden(sql`${quizScores.employeeId}`)} then ${employees.name} end`,
      score: quizScores.score,
    })
    .from(quizScores)
    .innerJoin(employees, eq(employees.id, quizScores.employeeId))
    .where(and(eq(quizScores.quizId, quizId), lte(quizScores.rank, most), gte(quizScores.score, 1)))
    .orderBy(asc(quizScores.rank), asc(quizScores.employeeId))
    .limit(most);
}

export async function answersTo(
  tx: Db,
  quizId: string,
  position: number,
): Promise<{ answered: number; right: number }> {
  const [found] = await tx
    .select({
      answered: count(),
      right: sql<number>`(count(*) filter (where ${quizAnswers.share} >= 1))::int`,
    })
    .from(quizAnswers)
    .where(and(eq(quizAnswers.quizId, quizId), eq(quizAnswers.position, position)));
  return { answered: found?.answered ?? 0, right: found?.right ?? 0 };
}
