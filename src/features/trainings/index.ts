import { eq } from 'drizzle-orm';
import type { Turn } from '../../chat/command.ts';
import { card, type Message } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import type { ScheduledJob } from '../../kernel/jobs.ts';
import type { AnswerQuestion } from '../faq/index.ts';
import type { Feature } from '../feature.ts';
import {
  calendarCommand,
  cancelCommand,
  changeCommand,
  detailCard,
  listCommand,
  signUpCommand,
} from './trainings.chat.ts';
import { attendCommand, materialsCommand, overhearCode, rateCommand } from './trainings.class.chat.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { afterClass, remindPeople } from './trainings.jobs.ts';
import { trainings as trainingsTable } from './trainings.tables.ts';

export type { TrainingDeps, TrainingSchedule } from './trainings.deps.ts';
export { type Attended, attendedOn } from './trainings.evidence.ts';
export { trainingNumbers } from './trainings.numbers.ts';
export { serveTrainings } from './trainings.page.ts';
export { trainingProblems } from './trainings.problems.ts';
export { trainingRoutes } from './trainings.routes.ts';
export { trainingSchedules } from './trainings.schedules.ts';

export interface Trainings extends Feature {
  /** Looks at bare digits before the knowledge base does: in a class they are its code. */
  overhear: AnswerQuestion;
}

/** Training sessions: sign-up, waiting list, reminders, attendance, what follows a class. */
export function trainings(deps: TrainingDeps): Trainings {
  return {
    name: 'trainings',
    commands: [
      listCommand(),
      signUpCommand(deps),
      cancelCommand(deps),
      changeCommand(deps),
      calendarCommand(deps),
      attendCommand(deps),
      rateCommand(),
      materialsCommand(),
    ],
    scheduledJobs: [remindPeople as ScheduledJob, afterClass as ScheduledJob],
    overhear: overhearCode(deps),
  };
}

/** The class that a poster or somebody else's slide is about, for whoever came by its code. */
export async function cardsForLink(tx: Db, turn: Turn, code: string): Promise<Message[]> {
  const [training] = await tx.select().from(trainingsTable).where(eq(trainingsTable.linkCode, code));
  return training?.state === 'open' ? [card(await detailCard(tx, turn, training))] : [];
}
