import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { SendResult } from '../chat/adapter.ts';
import { PlatformError } from '../kernel/errors.ts';
import { defineJob, type QueueJob } from '../kernel/jobs.ts';
import type { Log } from '../kernel/log.ts';
import { closeCall, giveBack, keepForRepeat, refuseAll } from './after-call.ts';
import { noteFailure, noteSuccess, noteThrottle } from './health.ts';
import { answered, wallSince } from './meter.ts';
import { type NextCall, nextCall } from './next-call.ts';
import type { SenderDeps } from './sender-deps.ts';

type Call = Extract<NextCall, { kind: 'call' }>;
type Wait = Extract<NextCall, { kind: 'wait' }>;

/** A job waits so long for its turn by itself; for longer ones it goes back, so that others may work. */
const LONGEST_WAIT_MS = 2_000;

/**
 * The job that sends one batch: usually one call, for answers one after the other. Before each call everything is
 * looked at anew: stops, expiry, who has acted, the quotas. The rows say how far it got, so it bears being run again,
 * also while the first run is still at it.
 */
export function sendJob(deps: SenderDeps): QueueJob<{ batchId: string }> {
  return defineJob({
    name: 'outbox.send',
    payload: z.object({ batchId: z.uuid() }),
    run: async ({ batchId }, { log }) => {
      try {
        for (;;) {
          const next = await nextCall(deps, batchId);
          if (next.kind === 'done') return;
          if (next.kind === 'call') await makeCall(deps, next, log);
          else if (next.ms <= LONGEST_WAIT_MS) await sleep(next.ms);
          else if (await giveBack(deps, batchId, next)) return;
          else throw waitingFor(next);
        }
      } finally {
        deps.nudge?.();
      }
    },
  });
}

function waitingFor({ ms, why, channel }: Wait): PlatformError {
  return new PlatformError({ platform: channel, call: 'send', platformCode: why, fate: 'wait', waitMs: ms });
}

async function makeCall(deps: SenderDeps, call: Call, log: Log): Promise<void> {
  const { adapter, way, dispatches, permit } = call;
  let results: SendResult[];
  let atMs: number;
  try {
    results = await adapter.send(dispatches, way.name);
    atMs = wallSince(permit);
  } catch (error) {
    atMs = wallSince(permit);
    if (!(error instanceof PlatformError)) {
      // Our own fault, and nobody knows how far it came.
      await keepForRepeat(deps, call, { mayHaveArrived: true });
      throw error;
    }
    log.warn(
      { platform: error.platform, call: error.call, code: error.platformCode, fate: error.fate },
      'send failed',
    );
    await meet(deps, call, error, atMs);
    return;
  }
  await closeCall(deps, call, { results, atMs });
  if (call.unwell) await noteSuccess(deps.db, adapter);
  for (const { kind } of results) deps.count?.(adapter.channel, kind, 1);
}

/** What becomes of a call that failed as a whole. Throws what the queue is to try again. */
async function meet(deps: SenderDeps, call: Call, error: PlatformError, atMs: number): Promise<void> {
  const { adapter, way, permit } = call;
  // A call that nobody received has used nothing up.
  const unused = !error.unanswered && isUnsent(error);
  await answered(deps.db, permit, { clock: deps.clock, atMs, unused });
  if (error.unanswered) {
    await noteFailure(deps.db, adapter, error.platformCode);
    if (!way.repeatsSafely) {
      await closeCall(deps, call, { results: [], lostReason: error.platformCode });
      deps.count?.(adapter.channel, 'unknown', call.rows.length);
      return;
    }
    await keepForRepeat(deps, call, { mayHaveArrived: true });
    throw error;
  }
  if (error.fate === 'give-up') {
    await refuseAll(deps, call, error.platformCode);
    deps.count?.(adapter.channel, 'refused', call.rows.length);
    return;
  }
  if (error.fate === 'wait') await noteThrottle(deps.db, adapter, error.waitMs ?? 1_000, error.platformCode);
  else await noteFailure(deps.db, adapter, error.platformCode);
  const over = await keepForRepeat(deps, call, {
    mayHaveArrived: false,
    isAttempt: error.fate === 'retry' && !isUnsent(error),
  });
  if (over) await refuseAll(deps, call, error.platformCode);
  else throw error;
}

/** Codes of calls that never left this machine; see `callPlatform`. */
function isUnsent({ platformCode }: PlatformError): boolean {
  return /^(E[A-Z]+|UND_ERR_CONNECT_TIMEOUT)$/.test(platformCode);
}
