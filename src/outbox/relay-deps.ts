import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Card } from '../chat/message.ts';
import type { Db } from '../kernel/db.ts';
import type { JobCall } from '../kernel/jobs.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import type { SiftDeps } from './sift.ts';

/** Takes batches to whoever sends them; the same id twice while the first is pending is one job. */
export type EnqueueBatches = (
  calls: readonly (JobCall & { id: string })[],
  options: { priority: 'answer' | 'campaign' },
) => Promise<void>;

/** A line of a digest: what was held back, shortest first words. */
export interface DigestItem {
  messageId: string;
  title: string;
}

/** Puts what people missed into a card each, in their language. */
export type DigestCards = (
  tx: Db,
  people: ReadonlyMap<string, readonly DigestItem[]>,
) => Promise<ReadonlyMap<string, Card>>;

export interface RelayDeps extends SiftDeps {
  db: Db;
  clock: Clock;
  log: Log;
  enqueue: EnqueueBatches;
  send: (batchId: string) => JobCall;
  /** The channels that this process serves. */
  adapters: readonly ChannelAdapter[];
  digestCards: DigestCards;
}
