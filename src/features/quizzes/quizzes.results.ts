import { and, eq, inArray, sql } from 'drizzle-orm';
import { localeOf } from '../../chat/locale.ts';
import { type Card, card } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import { promiseAll } from '../../outbox/outbox.ts';
import { employees } from '../directory/directory.tables.ts';
import { reachable } from '../directory/index.ts';
import { award, type BadgeGiven, giveBadges } from '../rewards/index.ts';
import { rightKey } from './quizzes.answers.ts';
import { CERTIFICATE, RESULT } from './quizzes.cards.ts';
import type { LeaguePlace } from './quizzes.league.ts';
import { type Ranked, winnersOf } from './quizzes.scoring.ts';
import { currentStandings, settle, topOf } from './quizzes.settle.ts';
import { type Quiz } from './quizzes.store.ts';
import { quizAnswers, quizzes } from './quizzes.tables.ts';
import { leagueFor } from './quizzes.teams.ts';
import { text } from './quizzes.text.ts';

const MESSAGES_A_SET = 1_000;
const AWARDS_A_SET = 5_000;
const BOARD_PEOPLE = 5;
const BOARD_TEAMS = 3;
const STEADY_DAYS = 5;

export interface ClosingDeps {
  zone: string;
}

/**
 * Ends a round once: writes the standings, books what was earned, gives badges, tells everybody their own result and
 * the group the board. Answers whether it was this call that did it.
 */
export async function closeQuiz(
  tx: Db,
  quizId: string,
  at: Temporal.Instant,
  deps: ClosingDeps,
): Promise<boolean> {
  const [quiz] = await tx
    .update(quizzes)
    .set({
      state: 'closed',
      closedAt: at,
      liveRevealedAt: sql`coalesce(${quizzes.liveRevealedAt}, ${at.toString()}::timestamptz)`,
    })
    .where(and(eq(quizzes.id, quizId), eq(quizzes.state, 'published')))
    .returning();
  if (quiz === undefined) return false;
  const standings = await settle(tx, quiz);
  const took = standings.filter(({ answered }) => answered > 0);
  await bookAtEnd(tx, quiz, took, at);
  await giveBadges(tx, badgesFor(quiz, took, at));
  const league = await leagueFor(tx, quiz, deps.zone);
  await tellResults(tx, quiz, took, at);
  await tellGroup(tx, quiz, endBoard(quiz, await topOf(tx, quiz.id, BOARD_PEOPLE), league), at);
  return true;
}

/** A live round books its right answers now; whoever answered everything gets the points for that in every round. */
async function bookAtEnd(tx: Db, quiz: Quiz, took: readonly Ranked[], at: Temporal.Instant): Promise<void> {
  const { right, finish } = quiz.file.points;
  const shared = { campaignId: quiz.campaignId, at };
  if (quiz.kind === 'live' && right > 0) {
    const rows = await tx
      .select({ employeeId: quizAnswers.employeeId, position: quizAnswers.position })
      .from(quizAnswers)
      .where(and(eq(quizAnswers.quizId, quiz.id), sql`${quizAnswers.share} >= 1`));
    for (let start = 0; start < rows.length; start += AWARDS_A_SET) {
      await award(
        tx,
        rows.slice(start, start + AWARDS_A_SET).map(({ employeeId, position }) => ({
          ...shared,
          key: rightKey(quiz.id, employeeId, position),
          employeeId,
          amount: right,
          reason: 'quiz-right' as const,
        })),
      );
    }
  }
  await award(
    tx,
    took
      .filter(({ answered, asked }) => answered >= asked)
      .map(({ employeeId }) => ({
        ...shared,
        key: `quiz-finish:${quiz.id}:${employeeId}`,
        employeeId,
        amount: finish,
        reason: 'quiz-finish' as const,
      })),
  );
}

function badgesFor(quiz: Quiz, took: readonly Ranked[], at: Temporal.Instant): BadgeGiven[] {
  const given = { campaignId: quiz.campaignId, source: `quiz:${quiz.id}`, at };
  return took.flatMap(({ employeeId, right, asked, answered }) => [
    { ...given, employeeId, badge: 'quiz-first' as const },
    ...(asked > 2 && right === asked ? [{ ...given, employeeId, badge: 'quiz-full' as const }] : []),
    ...(quiz.kind === 'daily' && answered >= STEADY_DAYS
      ? [{ ...given, employeeId, badge: 'quiz-steady' as const }]
      : []),
  ]);
}

export async function localesOf(
  tx: Db,
  ids: readonly string[],
): Promise<Map<string, ReturnType<typeof localeOf>>> {
  const found = new Map<string, ReturnType<typeof localeOf>>();
  for (let start = 0; start < ids.length; start += MESSAGES_A_SET) {
    const rows = await tx
      .select({ id: employees.id, locale: employees.locale })
      .from(employees)
      .where(inArray(employees.id, ids.slice(start, start + MESSAGES_A_SET)));
    for (const { id, locale } of rows) found.set(id, localeOf(locale));
  }
  return found;
}

