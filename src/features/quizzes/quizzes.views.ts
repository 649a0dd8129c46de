import { and, asc, count, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Locale } from '../../chat/locale.ts';
import type { Db } from '../../kernel/db.ts';
import { remembered } from '../../kernel/remembered.ts';
import type { Temporal } from '../../kernel/time.ts';
import { employees } from '../directory/directory.tables.ts';
import { optionsOf, rightWords } from '../questions/index.ts';
import { questions } from '../questions/questions.tables.ts';
import type { ItemsView, LiveView, QuizView, ResultView } from './quizzes.api.ts';
import { type ItemStatistics, itemStatistics } from './quizzes.items.ts';
import { rulesOf } from './quizzes.plan.ts';
import { wins } from './quizzes.scoring.ts';
import { answersTo, currentStandings, topOf } from './quizzes.settle.ts';
import { type Quiz, questionsOf } from './quizzes.store.ts';
import {
  type QuizState,
  quizAnswers,
  quizPapers,
  quizQuestions,
  quizRescores,
  quizScores,
  quizWithdrawals,
  quizzes,
} from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

/** The youngest first. */
export async function quizzesBefore(
  tx: Db,
  query: { state: QuizState | undefined; after: string | undefined; limit: number },
): Promise<Quiz[]> {
  return tx
    .select()
    .from(quizzes)
    .where(
      and(
        query.state === undefined ? undefined : eq(quizzes.state, query.state),
        query.after === undefined ? undefined : lt(quizzes.id, query.after),
      ),
    )
    .orderBy(desc(quizzes.id))
    .limit(query.limit);
}

export async function quizView(tx: Db, quiz: Quiz, locale: Locale): Promise<QuizView> {
  const [view] = await quizViews(tx, [quiz], locale);
  return view as QuizView;
}

export async function quizViews(tx: Db, all: readonly Quiz[], locale: Locale): Promise<QuizView[]> {
  const ids = all.map(({ id }) => id);
  const asked = await tx
    .select({ id: quizQuestions.quizId, n: count() })
    .from(quizQuestions)
    .where(inArray(quizQuestions.quizId, ids))
    .groupBy(quizQuestions.quizId);
  // Whoever takes part has a first attempt, and one only.
  const joined = await tx
    .select({ id: quizPapers.quizId, n: count() })
    .from(quizPapers)
    .where(and(inArray(quizPapers.quizId, ids), eq(quizPapers.attempt, 1)))
    .groupBy(quizPapers.quizId);
  const countIn = (rows: readonly { id: string; n: number }[]) => new Map(rows.map(({ id, n }) => [id, n]));
  const [questionsIn, peopleIn] = [countIn(asked), countIn(joined)];
  return all.map((quiz) => viewOf(quiz, locale, questionsIn.get(quiz.id) ?? 0, peopleIn.get(quiz.id) ?? 0));
}

function viewOf(quiz: Quiz, locale: Locale, questionsAsked: number, people: number): QuizView {
  const { id, key, campaignId, kind, state, file } = quiz;
  return {
    id,
    key,
    campaignId,
    kind,
    state,
    title: file.title,
    rules: rulesOf(file, locale),
    startsAt: quiz.startsAt.toString(),
    endsAt: quiz.endsAt.toString(),
    publishedAt: quiz.publishedAt?.toString() ?? null,
    closedAt: quiz.closedAt?.toString() ?? null,
    approvedAt: quiz.approvedAt?.toString() ?? null,
    questions: questionsAsked,
    people,
    file,
  };
}

const BOARD_PEOPLE = 10;

/** What the control room and the projector show. The answer is not in it before it is revealed. */
export async function liveView(tx: Db, quiz: Quiz, now: Temporal.Instant, locale: Locale): Promise<LiveView> {
  const t = text[locale];
  const all = (await questionsOf(tx, [quiz.id])).get(quiz.id) ?? [];
  const asked = all.find(({ position }) => position === quiz.livePosition);
  const [joined] = await tx.select({ n: count() }).from(quizPapers).where(eq(quizPapers.quizId, quiz.id));
  const counts =
    asked === undefined ? { answered: 0, right: 0 } : await answersTo(tx, quiz.id, asked.position);
  const isRevealed = quiz.liveRevealedAt !== null;
  const over = quiz.state === 'closed' || quiz.state === 'approved';
  return {
    now: now.toString(),
    state: quiz.state,
    phase: over ? 'over' : asked === undefined ? 'lobby' : isRevealed ? 'revealed' : 'open',
    number: asked === undefined ? 0 : all.indexOf(asked) + 1,
    of: all.length,
    text: asked?.content.text ?? null,
    picture: asked?.content.picture ?? null,
    options:
      asked === undefined
        ? []
        : asked.content.kind === 'ordering' && !isRevealed
          ? [...optionsOf(asked.content)].sort()
          : [...optionsOf(asked.content)],
    closesAt: quiz.liveClosesAt?.toString() ?? null,
    joined: joined?.n ?? 0,
    answered: counts.answered,
    right: isRevealed ? counts.right : null,
    answer: asked !== undefined && isRevealed ? rightWords(asked.content, t.truth) : null,
    explanation: asked !== undefined && isRevealed ? (asked.content.explanation ?? null) : null,
    top: (await topOf(tx, quiz.id, BOARD_PEOPLE)).map(({ employeeId: _id, name, ...place }) => ({
      ...place,
      name: name ?? t.somebody,
    })),
  };
}

