import { and, eq, isNull } from 'drizzle-orm';
import { type Locale, localeOf } from '../../chat/locale.ts';
import { type Card, card } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import { promiseAll } from '../../outbox/outbox.ts';
import { employees } from '../directory/directory.tables.ts';
import { reachable } from '../directory/index.ts';
import { rightWords } from '../questions/index.ts';
import { questionCard } from './quizzes.cards.ts';
import { tellGroup } from './quizzes.results.ts';
import { answersTo, settle, topOf } from './quizzes.settle.ts';
import { type Asked, type Quiz, questionsOf, quizBy } from './quizzes.store.ts';
import { type PaperItem, quizAnswers, quizPapers, quizzes } from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

const BOARD_PEOPLE = 5;

/**
 * Opens the next question for the room: from this moment its countdown runs, by our clock. The one before is revealed if
 * it was not. Everybody who is in gets it in the order of options that is theirs; whoever comes later, when they come.
 * Rejects with `quiz.not-live` and `quiz.no-question` after the last one.
 */
export async function nextQuestion(tx: Db, key: string, at: Temporal.Instant): Promise<Quiz> {
  const before = await runningLive(tx, key);
  if (before.livePosition !== null && before.liveRevealedAt === null) await reveal(tx, before, at);
  const all = (await questionsOf(tx, [before.id])).get(before.id) ?? [];
  const place =
    before.livePosition === null ? 0 : all.findIndex(({ position }) => position === before.livePosition) + 1;
  const asked = all[place];
  if (asked === undefined)
    throw new AppError('quiz.no-question', 'that was the last question; end the round');
  await tx
    .update(quizzes)
    .set({
      livePosition: asked.position,
      liveOpenedAt: at,
      liveClosesAt: at.add({ seconds: before.file.secondsPerQuestion }),
      liveRevealedAt: null,
    })
    .where(eq(quizzes.id, before.id));
  const quiz = await quizBy(tx, before.id);
  await sendQuestion(tx, quiz, { asked, previous: all[place - 1], number: place + 1, of: all.length, at });
  return quiz;
}

/** Ends the countdown, or what is left of it, and shows the answer: in the group, and with everybody's next question. */
export async function revealQuestion(tx: Db, key: string, at: Temporal.Instant): Promise<Quiz> {
  const quiz = await runningLive(tx, key);
  if (quiz.livePosition === null) throw new AppError('quiz.no-question', 'no question is open yet');
  if (quiz.liveRevealedAt === null) await reveal(tx, quiz, at);
  return quizBy(tx, quiz.id);
}

/** For the schedule: reveals this question if it is still the open one. Answers whether it did. */
export async function revealIfOpen(
  tx: Db,
  quizId: string,
  position: number,
  at: Temporal.Instant,
): Promise<boolean> {
  const [quiz] = await tx
    .select()
    .from(quizzes)
    .where(
      and(
        eq(quizzes.id, quizId),
        eq(quizzes.state, 'published'),
        eq(quizzes.livePosition, position),
        isNull(quizzes.liveRevealedAt),
      ),
    )
    .for('update');
  if (quiz === undefined) return false;
  await reveal(tx, quiz, at);
  return true;
}

async function runningLive(tx: Db, key: string): Promise<Quiz> {
  const quiz = await quizBy(tx, key, { lock: true });
  if (quiz.kind !== 'live' || quiz.state !== 'published')
    throw new AppError('quiz.not-live', `${quiz.key} is no live round that runs`);
  return quiz;
}

async function reveal(tx: Db, quiz: Quiz, at: Temporal.Instant): Promise<void> {
  await tx.update(quizzes).set({ liveRevealedAt: at }).where(eq(quizzes.id, quiz.id));
  const all = (await questionsOf(tx, [quiz.id])).get(quiz.id) ?? [];
  const asked = all.find(({ position }) => position === quiz.livePosition);
  if (asked === undefined) return;
  await settle(tx, quiz);
  const t = text['zh-CN'];
  const { answered, right } = await answersTo(tx, quiz.id, asked.position);
  const top = await topOf(tx, quiz.id, BOARD_PEOPLE);
  const body = [
    asked.content.text,
    '',
    t.boardAnswer(rightWords(asked.content, t.truth)),
    ...(asked.content.explanation === undefined ? [] : [t.explained(asked.content.explanation)]),
    '',
    t.boardCount(answered, right),
    ...(top.length === 0 ? [] : ['', t.boardTop]),
    ...top.map(({ rank, name, score }) => t.boardLine(rank, name ?? t.somebody, score)),
  ].join('\n');
  const title = t.boardTitle(quiz.file.title, all.indexOf(asked) + 1, all.length);
  await tellGroup(tx, quiz, { title, tone: 'notice', body }, at);
}

