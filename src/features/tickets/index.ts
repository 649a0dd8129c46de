import type { Turn } from '../../chat/command.ts';
import type { Db } from '../../kernel/db.ts';
import type { AnswerQuestion } from '../faq/index.ts';
import type { Feature } from '../feature.ts';
import { askerCommands, handOver, overhear } from './tickets.asker.chat.ts';
import type { TicketDeps } from './tickets.deps.ts';
import { ticketJobs } from './tickets.jobs.ts';
import { overhearSupport, supportCommands } from './tickets.support.chat.ts';

export type { TicketDeps } from './tickets.deps.ts';
export { ticketNumbers } from './tickets.numbers.ts';
export { ticketProblems } from './tickets.problems.ts';
export { ticketRoutes } from './tickets.routes.ts';

export interface Tickets extends Feature {
  /** Looks at text that is no word of ours before the knowledge base does; undefined when it is a question. */
  overhear: AnswerQuestion;
  /** For the knowledge base: words did not help. */
  handOver: (tx: Db, turn: Turn, question: string) => ReturnType<typeof handOver>;
}

/** Questions that a person answers. */
export function tickets(deps: TicketDeps): Tickets {
  return {
    name: 'tickets',
    commands: [...askerCommands(deps), ...supportCommands(deps)],
    scheduledJobs: ticketJobs(deps),
    overhear: async (tx, turn) => (await overhearSupport(tx, deps, turn)) ?? overhear(tx, deps, turn),
    handOver: (tx, turn, question) => handOver(tx, deps, turn, { question, by: 'failures' }),
  };
}
