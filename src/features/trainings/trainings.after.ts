import { eq } from 'drizzle-orm';
import { type Card, card } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Temporal } from '../../kernel/time.ts';
import { OPEN_QUIZ, openRound } from '../quizzes/index.ts';
import { newestOf, presentIn } from './trainings.attend.ts';
import { noteCard, RATE } from './trainings.cards.ts';
import { signupsOf, type Training } from './trainings.store.ts';
import { trainings } from './trainings.tables.ts';
import { readersOf, stopKeyOf, type Told, tellAll } from './trainings.tell.ts';
import { text } from './trainings.text.ts';

/** For so long it makes sense to ask how a class was. */
const ASKED_HOURS = 72;

/** What follows a class, once: the card to those who were there, their quiz, the recording to those who were not. */
export async function wrapUp(
  tx: Db,
  training: Training,
  at: Temporal.Instant,
  log: Pick<Log, 'warn'>,
): Promise<void> {
  const [wrapped] = await tx
    .update(trainings)
    .set({ wrappedUpAt: at })
    .where(eq(trainings.id, training.id))
    .returning();
  const present = await presentIn(tx, training.id);
  const quiz = await openQuiz(tx, training, at, log);
  await askHowItWas(tx, training, present, at, quiz);
  await sendRecording(tx, wrapped as Training, at);
}

/** The satisfaction card, and the quiz, to people who were there. */
export async function askHowItWas(
  tx: Db,
  training: Training,
  employeeIds: readonly string[],
  at: Temporal.Instant,
  quiz: boolean,
): Promise<void> {
  const telling = {
    purpose: 'trainings.rating',
    at,
    passes: false,
    importance: 6,
    expiresAt: at.add({ hours: ASKED_HOURS }),
    stopKey: stopKeyOf(training),
  };
  await tellAll(tx, await readersOf(tx, employeeIds, at), telling, (reader) => [
    card(ratingCard(training, reader)),
    ...(quiz ? [card(quizCard(training, reader))] : []),
  ]);
}

function ratingCard(training: Training, { locale }: Told): Card {
  const t = text[locale].after;
  const score = (value: number) => ({
    label: String(value),
    tone: value === 5 ? ('primary' as const) : ('plain' as const),
    action: { name: RATE, data: { t: training.id, s: value } },
    word: t.rateWord(training.no, value),
  });
  return {
    title: t.rateTitle(training.title).slice(0, 120),
    tone: 'warm',
    body: t.rateBody,
    buttons: [5, 4, 3, 2, 1].map(score),
    footer: t.rateHint(training.no),
  };
}

function quizCard(training: Training, { locale }: Told): Card {
  const t = text[locale];
  return {
    title: t.after.quizTitle(training.title).slice(0, 120),
    body: t.after.quizBody,
    buttons: [
      { label: t.word.quiz, tone: 'primary', action: { name: OPEN_QUIZ, anybody: true }, word: t.word.quiz },
    ],
  };
}

/** Whether there is a round to answer now. One that cannot be opened does not keep the rest from happening. */
async function openQuiz(
  tx: Db,
  training: Training,
  at: Temporal.Instant,
  log: Pick<Log, 'warn'>,
): Promise<boolean> {
  const { quizKey } = training;
  if (quizKey === null) return false;
  try {
    return await tx.transaction((inner) => openRound(inner, quizKey, at));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn({ training: training.id, quiz: quizKey, code: error.code }, 'the quiz of a class did not open');
    return false;
  }
}

/**
 * The recording to everybody who was in and did not come, once. Of a remote class only when something is known of who
 * was there: before the list of the meeting has been read, everybody would look absent.
 */
export async function sendRecording(tx: Db, training: Training, at: Temporal.Instant): Promise<number> {
  const { id, recordingUrl, recordingToldAt, kind } = training;
  if (recordingUrl === null || recordingToldAt !== null) return 0;
  const known = await newestOf(tx, id);
  if (kind === 'remote' && known.size === 0) return 0;
  const absent = (await signupsOf(tx, id, ['in']))
    .map(({ employeeId }) => employeeId)
    .filter((employeeId) => known.get(employeeId)?.present !== true);
  await tx.update(trainings).set({ recordingToldAt: at }).where(eq(trainings.id, id));
  const telling = {
    purpose: 'trainings.recording',
    at,
    passes: false,
    importance: 6,
    stopKey: stopKeyOf(training),
  };
  await tellAll(tx, await readersOf(tx, absent, at), telling, (reader) => {
    const t = text[reader.locale].after;
    return [
      card(
        noteCard(training, reader, {
          title: t.missedTitle(training.title),
          tone: 'warm',
          body: t.missedBody(recordingUrl),
          buttons: [],
        }),
      ),
    ];
  });
  return absent.length;
}
