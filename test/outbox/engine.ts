import { isDeepStrictEqual } from 'node:util';
import { createActionSealer } from '#src/chat/action-id.ts';
import type { ChannelAdapter } from '#src/chat/adapter.ts';
import type { JobCall } from '#src/kernel/jobs.ts';
import { silentLog } from '#src/kernel/log.ts';
import { type ManualClock, Temporal } from '#src/kernel/time.ts';
import { confirmDue } from '#src/outbox/confirm.ts';
import { createRelay, type Relay } from '#src/outbox/relay.ts';
import type { RelayDeps } from '#src/outbox/relay-deps.ts';
import { sendJob } from '#src/outbox/sender.ts';
import { throughDue } from '#src/outbox/through-due.ts';
import type { TestDatabase } from '../support/database.ts';
import { withoutSuppression } from './rules.ts';

export interface Engine {
  relay: Relay;
  /** Releases what may leave and works off the queue until it is empty; answers what was thrown. */
  work(rounds?: number): Promise<unknown[]>;
  /** Moves the clock on, stopping wherever something falls due, and works at each stop. */
  advance(to: Temporal.Instant): Promise<void>;
  confirm(): Promise<number>;
}

/** The outbox from promise to platform, with a queue that runs in the test. */
export function engine(options: {
  database: TestDatabase;
  clock: ManualClock;
  adapters: readonly ChannelAdapter[];
  suppression?: Partial<Pick<RelayDeps, 'rulesOf' | 'budget' | 'digestCards'>>;
}): Engine {
  const { database, clock, adapters } = options;
  const { db } = database;
  const suppression = { ...withoutSuppression, ...options.suppression };
  const queue: JobCall[] = [];
  const job = sendJob({
    db,
    clock,
    sealer: createActionSealer(Buffer.alloc(32, 1)),
    adapterOf: (channel, account) =>
      adapters.find((one) => one.channel === channel && one.account === account),
    acted: async () => new Set(),
    rulesOf: suppression.rulesOf,
  });
  const relay = createRelay({
    db,
    clock,
    log: silentLog,
    adapters,
    ...suppression,
    enqueue: async (calls) => {
      for (const call of calls)
        if (!queue.some(({ payload }) => isDeepStrictEqual(payload, call.payload))) queue.push(call);
    },
    send: (batchId) => job.with({ batchId }),
  });

  async function work(most = 200): Promise<unknown[]> {
    const thrown: unknown[] = [];
    for (let rounds = 0; rounds < most; rounds += 1) {
      await relay.sweep();
      if (queue.length === 0) break;
      for (const call of queue.splice(0)) {
        const context = { log: silentLog, attempt: 1 };
        await job.run(job.payload.parse(call.payload), context).catch((error: unknown) => thrown.push(error));
      }
    }
    return thrown;
  }

  const confirm = () => confirmDue({ db, clock, log: silentLog, adapters });

  return {
    relay,
    work,
    confirm,
    advance: (to) =>
      throughDue(to, relay.nextDue, async (moment) => {
        if (Temporal.Instant.compare(moment, clock.now()) > 0) clock.set(moment);
        await confirm();
        await work();
      }),
  };
}