/** Everybody who took part gets their own result; people who read the same words share one message. */
async function tellResults(tx: Db, quiz: Quiz, took: readonly Ranked[], at: Temporal.Instant): Promise<void> {
  const locales = await localesOf(
    tx,
    took.map(({ employeeId }) => employeeId),
  );
  const winners = new Set(winnersOf(took, quiz.file.policy).map(({ employeeId }) => employeeId));
  await tellEach(
    tx,
    quiz,
    took.map((one) => {
      const t = text[locales.get(one.employeeId) ?? 'zh-CN'];
      const sentences = [
        t.resultBody(one.right, one.asked, one.score),
        t.resultRank(one.rank, took.length),
        ...(winners.has(one.employeeId) ? ['', t.resultWinner] : []),
      ];
      const content: Card = {
        title: t.resultTitle(quiz.file.title),
        tone: winners.has(one.employeeId) ? 'good' : 'plain',
        body: sentences.join('\n'),
        buttons: [{ label: t.scoreWord, action: { name: RESULT, anybody: true }, word: t.scoreWord }],
      };
      return { employeeId: one.employeeId, content };
    }),
    { at, priority: urgencyOf(quiz) },
  );
}

/** A live round's people wait in the chat for what happens in it; everything else is told when it suits. */
const urgencyOf = (quiz: Quiz) => (quiz.kind === 'live' ? ('answer' as const) : ('campaign' as const));

export async function tellEach(
  tx: Db,
  quiz: Quiz,
  told: readonly { employeeId: string; content: Card }[],
  { at, priority = 'campaign' }: { at: Temporal.Instant; priority?: 'answer' | 'campaign' },
): Promise<void> {
  const addresses = await reachable(
    tx,
    told.map(({ employeeId }) => employeeId),
  );
  const alike = [...groupBy(told, ({ content }) => JSON.stringify(content)).values()];
  for (let start = 0; start < alike.length; start += MESSAGES_A_SET) {
    await promiseAll(
      tx,
      alike.slice(start, start + MESSAGES_A_SET).map((same) => ({
        purpose: 'quizzes.result',
        priority,
        campaignId: quiz.campaignId,
        content: card((same[0] as (typeof same)[number]).content),
        recipients: same.map(({ employeeId }) => ({ employeeId, address: addresses.get(employeeId) })),
        at,
      })),
    );
  }
}

/**
 * Says something in the group of a round; nothing where there is none. The board of a live round comes at once, unless
 * `priority` says that nobody has joined yet.
 */
export async function tellGroup(
  tx: Db,
  quiz: Quiz,
  content: Card,
  at: Temporal.Instant,
  priority: 'answer' | 'campaign' = urgencyOf(quiz),
): Promise<void> {
  const { group } = quiz.file;
  if (group === undefined) return;
  const address = { channel: group.channel, account: group.account, platformId: group.chatId };
  await promiseAll(tx, [
    {
      purpose: 'quizzes.board',
      priority,
      campaignId: quiz.campaignId,
      content: card(content),
      recipients: [{ employeeId: null, kind: 'group' as const, address }],
      at,
    },
  ]);
}

function endBoard(
  quiz: Quiz,
  top: readonly { rank: number; name: string | null; score: number }[],
  league: readonly LeaguePlace[],
): Card {
  const t = text['zh-CN'];
  const teams = league.filter(({ rank }) => rank !== null && rank <= BOARD_TEAMS);
  return {
    title: t.boardEnd(quiz.file.title),
    tone: 'good',
    body: [
      t.boardTop,
      ...top.map(({ rank, name, score }) => t.boardLine(rank, name ?? t.somebody, score)),
      ...(teams.length === 0 ? [] : ['', t.boardTeams]),
      ...teams.map(({ rank, name, perHead }) => t.boardTeam(rank ?? 0, name, perHead)),
      '',
      t.boardThanks,
    ].join('\n'),
  };
}

/** Confirms the list of winners: their points, badge and message. Rejects with `quiz.not-closed`; a second time changes nothing. */
export async function approveWinners(tx: Db, quiz: Quiz, at: Temporal.Instant): Promise<Ranked[]> {
  if (quiz.state === 'draft' || quiz.state === 'published')
    throw new AppError('quiz.not-closed', 'the winners are known when the round is over');
  const standings = await currentStandings(tx, quiz);
  const winners = winnersOf(standings, quiz.file.policy);
  const [now] = await tx
    .update(quizzes)
    .set({ state: 'approved', approvedAt: at })
    .where(and(eq(quizzes.id, quiz.id), eq(quizzes.state, 'closed')))
    .returning({ id: quizzes.id });
  if (now === undefined) return winners;
  const prize = (rank: number): number => quiz.file.points.winners[rank - 1] ?? 0;
  await award(
    tx,
    winners.map(({ employeeId, rank }) => ({
      key: `quiz-winner:${quiz.id}:${employeeId}`,
      campaignId: quiz.campaignId,
      employeeId,
      amount: prize(rank),
      reason: 'quiz-winner' as const,
      at,
    })),
  );
  const given = { campaignId: quiz.campaignId, source: `quiz:${quiz.id}`, at, badge: 'quiz-winner' as const };
  await giveBadges(
    tx,
    winners.map(({ employeeId }) => ({ ...given, employeeId })),
  );
  const locales = await localesOf(
    tx,
    winners.map(({ employeeId }) => employeeId),
  );
  const told = winners.map(({ employeeId, rank }) => {
    const t = text[locales.get(employeeId) ?? 'zh-CN'];
    const content: Card = {
      title: t.resultTitle(quiz.file.title),
      tone: 'good',
      body: [t.resultRank(rank, standings.length), '', t.resultApproved(prize(rank))].join('\n'),
      buttons: [
        { label: t.certificateWord, action: { name: CERTIFICATE, anybody: true }, word: t.certificateWord },
      ],
    };
    return { employeeId, content };
  });
  await tellEach(tx, quiz, told, { at });
  return winners;
}
