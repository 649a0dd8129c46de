import { ticketNumbers } from '../features/tickets/index.ts';
import type { Metrics } from '../http/metrics.ts';
import type { Db } from '../kernel/db.ts';
import type { Temporal } from '../kernel/time.ts';

/** Sets what Prometheus reads about support. What nobody has given yet has no value, not nought. */
export async function sampleTickets(db: Db, at: Temporal.Instant, metrics: Metrics): Promise<void> {
  const { byPriority, score, scores } = await ticketNumbers(db, at);
  metrics.ticketFirstReply.reset();
  for (const { priority, waiting, claimed, overdue, breaches, firstReply } of byPriority) {
    metrics.ticketsOpen.set({ priority, state: 'waiting' }, waiting);
    metrics.ticketsOpen.set({ priority, state: 'claimed' }, claimed);
    metrics.ticketsOverdue.set({ priority }, overdue);
    metrics.ticketBreaches.set({ priority }, breaches);
    if (firstReply === undefined) continue;
    metrics.ticketFirstReply.set({ priority, quantile: '0.5' }, firstReply.half);
    metrics.ticketFirstReply.set({ priority, quantile: '0.9' }, firstReply.most);
  }
  metrics.ticketScore.reset();
  if (score !== undefined) metrics.ticketScore.set({ days: '30' }, score);
  metrics.ticketScores.set({ days: '30' }, scores);
}
