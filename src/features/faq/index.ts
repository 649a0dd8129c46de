import type { Db } from '../../kernel/db.ts';
import type { Feature } from '../feature.ts';
import { type AnswerQuestion, answerQuestion, chooseCommand, rateCommand } from './faq.chat.ts';
import { createKnowledge } from './faq.knowledge.ts';
import { defaultThresholds } from './faq.rules.ts';
import type { FaqDeps } from './faq.service.ts';

export { soundsAlike } from './engine/sound.ts';
export { type FaqImported, importEntries } from './faq.import.ts';
export { faqProblems } from './faq.problems.ts';
export { faqRoutes } from './faq.routes.ts';
export { faqFilesSchema } from './faq.schema.ts';

export interface Faq extends Feature, FaqDeps {
  /** What answers text that is no word of ours. */
  answer: AnswerQuestion;
}

/** Answers from the knowledge base. */
export function faq({ db }: { db: Db }): Faq {
  const deps: FaqDeps = { knowledge: createKnowledge({ db }), thresholds: defaultThresholds };
  return { name: 'faq', ...deps, answer: answerQuestion(deps), commands: [chooseCommand(), rateCommand()] };
}
