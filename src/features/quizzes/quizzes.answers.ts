import { sql } from 'drizzle-orm';
import type { Turn } from '../../chat/command.ts';
import type { Db } from '../../kernel/db.ts';
import { isoOf, type Temporal } from '../../kernel/time.ts';
import { type Given, judge } from '../questions/index.ts';
import { award } from '../rewards/index.ts';
import { dayOf, isAfter, serverTime } from './quizzes.papers.ts';
import {
  type Answer,
  type Asked,
  answerKey,
  answersOf,
  deskKey,
  type Paper,
  papersOf,
  type Quiz,
  questionsOf,
  quizzesById,
} from './quizzes.store.ts';
import type { PaperItem } from './quizzes.tables.ts';

/** An answer as a button or a typed word means it; what was said is read once the question is known. */
export interface Intent {
  turn: Turn;
  quizId: string;
  attempt: number;
  position: number;
  /** Undefined when what was said is no answer to this question. */
  read: (asked: Asked, item: PaperItem) => Given | undefined;
}

export interface Place {
  quiz: Quiz;
  paper: Paper;
  asked: Asked;
  item: PaperItem;
}

export type AnswerOutcome =
  /** Nothing of ours: another person's paper, a round that is gone, a position that was never put to them. */
  | { kind: 'unknown' }
  | { kind: 'closed' | 'not-started'; quiz: Quiz }
  | { kind: 'late' | 'not-open' | 'other-day'; place: Place }
  | { kind: 'unreadable'; place: Place }
  | { kind: 'already'; place: Place; answer: Answer }
  | { kind: 'accepted'; place: Place; given: Given; share: number; points: number; finished: boolean };

/**
 * Takes a set of answers: reads what they belong to, refuses what does not count, judges and writes the rest in one
 * statement. The row of a person and question is written once; whoever comes second, in whichever process, finds it.
 */
export async function takeAnswers(tx: Db, intents: readonly Intent[]): Promise<AnswerOutcome[]> {
  if (intents.length === 0) return [];
  const quizIds = [...new Set(intents.map(({ quizId }) => quizId))];
  const people = [...new Set(intents.map(({ turn }) => turn.actor.employeeId))];
  const rounds = await quizzesById(tx, quizIds);
  const papers = await papersOf(tx, quizIds, people);
  const questions = await questionsOf(tx, quizIds);
  const checked = intents.map((intent): AnswerOutcome | Accepting => {
    const { turn, quizId, attempt, position } = intent;
    const quiz = rounds.get(quizId);
    const paper = papers.get(deskKey(quizId, turn.actor.employeeId, attempt));
    const asked = questions.get(quizId)?.find((one) => one.position === position);
    const item = paper?.items.find(({ p }) => p === position);
    if (quiz === undefined || paper === undefined || asked === undefined || item === undefined)
      return { kind: 'unknown' };
    const place = { quiz, paper, asked, item };
    const refusal = refusalOf(turn, place);
    if (refusal !== undefined) return refusal;
    const given = intent.read(asked, item);
    return given === undefined ? { kind: 'unreadable', place } : { kind: 'accepting', turn, place, given };
  });
  const accepting = checked.filter((one): one is Accepting => one.kind === 'accepting');
  const written = await write(tx, accepting);
  const points = await bookRight(tx, [...written.values()]);
  await advance(tx, [...written.keys()]);
  const outcomes = checked.map((one): AnswerOutcome | Accepting => {
    const row = one.kind === 'accepting' ? written.get(one) : undefined;
    if (one.kind !== 'accepting' || row === undefined) return one;
    const { place, given } = one;
    const finished = place.quiz.kind === 'span' && place.paper.at + 1 >= place.paper.items.length;
    return { kind: 'accepted', place, given, share: row.share, points: points.get(row) ?? 0, finished };
  });
  return withFirstAnswers(tx, outcomes);
}

/**
 * Whoever answered before hears that, and not that time is up. Most sets need no look at this: everybody's first answer
 * was just written.
 */
async function withFirstAnswers(
  tx: Db,
  outcomes: readonly (AnswerOutcome | Accepting)[],
): Promise<AnswerOutcome[]> {
  const open = outcomes.flatMap((one) => (one.kind !== 'accepted' && 'place' in one ? [one.place] : []));
  const answers = await answersOf(
    tx,
    open.map(({ quiz }) => quiz.id),
    open.map(({ paper }) => paper.employeeId),
  );
  return outcomes.map((one): AnswerOutcome => {
    if (one.kind === 'accepted' || !('place' in one)) return one;
    const { quiz, paper, asked } = one.place;
    const answer = answers.get(answerKey(quiz.id, paper.employeeId, paper.attempt, asked.position));
    if (answer !== undefined) return { kind: 'already', place: one.place, answer };
    return one.kind === 'accepting' ? { kind: 'unknown' } : one;
  });
}

interface Accepting {
  kind: 'accepting';
  turn: Turn;
  place: Place;
  given: Given;
}

