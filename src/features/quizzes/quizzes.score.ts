import { desc, eq, sql } from 'drizzle-orm';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { type Card, card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay } from '../../kernel/time.ts';
import { departmentOn } from '../directory/index.ts';
import { badgeName, badgesOf, levelOf, standingOf } from '../rewards/index.ts';
import { CERTIFICATE, RESULT } from './quizzes.cards.ts';
import { requestCertificate } from './quizzes.issuing.ts';
import type { ClosingDeps } from './quizzes.results.ts';
import { scoreOf } from './quizzes.scoring.ts';
import { countingOf, placeOf } from './quizzes.settle.ts';
import { answersOf, papersOf, type Quiz, withdrawnIn } from './quizzes.store.ts';
import { quizPapers, quizzes } from './quizzes.tables.ts';
import { leagueFor } from './quizzes.teams.ts';
import { text } from './quizzes.text.ts';

/** 成绩: the round that somebody took part in last. */
export function resultCommand(deps: ClosingDeps): Command {
  return {
    name: RESULT,
    permission: 'me.use',
    words: ['成绩', '答题成绩', '我的成绩', 'result', 'score'],
    help: { 'zh-CN': text['zh-CN'].helpScore, en: text.en.helpScore },
    answer: oneByOne(async (tx, turn): Promise<Reply> => {
      const quiz = await lastOf(tx, turn.actor.employeeId);
      const shown =
        quiz === undefined
          ? words(text[turn.actor.locale].noResult)
          : card(await resultCard(tx, turn, quiz, deps));
      return { messages: [shown], inPrivate: true };
    }),
  };
}

async function lastOf(tx: Db, employeeId: string): Promise<Quiz | undefined> {
  const [found] = await tx
    .select({ quiz: quizzes })
    .from(quizPapers)
    .innerJoin(quizzes, eq(quizzes.id, quizPapers.quizId))
    .where(eq(quizPapers.employeeId, employeeId))
    .orderBy(desc(quizPapers.startedAt), desc(quizPapers.quizId))
    .limit(1);
  return found?.quiz;
}

/** The personal card. While a round runs it says what somebody has so far, and no ranks. */
async function resultCard(tx: Db, turn: Turn, quiz: Quiz, deps: ClosingDeps): Promise<Card> {
  const { employeeId, locale } = turn.actor;
  const t = text[locale];
  const { earned: points } = await standingOf(tx, quiz.campaignId, employeeId);
  const earned = await badgesOf(tx, quiz.campaignId, employeeId);
  const standing = [
    { label: t.facts.level, value: levelOf(points, locale).name },
    ...(earned.length === 0
      ? []
      : [{ label: t.facts.badges, value: earned.map((badge) => badgeName(badge, locale)).join(' · ') }]),
  ];
  const place = quiz.state === 'published' ? undefined : await placeOf(tx, quiz.id, employeeId);
  if (place === undefined) {
    const mine = await soFar(tx, quiz, employeeId);
    return {
      title: t.resultTitle(quiz.file.title),
      body: [t.resultBody(mine.right, mine.asked, mine.score), '', t.running].join('\n'),
      facts: standing,
    };
  }
  const { mine, of, around } = place;
  const team = await departmentOn(tx, employeeId, localDay(quiz.endsAt, deps.zone));
  const league =
    team === null ? undefined : (await leagueFor(tx, quiz, deps.zone)).find(({ code }) => code === team.code);
  return {
    title: t.resultTitle(quiz.file.title),
    tone: 'good',
    body: [
      t.resultBody(mine.right, mine.asked, mine.score),
      '',
      t.around,
      ...around.map((one) => {
        const me = one.employeeId === employeeId;
        return t.line(one.rank, me ? turn.actor.name : (one.name ?? t.somebody), one.score, me);
      }),
    ].join('\n'),
    facts: [
      { label: t.facts.rank, value: t.resultRank(mine.rank, of) },
      { label: t.facts.time, value: t.seconds(Math.round(mine.takenMs / 1000)) },
      ...(league?.rank == null
        ? []
        : [{ label: t.facts.team, value: t.teamPlace(league.name, league.rank, league.perHead) }]),
      ...standing,
    ],
    ...(quiz.state === 'approved'
      ? { buttons: [{ label: t.certificateWord, action: { name: CERTIFICATE }, word: t.certificateWord }] }
      : {}),
  };
}

async function soFar(
  tx: Db,
  quiz: Quiz,
  employeeId: string,
): Promise<{ right: number; asked: number; score: number }> {
  const paper = [...(await papersOf(tx, [quiz.id], [employeeId])).values()].at(-1);
  const answers = [...(await answersOf(tx, [quiz.id], [employeeId])).values()].filter(
    ({ attempt, position }) =>
      attempt === paper?.attempt &&
      // The open question of a room stays a secret until it is revealed.
      !(quiz.kind === 'live' && position === quiz.livePosition && quiz.liveRevealedAt === null),
  );
  const facts = {
    employeeId,
    attempt: paper?.attempt ?? 1,
    asked: (paper?.items ?? []).map(({ p }) => p),
    answers: answers.map((one) => ({ ...one, answeredAt: one.answeredAt.epochMilliseconds })),
  };
  return scoreOf(facts, countingOf(quiz, await withdrawnIn(tx, quiz.id)));
}

/**
 * 证书: for the last round that is confirmed and that somebody took part in. It is drawn by a job, and comes by itself.
 * `begin` is called with the request's id while the transaction is still open; it must not wait.
 */
export function certificateCommand({ begin }: { begin: (requestId: string) => void }): Command {
  return {
    name: CERTIFICATE,
    permission: 'me.use',
    words: ['证书', '答题证书', 'certificate'],
    help: { 'zh-CN': text['zh-CN'].helpCertificate, en: text.en.helpCertificate },
    answer: oneByOne(async (tx, turn): Promise<Reply> => {
      const t = text[turn.actor.locale];
      const { rows } = await tx.execute<{ id: string }>(sql`
        select q.id from quizzes q join quiz_scores s on s.quiz_id = q.id and s.employee_id = ${turn.actor.employeeId}
        where q.state = 'approved' and s.answered > 0 order by q.approved_at desc limit 1`);
      const [last] = rows;
      if (last === undefined) return { messages: [words(t.certificateNone)], inPrivate: true };
      begin(await requestCertificate(tx, turn, last.id));
      return turn.event.payload.kind === 'action' ? { toast: t.certificateComes } : { inPrivate: true };
    }),
  };
}