type Before = 'right' | 'wrong' | 'none' | undefined;

/** One message for all who see the same card: the same order of options, the same language, the same turn before. */
async function sendQuestion(
  tx: Db,
  quiz: Quiz,
  {
    asked,
    previous,
    number,
    of,
    at,
  }: { asked: Asked; previous: Asked | undefined; number: number; of: number; at: Temporal.Instant },
): Promise<void> {
  const papers = await tx
    .select({ employeeId: quizPapers.employeeId, items: quizPapers.items, locale: employees.locale })
    .from(quizPapers)
    .innerJoin(employees, eq(employees.id, quizPapers.employeeId))
    .where(eq(quizPapers.quizId, quiz.id));
  const shares = new Map(
    previous === undefined
      ? []
      : (
          await tx
            .select({ employeeId: quizAnswers.employeeId, share: quizAnswers.share })
            .from(quizAnswers)
            .where(and(eq(quizAnswers.quizId, quiz.id), eq(quizAnswers.position, previous.position)))
        ).map(({ employeeId, share }) => [employeeId, share] as const),
  );
  const wentFor = (employeeId: string): Before => {
    if (previous === undefined) return undefined;
    const share = shares.get(employeeId);
    return share === undefined ? 'none' : share >= 1 ? 'right' : 'wrong';
  };
  const readers = papers.flatMap(({ employeeId, items, locale }) => {
    const item = items.find(({ p }) => p === asked.position);
    return item === undefined
      ? []
      : [{ employeeId, item, locale: localeOf(locale), before: wentFor(employeeId) }];
  });
  const addresses = await reachable(
    tx,
    readers.map(({ employeeId }) => employeeId),
  );
  const alike = groupBy(readers, ({ item, locale, before }) => `${locale} ${before} ${item.o.join()}`);
  await promiseAll(
    tx,
    [...alike.values()].map((same) => {
      const { item, locale, before } = same[0] as (typeof same)[number];
      return {
        purpose: 'quizzes.question',
        priority: 'answer' as const,
        campaignId: quiz.campaignId,
        content: card(
          liveCard(quiz, { asked, item, number, of, locale, above: aboveOf(previous, before, locale) }),
        ),
        recipients: same.map(({ employeeId }) => ({ employeeId, address: addresses.get(employeeId) })),
        at,
        ...(quiz.liveClosesAt === null ? {} : { expiresAt: quiz.liveClosesAt }),
      };
    }),
  );
}

export function liveCard(
  quiz: Quiz,
  options: {
    asked: Asked;
    item: PaperItem;
    number: number;
    of: number;
    locale: Locale;
    above?: string | undefined;
    leftSeconds?: number;
  },
): Card {
  const { asked, item, number, of, locale, above, leftSeconds } = options;
  const t = text[locale];
  return questionCard({
    quizId: quiz.id,
    attempt: 1,
    item,
    content: asked.content,
    title: t.liveTitle(number, of),
    locale,
    above,
    footer: leftSeconds === undefined ? t.countdown(quiz.file.secondsPerQuestion) : t.left(leftSeconds),
  });
}

/** How the question before went, with what is to be learned from it. */
function aboveOf(previous: Asked | undefined, before: Before, locale: Locale): string | undefined {
  if (previous === undefined || before === undefined) return undefined;
  const t = text[locale];
  const right = rightWords(previous.content, t.truth);
  const sentence = before === 'right' ? t.before.right : t.before[before](right);
  const { explanation } = previous.content;
  return explanation === undefined ? sentence : `${sentence}\n${t.explained(explanation)}`;
}
