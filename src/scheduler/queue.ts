import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, type Job, type JobsOptions, UnrecoverableError, WaitingError } from 'bullmq';
import { AppError, messageOf, PlatformError } from '../kernel/errors.ts';
import type { JobCall, QueueJob } from '../kernel/jobs.ts';
import type { Log } from '../kernel/log.ts';
import type { BullQueue, BullWorker, QueueBackend } from './backend.ts';
import { jobsByName } from './jobs-by-name.ts';
import { within } from './within.ts';

export interface QueueCall extends JobCall {
  /** While a job with this name and id waits, is delayed or being worked on, adding it again does nothing. */
  id?: string;
}

export interface EnqueueOptions {
  /** For a single call; calls of a list carry their own. */
  id?: string;
  delayMs?: number;
  /** `answer` passes whatever waits as `campaign`; `campaign` unless given. */
  priority?: 'answer' | 'campaign';
}

export interface QueueCounts {
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
}

export interface JobQueue {
  /** Rejects with AppError `job.unknown` or `job.payload`; then nothing of a list was added. */
  enqueue(calls: QueueCall | readonly QueueCall[], options?: EnqueueOptions): Promise<void>;
  /** Takes work. Without it this process only adds jobs. */
  start(): Promise<void>;
  /** Takes no more work in this process until `start`; what is in hand goes on. */
  pause(): Promise<void>;
  /** Takes no more work, waits for what is in hand for at most `withinMs` (8 s), and hands the rest back. */
  close(options?: { withinMs?: number }): Promise<void>;
  /** Resolves when nothing is being added by this process, waits, is worked on, or is delayed until a time that has come. */
  idle(): Promise<void>;
  /** Whether that is so now. */
  isIdle(): Promise<boolean>;
  counts(): Promise<QueueCounts>;
  /** Where the jobs are kept. */
  kind: QueueBackend['kind'];
  /** BullMQ's own queue, for a page that only looks at it. */
  inside: BullQueue<unknown>;
  ready(): Promise<void>;
}

export interface JobQueueOptions {
  backend: QueueBackend;
  jobs: readonly QueueJob[];
  log: Log;
  concurrency: number;
  /** Tries of a job that throws, the first wait between them doubling each time: 5, from 2 s. */
  retry?: { attempts: number; firstWaitMs: number };
}

interface Payload {
  payload: unknown;
}
type PayloadJob = Job<Payload, void>;

const CAMPAIGN_PRIORITY = 10;
const KEPT_FAILURES = 500;
const DEFAULT_WAIT_MS = 5_000;
/** For handing back and closing connections, after the jobs in hand had their time. */
const LET_GO_MS = 1_500;

