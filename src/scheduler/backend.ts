import type { EventEmitter } from 'node:events';
import {
  createPostgresBackend,
  type IQueueBackend,
  type JobProgress,
  type Processor,
  Queue,
  Worker,
  withBackend,
} from 'bullmq';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { type RedisSpread, redisClient } from './redis-client.ts';

export type BullQueue<Data> = Queue<Data, void, string, Data, void, string, IQueueBackend, unknown>;
export type BullWorker<Data> = Worker<Data, void, string, IQueueBackend, JobProgress, unknown>;

/** Where BullMQ keeps its jobs. Nothing outside this file knows which of the two it is. */
export interface QueueBackend {
  kind: 'postgres' | 'redis';
  openQueue<Data>(name: string): BullQueue<Data>;
  /** The worker takes nothing before `run()` is called. */
  openWorker<Data>(name: string, run: Processor<Data, void>, concurrency: number): BullWorker<Data>;
  /** Close the queues and workers first. */
  close(): Promise<void>;
}

export interface QueueBackendOptions {
  databaseUrl: string;
  /** `redis://` or `rediss://`. With it Redis carries the queues, without it PostgreSQL does. */
  redisUrl?: string | undefined;
  /** Sentinels or a cluster that stand for the server in `redisUrl`. */
  redisSpread?: RedisSpread;
  /** The PostgreSQL schema, or the prefix of the Redis keys. Two installations on one server need two names. */
  namespace?: string;
  log: Log;
}

export function queueBackend(options: QueueBackendOptions): QueueBackend {
  const namespace = options.namespace ?? 'bullmq';
  return options.redisUrl === undefined
    ? onPostgres(options.databaseUrl, namespace, options.log)
    : onRedis(options.redisUrl, options.redisSpread ?? {}, namespace, options.log);
}

/**
 * A worker that was killed loses its jobs to another one within 10 to 20 seconds; a job that has killed five of
 * them fails. After a lost connection a worker tries again every second.
 */
const WORKING = {
  autorun: false,
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 5,
  runRetryDelay: 1_000,
};

/** Events are kept for nobody: no part of the product listens to BullMQ's event stream. */
const FEW_EVENTS = { events: { maxLen: 100 } };

function onPostgres(databaseUrl: string, schema: string, log: Log): QueueBackend {
  const bull = withBackend(createPostgresBackend);
  const connection = (max: number) => ({ connectionString: databaseUrl, schema, migrate: true, max });
  return {
    kind: 'postgres',
    openQueue<Data>(name: string) {
      const queue = new bull.Queue<Data, void>(name, {
        streams: FEW_EVENTS,
        connection: connection(2),
      });
      listenForErrors(queue, name, log);
      return queue as unknown as BullQueue<Data>;
    },
    openWorker<Data>(name: string, run: Processor<Data, void>, concurrency: number) {
      // One connection more than `max` listens for new jobs.
      const worker = new bull.Worker<Data, void>(name, run, {
        ...WORKING,
        concurrency,
        connection: connection(Math.min(4, concurrency)),
      });
      listenForErrors(worker, name, log);
      return worker as unknown as BullWorker<Data>;
    },
    close: () => Promise.resolve(),
  };
}

function onRedis(redisUrl: string, spread: RedisSpread, namespace: string, log: Log): QueueBackend {
  // Braces keep all keys of a queue in one slot of a cluster.
  const prefix = `{${namespace}}`;
  // Whoever adds a job wants to hear soon that Redis is away; a worker rather waits until it is back.
  const closing = new AbortController();
  const client = (maxRetriesPerRequest: number | null) =>
    redisClient({ url: redisUrl, spread, maxRetriesPerRequest, log, closing: closing.signal });
  const forQueues = client(3);
  const forWorkers = client(null);
  return {
    kind: 'redis',
    openQueue<Data>(name: string) {
      const queue = new Queue<Data, void>(name, {
        prefix,
        streams: FEW_EVENTS,
        connection: forQueues,
      });
      listenForErrors(queue, name, log);
      return queue as unknown as BullQueue<Data>;
    },
    openWorker<Data>(name: string, run: Processor<Data, void>, concurrency: number) {
      const worker = new Worker<Data, void>(name, run, {
        ...WORKING,
        concurrency,
        prefix,
        connection: forWorkers,
      });
      listenForErrors(worker, name, log);
      return worker as unknown as BullWorker<Data>;
    },
    close() {
      closing.abort();
      forQueues.disconnect();
      forWorkers.disconnect();
      return Promise.resolve();
    },
  };
}

/** BullMQ throws an `error` event that nobody listens to; a lost connection must not end the process. */
function listenForErrors(source: EventEmitter, name: string, log: Log): void {
  source.on('error', (error: unknown) => {
    log.warn({ queue: name, reason: messageOf(error) }, 'queue reported an error');
  });
}
