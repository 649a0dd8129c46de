import { DelayedError, type Job } from 'bullmq';
import { sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import type { BullWorker, QueueBackend } from './backend.ts';
import { within } from './within.ts';

/** Slots of one bucket share one wake, which comes at its end: at most this late. */
const BUCKET_MS = 250;
const AHEAD_MINUTES = 5;
const STOP_MS = 8_000;

interface Wake {
  /** Epoch milliseconds. */
  at: number;
}

/** The projection of the schedules onto the queue. It may be lost or delivered twice: the rows decide. */
export interface Wakes {
  /**
   * Adds the wakes of the next five minutes, and the first one beyond. Wakes that this process has added before
   * are left out unless `anew` is set, which brings back what an emptied Redis has lost.
   */
  project(options?: { anew?: boolean }): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createWakes(options: {
  backend: QueueBackend;
  db: Db;
  clock: Clock;
  log: Log;
  onWake(): Promise<void>;
}): Wakes {
  const { backend, db, clock, log } = options;
  // A queue of their own: a campaign that keeps every hand of the jobs' worker busy must not make slots late.
  const queue = backend.openQueue<Wake>('wakes');
  const projected = new Set<number>();
  let worker: BullWorker<Wake> | undefined;

  async function project({ anew = false } = {}): Promise<void> {
    const now = clock.now().epochMilliseconds;
    for (const bucket of projected) if (anew || bucket <= now) projected.delete(bucket);
    const fresh = (await upcoming(db, clock)).filter((bucket) => !projected.has(bucket));
    if (fresh.length === 0) return;
    // The same id while the wake is pending is one wake, whichever process adds it.
    await queue.addBulk(
      fresh.map((bucket) => ({
        name: 'wake',
        data: { at: bucket },
        opts: {
          jobId: `wake-${bucket}`,
          delay: Math.max(0, bucket - now),
          attempts: 3,
          backoff: { type: 'exponential', delay: 1_000 },
          removeOnComplete: true,
          removeOnFail: true,
        },
      })),
    );
    for (const bucket of fresh) projected.add(bucket);
  }

  async function wake(job: Job<Wake, void>, token?: string): Promise<void> {
    // The queue's clock ran ahead of ours, or ours was set back. Adding the same wake anew would be refused
    // while this one is being worked on, so it waits itself.
    const earlyMs = job.data.at - clock.now().epochMilliseconds;
    if (earlyMs > 0) {
      await job.moveToDelayed(Date.now() + earlyMs, token);
      throw new DelayedError();
    }
    await options.onWake();
  }

  return {
    project,
    async start() {
      worker = backend.openWorker<Wake>('wakes', wake, 1);
      await worker.waitUntilReady();
      worker.run().catch((error: unknown) => log.error({ reason: messageOf(error) }, 'wakes stopped'));
    },
    async stop() {
      const closed = (async () => {
        await worker?.close();
        await queue.close();
      })();
      if (await within(STOP_MS, closed)) return;
      log.warn('wakes did not stop in time');
      worker?.disconnect().catch(() => undefined);
    },
  };
}

/** Ends of the buckets in which something is due; what is overdue counts as due now. */
async function upcoming(db: Db, clock: Clock): Promise<number[]> {
  const now = clock.now();
  const horizon = now.add({ minutes: AHEAD_MINUTES });
  const { rows } = await db.execute<{ bucket: string }>(sql`
    with due as (
      select greatest(next_at, retry_at, ${now.toString()}::timestamptz) as at from schedules
      where next_at <= ${horizon.toString()}::timestamptz
      union all
      (select next_at from schedules where next_at > ${horizon.toString()}::timestamptz order by next_at limit 1)
    )
    select distinct (ceil(extract(epoch from at) * 1000 / ${BUCKET_MS}) * ${BUCKET_MS})::bigint as bucket
    from due order by bucket`);
  return rows.map(({ bucket }) => Number(bucket));
}
