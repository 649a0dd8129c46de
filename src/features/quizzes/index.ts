import type { Db } from '../../kernel/db.ts';
import type { JobCall } from '../../kernel/jobs.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Feature } from '../feature.ts';
import { againCommand, answerCommand, markCommand, openCommand } from './quizzes.chat.ts';
import { certificateJob, type IssuingDeps, sweepCertificates } from './quizzes.issuing.ts';
import { CLOSE, closeJob, publishedQuizzes, pushDaily, revealLive, startQuiz } from './quizzes.jobs.ts';
import type { ClosingDeps } from './quizzes.results.ts';
import { certificateCommand, resultCommand } from './quizzes.score.ts';

export { OPEN as OPEN_QUIZ } from './quizzes.cards.ts';
export { roundFigures, roundNumbers } from './quizzes.numbers.ts';
export { openRound } from './quizzes.plan.ts';
export { closeQuiz } from './quizzes.results.ts';
export { verifyQuiz } from './quizzes.settle.ts';
export { typedAnswers } from './quizzes.typed.ts';

export interface Quizzes extends Feature {
  /** Enqueues certificates that are still to be drawn: at start and by a chore. */
  sweep(): Promise<void>;
}

/** Quiz rounds: the question of the day, rounds over days, live rounds. */
export function quizzes(deps: ClosingDeps & { certificates: IssuingDeps }): Quizzes {
  const { certificates } = deps;
  const draw = certificateJob(certificates);
  /** Returns at once; a queue that is down is made up for by `sweep`. */
  const begin = (requestId: string): void => {
    certificates
      .enqueue(draw.with({ requestId }), { id: requestId, priority: 'answer' })
      .catch(() => undefined);
  };
  return {
    name: 'quizzes',
    commands: [
      openCommand(),
      againCommand(),
      answerCommand(),
      markCommand(),
      resultCommand(deps),
      certificateCommand({ begin }),
    ],
    queueJobs: [draw],
    sweep: () => sweepCertificates(certificates, draw),
    scheduledJobs: [startQuiz, pushDaily, revealLive, closeJob(deps)],
  };
}

/** What a published round wants to happen when; putting the same again changes nothing. */
export interface QuizSchedule {
  key: string;
  call: JobCall;
  at: Temporal.Instant | { zone: string; wallTime: string; from: Temporal.Instant; until: Temporal.Instant };
  /** After so many minutes it is too late for it; absent for what must happen however late. */
  lateMinutes?: number;
}

const INVITATION_MINUTES = 8 * 60;

/** All schedules of the rounds that run now. */
export async function quizSchedules(tx: Db, zones: readonly string[]): Promise<QuizSchedule[]> {
  const wanted: QuizSchedule[] = [];
  for (const quiz of await publishedQuizzes(tx)) {
    const quizId = quiz.id;
    const grace = { seconds: quiz.file.graceSeconds };
    wanted.push({
      key: `${CLOSE}:${quizId}`,
      call: { job: CLOSE, payload: { quizId } },
      at: quiz.endsAt.add(grace),
    });
    if (quiz.kind === 'daily') {
      for (const zone of zones) {
        const span = { zone, wallTime: quiz.file.dailyTime, from: quiz.startsAt, until: quiz.endsAt };
        wanted.push({
          key: `quizzes.daily:${quizId}:${zone}`,
          call: pushDaily.with({ quizId, zone }),
          at: span,
        });
      }
    } else {
      const call = startQuiz.with({ quizId });
      wanted.push({
        key: `quizzes.start:${quizId}`,
        call,
        at: quiz.startsAt,
        lateMinutes: INVITATION_MINUTES,
      });
    }
    if (quiz.livePosition !== null && quiz.liveClosesAt !== null && quiz.liveRevealedAt === null) {
      const position = quiz.livePosition;
      const call = revealLive.with({ quizId, position });
      wanted.push({ key: `quizzes.reveal:${quizId}:${position}`, call, at: quiz.liveClosesAt.add(grace) });
    }
  }
  return wanted;
}
