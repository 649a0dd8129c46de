import type { Db } from '../../kernel/db.ts';
import type { ScheduledJob } from '../../kernel/jobs.ts';
import type { Feature } from '../feature.ts';
import { type AnswerQuestion, answerQuestion, chooseCommand, type HandOver } from './faq.chat.ts';
import { faqFiles } from './faq.files.ts';
import { createKnowledge } from './faq.knowledge.ts';
import { commentCommand, rateCommand } from './faq.rate.chat.ts';
import { createSecondLook } from './faq.second-look.ts';
import type { FaqDeps } from './faq.service.ts';
import { draftCommand, missesCommand, similarCommand, weeklyMisses } from './faq.weekly.ts';
import type { Reranker } from './rerank/index.ts';

export { reportLines } from './calibration/report.ts';
export { alikeIndex } from './engine/alike.ts';
export { soundsAlike } from './engine/sound.ts';
export { calibrate, putCalibration, useCalibration } from './faq.calibrate.ts';
export type { AnswerQuestion } from './faq.chat.ts';
export { faqConsoleRoutes } from './faq.console.routes.ts';
export { faqFilesRoutes } from './faq.files.routes.ts';
export { saysUnhelped } from './faq.followup.ts';
export { type FaqImported, importEntries } from './faq.import.ts';
export { faqLearningRoutes } from './faq.learning.routes.ts';
export { faqProblems } from './faq.problems.ts';
export { faqRoutes } from './faq.routes.ts';
export { faqFilesSchema } from './faq.schema.ts';
export { forgetTurns, type QuestionTurn, turnsSoFar } from './faq.turns.ts';
export { weeklyMisses } from './faq.weekly.ts';
export { createReranker, type RerankSettings } from './rerank/index.ts';

export interface Faq extends Feature, FaqDeps {
  /** What answers text that is no word of ours. */
  answer: AnswerQuestion;
}

interface FaqParts {
  db: Db;
  fileRoot: string;
  handOver: HandOver;
  reranker?: Reranker | undefined;
  observe?: FaqDeps['observe'];
}

/** Answers from the knowledge base; `handOver` brings a person when words did not help. */
export function faq({ db, fileRoot, handOver, reranker, observe }: FaqParts): Faq {
  const knowledge = createKnowledge({ db });
  const secondLook = reranker && createSecondLook({ knowledge, reranker });
  const deps = { knowledge, files: faqFiles({ fileRoot }), handOver, secondLook, observe };
  return {
    name: 'faq',
    ...deps,
    answer: answerQuestion(deps),
    commands: [
      chooseCommand(deps),
      rateCommand(deps),
      commentCommand(),
      missesCommand(),
      draftCommand(),
      similarCommand(),
    ],
    scheduledJobs: [weeklyMisses as ScheduledJob],
  };
}
