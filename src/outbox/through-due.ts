import { Temporal } from '../kernel/time.ts';

/**
 * Walks a clock to `to`, stopping at everything that falls due on the way: what is held, and what a platform is to be
 * asked about. `stopAt` moves the clock and does the work of that moment. What stays due although its moment was
 * worked on does not hold the walk up.
 */
export async function throughDue(
  to: Temporal.Instant,
  nextDue: () => Promise<Temporal.Instant | undefined>,
  stopAt: (moment: Temporal.Instant) => Promise<void>,
): Promise<void> {
  for (let last = ''; ; ) {
    const due = await nextDue();
    const moves = due !== undefined && Temporal.Instant.compare(due, to) < 0 && due.toString() !== last;
    const next = moves ? due : to;
    last = next.toString();
    await stopAt(next);
    if (next === to) return;
  }
}
