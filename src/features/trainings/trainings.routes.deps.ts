import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Db } from '../../kernel/db.ts';
import type { Reading } from '../../kernel/reading.ts';
import type { Clock } from '../../kernel/time.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import type { Deed } from './trainings.store.ts';

export interface TrainingRoutesDeps extends TrainingDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  /** Lets the relay look at once. */
  nudge: () => void;
  /** Tells the queue about new schedules. */
  wake: () => Promise<void>;
}

/** A change with its line in the audit. */
export type Change = <Result>(
  request: FastifyRequest,
  action: string,
  subject: string,
  work: (tx: Db, deed: Deed) => Promise<Result>,
) => Promise<Result>;

export const tags = ['trainings'];
export const byId = z.object({ id: z.uuid() });
