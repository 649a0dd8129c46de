import type { Card } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import { localesOf, tellEach } from './quizzes.results.ts';
import { ranked, scoreOf, withoutQuestion } from './quizzes.scoring.ts';
import { countingOf, papersWithAnswers, writeStandings } from './quizzes.settle.ts';
import { type Quiz, questionsOf, withdrawnIn } from './quizzes.store.ts';
import { quizRescores, quizWithdrawals } from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

const ROWS_A_STATEMENT = 1_000;

/**
 * Takes a question out of the count: from then on it brings nobody anything and costs nobody anything. Writes who it
 * moved from where to where, and tells them. Points that were booked stay: the fault was ours. Rejects with
 * `quiz.approved` once the winners are confirmed, and with `quiz.no-question`; a second time changes nothing.
 */
export async function withdrawQuestion(
  tx: Db,
  quiz: Quiz,
  { position, reason, by, at }: { position: number; reason: string; by: string; at: Temporal.Instant },
): Promise<{ changed: number }> {
  if (quiz.state === 'approved')
    throw new AppError('quiz.approved', 'the winners are confirmed; what counts does not change any more');
  const asked = (await questionsOf(tx, [quiz.id])).get(quiz.id)?.find((one) => one.position === position);
  if (asked === undefined) throw new AppError('quiz.no-question', `the round has no question ${position}`);
  const before = await withdrawnIn(tx, quiz.id);
  if (before.has(position)) return { changed: 0 };
  const papers = await papersWithAnswers(tx, quiz);
  const counting = countingOf(quiz, before);
  const scores = papers.map((paper) => scoreOf(paper, counting));
  const was = new Map(ranked(scores, quiz.file.policy).map((one) => [one.employeeId, one]));
  const now = ranked(withoutQuestion(scores, papers, position, counting), quiz.file.policy);
  await tx.insert(quizWithdrawals).values({ quizId: quiz.id, position, reason, by, at });
  await writeStandings(tx, quiz.id, now);
  const moved = now.flatMap((one) => {
    const old = was.get(one.employeeId);
    if (old === undefined || (old.score === one.score && old.rank === one.rank)) return [];
    return [
      {
        employeeId: one.employeeId,
        scoreBefore: old.score,
        scoreAfter: one.score,
        rankBefore: old.rank,
        rankAfter: one.rank,
      },
    ];
  });
  for (let start = 0; start < moved.length; start += ROWS_A_STATEMENT) {
    await tx
      .insert(quizRescores)
      .values(
        moved
          .slice(start, start + ROWS_A_STATEMENT)
          .map((row) => ({ quizId: quiz.id, position, at, ...row })),
      );
  }
  if (quiz.state === 'closed') await tellMoved(tx, quiz, { name: asked.content.text, reason, moved }, at);
  return { changed: moved.length };
}

async function tellMoved(
  tx: Db,
  quiz: Quiz,
  {
    name,
    reason,
    moved,
  }: {
    name: string;
    reason: string;
    moved: readonly Omit<typeof quizRescores.$inferSelect, 'quizId' | 'position' | 'at'>[];
  },
  at: Temporal.Instant,
): Promise<void> {
  const locales = await localesOf(
    tx,
    moved.map(({ employeeId }) => employeeId),
  );
  const told = moved.map((one) => {
    const t = text[locales.get(one.employeeId) ?? 'zh-CN'];
    const content: Card = {
      title: t.withdrawnTitle(quiz.file.title),
      tone: 'notice',
      body: [
        t.withdrawn(name.slice(0, 60), reason),
        '',
        t.withdrawnScore(one.scoreBefore, one.scoreAfter, one.rankBefore, one.rankAfter),
      ].join('\n'),
    };
    return { employeeId: one.employeeId, content };
  });
  await tellEach(tx, quiz, told, { at });
}