/** Once a round is over its standings are stored, and written anew with whatever changes them. */
const isSettled = ({ state }: Quiz): boolean => state === 'closed' || state === 'approved';

interface Span {
  after: number;
  limit: number;
}

function storedResults(tx: Db, quiz: Quiz, { after, limit }: Span) {
  return tx
    .select()
    .from(quizScores)
    .where(eq(quizScores.quizId, quiz.id))
    .orderBy(asc(quizScores.rank), asc(quizScores.employeeId))
    .limit(limit)
    .offset(after);
}

/** The ranking as it follows from the answers now, by rank; `after` is how many stand before the page. */
export async function resultsOf(tx: Db, quiz: Quiz, { after, limit }: Span): Promise<ResultView[]> {
  const shown = isSettled(quiz)
    ? await storedResults(tx, quiz, { after, limit })
    : (await currentStandings(tx, quiz)).slice(after, after + limit);
  if (shown.length === 0) return [];
  const rows = await tx
    .select({ id: employees.id, number: employees.number, name: employees.name })
    .from(employees)
    .where(sql`${employees.id} = any(${sql.param(shown.map(({ employeeId }) => employeeId))}::uuid[])`);
  const people = new Map(rows.map(({ id, ...person }) => [id, person]));
  return shown.map((one) => ({
    rank: one.rank,
    number: people.get(one.employeeId)?.number ?? '',
    name: people.get(one.employeeId)?.name ?? '',
    score: one.score,
    right: one.right,
    answered: one.answered,
    asked: one.asked,
    seconds: one.takenMs / 1000,
    wins: wins(one, quiz.file.policy),
  }));
}

const statisticsOfBig = remembered<ItemStatistics[]>(60);
const BIG = 5_000;

/** Of a big round they are at most a minute old: all answers have to be read. */
async function statisticsOf(
  tx: Db,
  quiz: Quiz,
  optionsIn: (position: number) => number,
  now: Temporal.Instant,
): Promise<ItemStatistics[]> {
  const make = async () =>
    itemStatistics(
      await tx
        .select({
          employeeId: quizAnswers.employeeId,
          position: quizAnswers.position,
          share: quizAnswers.share,
          takenMs: quizAnswers.takenMs,
          given: quizAnswers.given,
        })
        .from(quizAnswers)
        .where(and(eq(quizAnswers.quizId, quiz.id), eq(quizAnswers.attempt, 1))),
      optionsIn,
    );
  const people = await tx.$count(quizPapers, and(eq(quizPapers.quizId, quiz.id), eq(quizPapers.attempt, 1)));
  return people < BIG ? make() : statisticsOfBig(quiz.id, now, make);
}

export async function itemsOf(tx: Db, quiz: Quiz, now: Temporal.Instant): Promise<ItemsView> {
  const all = (await questionsOf(tx, [quiz.id])).get(quiz.id) ?? [];
  const keys = new Map(
    (
      await tx
        .select({ id: questions.id, key: questions.key })
        .from(questions)
        .innerJoin(quizQuestions, eq(quizQuestions.questionId, questions.id))
        .where(eq(quizQuestions.quizId, quiz.id))
    ).map(({ id, key }) => [id, key]),
  );
  const withdrawals = new Map(
    (await tx.select().from(quizWithdrawals).where(eq(quizWithdrawals.quizId, quiz.id))).map((row) => [
      row.position,
      row,
    ]),
  );
  const byPosition = new Map(all.map((one) => [one.position, one]));
  const statistics = new Map(
    (
      await statisticsOf(
        tx,
        quiz,
        (position) => {
          const content = byPosition.get(position)?.content;
          return content === undefined ? 0 : optionsOf(content).length;
        },
        now,
      )
    ).map((one) => [one.position, one]),
  );
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    items: all.map(({ position, questionId, content }) => {
      const one = statistics.get(position);
      const withdrawn = withdrawals.get(position);
      return {
        position,
        key: keys.get(questionId) ?? '',
        text: content.text,
        options: [...optionsOf(content)],
        answers: one?.answers ?? 0,
        easiness: round(one?.easiness ?? 0),
        discrimination: one?.discrimination == null ? null : round(one.discrimination),
        chosen: one?.chosen ?? [],
        medianSeconds: (one?.medianMs ?? 0) / 1000,
        signals: one?.signals ?? [],
        withdrawn: withdrawn === undefined ? null : { reason: withdrawn.reason, at: withdrawn.at.toString() },
      };
    }),
  };
}

export async function rescoresOf(tx: Db, quizId: string, { after, limit }: Span) {
  const rows = await tx
    .select({ moved: quizRescores, number: employees.number, name: employees.name })
    .from(quizRescores)
    .innerJoin(employees, eq(employees.id, quizRescores.employeeId))
    .where(eq(quizRescores.quizId, quizId))
    .orderBy(asc(quizRescores.position), asc(quizRescores.employeeId))
    .limit(limit)
    .offset(after);
  return rows.map(({ moved, number, name }) => {
    const { position, scoreBefore, scoreAfter, rankBefore, rankAfter } = moved;
    return { position, number, name, scoreBefore, scoreAfter, rankBefore, rankAfter };
  });
}