/** One queue for all jobs, one worker in each process that calls `start`. Throws AppError `job.duplicate`. */
export function createQueue(options: JobQueueOptions): JobQueue {
  const { backend, log } = options;
  const { attempts, firstWaitMs } = options.retry ?? { attempts: 5, firstWaitMs: 2_000 };
  const jobs = jobsByName(options.jobs);
  const queue = backend.openQueue<Payload>('jobs');
  const inHand = new Map<PayloadJob, string | undefined>();
  let worker: BullWorker<Payload> | undefined;
  let closing = false;
  /** Calls to `enqueue` under way: somebody who began a job without waiting is waited for by `idle`. */
  let adding = 0;

  function entry(call: QueueCall, { delayMs, priority }: EnqueueOptions) {
    const job = jobs.get(call.job);
    if (job === undefined) throw new AppError('job.unknown', `there is no job "${call.job}"`);
    refusePayload(job, call.payload);
    const opts: JobsOptions = {
      attempts,
      backoff: { type: 'exponential', delay: firstWaitMs, jitter: 0.5 },
      removeOnComplete: true,
      // A failed job that stays would stand in the way of the next one with its id; the log has it anyway.
      removeOnFail: call.id === undefined ? { count: KEPT_FAILURES } : true,
    };
    if (delayMs !== undefined) opts.delay = delayMs;
    // BullMQ takes jobs without a priority first.
    if (priority !== 'answer') opts.priority = CAMPAIGN_PRIORITY;
    if (call.id !== undefined) opts.jobId = jobId(call.job, call.id);
    return { name: call.job, data: { payload: call.payload }, opts };
  }

  async function work(job: PayloadJob, token?: string): Promise<void> {
    if (closing) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    inHand.set(job, token);
    try {
      await run(job);
    } catch (error) {
      await meet(error, job, token);
    } finally {
      inHand.delete(job);
    }
  }

  async function run(job: PayloadJob): Promise<void> {
    const definition = jobs.get(job.name);
    if (definition === undefined) throw new AppError('job.unknown', `there is no job "${job.name}"`);
    refusePayload(definition, job.data.payload);
    const attempt = job.attemptsMade + 1;
    const context = { log: log.child({ job: job.name, jobId: job.id, attempt }), attempt };
    await definition.run(definition.payload.parse(job.data.payload), context);
  }

  /** Says in BullMQ's words what is to become of a job that threw. */
  async function meet(error: unknown, job: PayloadJob, token?: string): Promise<never> {
    const fields = { job: job.name, jobId: job.id, attempt: job.attemptsMade + 1, err: error };
    if (error instanceof PlatformError && error.fate === 'wait') {
      const waitMs = error.waitMs ?? DEFAULT_WAIT_MS;
      log.info({ ...fields, err: undefined, waitMs, reason: error.message }, 'job waits for the platform');
      await job.moveToDelayed(Date.now() + waitMs, token);
      throw new DelayedError();
    }
    const hopeless =
      (error instanceof PlatformError && error.fate === 'give-up') ||
      (error instanceof AppError && error.code === 'job.payload');
    if (hopeless || job.attemptsMade + 1 >= attempts) log.error(fields, 'job failed for good');
    else log.warn(fields, 'job failed and is tried again');
    if (hopeless) throw new UnrecoverableError(messageOf(error));
    throw error;
  }

  async function close(withinMs: number): Promise<void> {
    closing = true;
    if (worker !== undefined) {
      await worker.pause(true);
      const deadline = Date.now() + withinMs;
      while (inHand.size > 0 && Date.now() < deadline) await sleep(10);
    }
    if (await within(LET_GO_MS, letGo())) return;
    log.warn('queue did not answer the good-bye');
    worker?.disconnect().catch(() => undefined);
  }

  async function letGo(): Promise<void> {
    if (worker !== undefined) {
      const late = inHand.size > 0;
      for (const [job, token] of inHand) await handBack(job, token);
      // With the jobs handed back, BullMQ must not wait for them either.
      if (late) await worker.getBackend().disconnectBlocking(true);
      await worker.close(late);
    }
    await queue.close();
  }

  async function handBack(job: PayloadJob, token: string | undefined): Promise<void> {
    try {
      await job.moveToWait(token);
      log.warn({ job: job.name, jobId: job.id }, 'job handed back unfinished');
    } catch (error) {
      // Another worker takes it over when its lock runs out.
      log.warn({ job: job.name, jobId: job.id, reason: messageOf(error) }, 'job could not be handed back');
    }
  }

  async function counts(): Promise<QueueCounts> {
    const found = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed');
    const of = (state: string): number => found[state] ?? 0;
    return {
      waiting: of('wait') + of('prioritized'),
      active: of('active'),
      delayed: of('delayed'),
      failed: of('failed'),
    };
  }

  async function isIdle(): Promise<boolean> {
    if (adding > 0) return false;
    const { waiting, active, delayed } = await counts();
    if (waiting + active > 0) return false;
    if (delayed === 0) return true;
    const soonest = await queue.getJobs(['delayed'], 0, 99, true);
    return !soonest.some((job) => dueAt(job) <= Date.now());
  }

  return {
    async enqueue(calls, enqueueOptions = {}) {
      const list: QueueCall[] = 'job' in calls ? [withId(calls, enqueueOptions.id)] : [...calls];
      const entries = list.map((call) => entry(call, enqueueOptions));
      const [only] = entries;
      // On PostgreSQL a set costs two temporary tables, some 20 ms; most calls are of one job.
      adding += 1;
      try {
        if (entries.length === 1 && only !== undefined) await queue.add(only.name, only.data, only.opts);
        else if (entries.length > 0) await queue.addBulk(entries);
      } finally {
        adding -= 1;
      }
    },
    async start() {
      if (worker !== undefined) {
        await worker.resume();
        return;
      }
      worker = backend.openWorker<Payload>('jobs', work, options.concurrency);
      await worker.waitUntilReady();
      worker.run().catch((error: unknown) => log.error({ reason: messageOf(error) }, 'worker stopped'));
    },
    async pause() {
      await worker?.pause(true);
    },
    close: ({ withinMs = 8_000 } = {}) => close(withinMs),
    async idle() {
      while (!(await isIdle())) await sleep(15);
    },
    isIdle,
    counts,
    kind: backend.kind,
    inside: queue as BullQueue<unknown>,
    async ready() {
      await queue.waitUntilReady();
      await worker?.waitUntilReady();
    },
  };
}

/** Throws AppError `job.payload` with the fields that do not fit, without their values. */
function refusePayload(job: QueueJob, payload: unknown): void {
  const checked = job.payload.safeParse(payload);
  if (checked.success) return;
  const wrong = checked.error.issues
    .map(({ path, code }) => `${path.join('.') || 'payload'}: ${code}`)
    .join('; ');
  throw new AppError('job.payload', `job "${job.name}" does not take this payload: ${wrong}`);
}

function withId(call: QueueCall, id: string | undefined): QueueCall {
  return id === undefined ? call : { ...call, id };
}

/** BullMQ refuses colons and bare numbers; ids of two jobs must not meet. */
function jobId(job: string, id: string): string {
  return `${job}/${id.replaceAll('%', '%25').replaceAll(':', '%3A')}`;
}

/** Early by the time the last attempt took, never late: BullMQ counts the delay from the end of the attempt. */
function dueAt(job: PayloadJob): number {
  return Math.max(job.timestamp, job.processedOn ?? 0) + job.delay;
}
