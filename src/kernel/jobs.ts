import type { z } from 'zod';
import type { Db } from './db.ts';
import type { Log } from './log.ts';
import type { Temporal } from './time.ts';

/** A job by name with its payload, ready to be queued or written into a schedule row. */
export interface JobCall {
  job: string;
  payload: unknown;
}

/** Work that a queue hands to one worker, at least once. Whatever it does must bear a repeat. */
export interface QueueJob<Payload = unknown> {
  kind: 'queue';
  name: string;
  payload: z.ZodType<Payload>;
  run(payload: Payload, context: { log: Log; attempt: number }): Promise<void>;
  with(payload: Payload): JobCall;
}

/**
 * Work that a schedule fires. It runs in the transaction that claims the slot, so what it writes exists exactly
 * once for each slot; it must therefore only write to the database (a message goes to the outbox).
 */
export interface ScheduledJob<Payload = unknown> {
  kind: 'scheduled';
  name: string;
  payload: z.ZodType<Payload>;
  run(tx: Db, payload: Payload, context: SlotContext): Promise<SlotOutcome>;
  with(payload: Payload): JobCall;
}

export interface SlotContext {
  /** When the work was due; `now` may be later. */
  slot: Temporal.Instant;
  now: Temporal.Instant;
  log: Log;
}

/** What became of a slot: `skipped` is kept with its reason, a short code such as `day-off`. */
export type SlotOutcome = { kind: 'fired' } | { kind: 'skipped'; reason: string };

/** Names use dots (`notices.remind`): BullMQ refuses colons. */
export function defineJob<Payload>(definition: Omit<QueueJob<Payload>, 'with' | 'kind'>): QueueJob<Payload> {
  return { ...definition, kind: 'queue', with: (payload) => ({ job: definition.name, payload }) };
}

export function defineScheduledJob<Payload>(
  definition: Omit<ScheduledJob<Payload>, 'with' | 'kind'>,
): ScheduledJob<Payload> {
  return { ...definition, kind: 'scheduled', with: (payload) => ({ job: definition.name, payload }) };
}