/** Why an answer does not count now; undefined when it does. Only our clock and the platform's are asked. */
function refusalOf(turn: Turn, place: Place): AnswerOutcome | undefined {
  const { quiz, paper, asked, item } = place;
  const at = serverTime(turn, quiz);
  const grace = { seconds: quiz.file.graceSeconds };
  if (quiz.state === 'draft' || isAfter(quiz.startsAt, at)) return { kind: 'not-started', quiz };
  if (quiz.state !== 'published' || isAfter(at, quiz.endsAt.add(grace))) return { kind: 'closed', quiz };
  switch (quiz.kind) {
    case 'live': {
      if (quiz.livePosition === null || asked.position > quiz.livePosition)
        return { kind: 'not-open', place };
      if (asked.position < quiz.livePosition || quiz.liveClosesAt === null) return { kind: 'late', place };
      const revealed = quiz.liveRevealedAt !== null && !isAfter(quiz.liveRevealedAt, at);
      return revealed || isAfter(at, quiz.liveClosesAt.add(grace)) ? { kind: 'late', place } : undefined;
    }
    case 'span':
      return paper.items[paper.at]?.p === item.p ? undefined : { kind: 'not-open', place };
    case 'daily':
      return asked.day?.equals(dayOf(turn, quiz)) === true ? undefined : { kind: 'other-day', place };
  }
}

interface Written {
  turn: Turn;
  place: Place;
  share: number;
  at: Temporal.Instant;
}

async function write(tx: Db, accepting: readonly Accepting[]): Promise<Map<Accepting, Written>> {
  const rows = new Map<string, { one: Accepting; row: Written; values: Record<string, unknown> }>();
  for (const one of accepting) {
    const { turn, place, given } = one;
    const { quiz, paper, asked } = place;
    const at = serverTime(turn, quiz);
    const shown = quiz.kind === 'live' ? (quiz.liveOpenedAt ?? paper.openedAt) : paper.openedAt;
    const key = answerKey(quiz.id, paper.employeeId, paper.attempt, asked.position);
    if (rows.has(key)) continue;
    const share = judge(asked.content, given);
    rows.set(key, {
      one,
      row: { turn, place, share, at },
      values: {
        q: quiz.id,
        e: paper.employeeId,
        a: paper.attempt,
        p: asked.position,
        g: given,
        s: share,
        at: isoOf(at),
        ms: Math.max(0, at.epochMilliseconds - shown.epochMilliseconds),
        c: turn.event.channel,
        k: turn.event.key,
      },
    });
  }
  if (rows.size === 0) return new Map();
  const sent = JSON.stringify(
    [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { values }]) => values),
  );
  const { rows: inserted } = await tx.execute<{
    quiz_id: string;
    employee_id: string;
    attempt: number;
    position: number;
  }>(sql`
    insert into quiz_answers
      (quiz_id, employee_id, attempt, position, given, share, answered_at, taken_ms, channel, event_key)
    select q, e, a, p, g, s, at, ms, c, k
    from json_to_recordset(${sent}::json) as r(q uuid, e uuid, a int, p int, g jsonb, s float8, at timestamptz,
                                               ms int, c text, k text)
    on conflict do nothing
    returning quiz_id, employee_id, attempt, position`);
  return new Map(
    inserted.flatMap((back) => {
      const found = rows.get(answerKey(back.quiz_id, back.employee_id, back.attempt, back.position));
      return found === undefined ? [] : [[found.one, found.row] as const];
    }),
  );
}

/**
 * Books the points for right answers, once for a person and question whatever the attempt. A live round books at its
 * end: nobody can tell from their balance what the answer was.
 */
async function bookRight(tx: Db, written: readonly Written[]): Promise<Map<Written, number>> {
  const earning = written.filter(
    ({ place: { quiz }, share }) => quiz.kind !== 'live' && share >= 1 && quiz.file.points.right > 0,
  );
  const keyOf = ({ place: { quiz, paper, asked } }: Written) =>
    rightKey(quiz.id, paper.employeeId, asked.position);
  const booked = await award(
    tx,
    earning.map((one) => ({
      key: keyOf(one),
      campaignId: one.place.quiz.campaignId,
      employeeId: one.place.paper.employeeId,
      amount: one.place.quiz.file.points.right,
      reason: 'quiz-right' as const,
      at: one.at,
    })),
  );
  return new Map(
    earning.flatMap((one) => (booked.has(keyOf(one)) ? [[one, one.place.quiz.file.points.right]] : [])),
  );
}

export const rightKey = (quizId: string, employeeId: string, position: number): string =>
  `quiz-right:${quizId}:${employeeId}:${position}`;

/** Opens the next question of a paper over days, or ends the paper. Live rounds move all together, elsewhere. */
async function advance(tx: Db, accepted: readonly Accepting[]): Promise<void> {
  const moving = accepted.filter(({ place }) => place.quiz.kind === 'span');
  if (moving.length === 0) return;
  const rows = moving.map(({ turn, place: { paper } }) => ({
    q: paper.quizId,
    e: paper.employeeId,
    a: paper.attempt,
    n: paper.at + 1,
    at: isoOf(turn.event.receivedAt),
    done: paper.at + 1 >= paper.items.length,
  }));
  await tx.execute(sql`
    update quiz_papers set at = r.n, opened_at = r.at, finished_at = case when r.done then r.at end
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(q uuid, e uuid, a int, n int, at timestamptz, done bool)
    where quiz_papers.quiz_id = r.q and quiz_papers.employee_id = r.e and quiz_papers.attempt = r.a`);
}
