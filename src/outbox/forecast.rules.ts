import type { Quota } from '../chat/quota.ts';
import { Temporal } from '../kernel/time.ts';
import { accountQuotas, allowed, amountOf, calendarEnd } from './quota.rules.ts';

/** What is to be sent by one way of one channel. */
export interface Load {
  way: string;
  calls: number;
  recipients: number;
}

/** What is left of a quota now, in what it counts. */
export type Left = (quota: Quota) => number;

export type Forecast =
  | { kind: 'finishes'; at: Temporal.Instant; slowest: string | undefined }
  /** `at` is the moment at which it would finish, where there is one. */
  | {
      kind: 'refused';
      quota: string;
      reason: 'month-used-up' | 'after-deadline' | 'call-too-large';
      at?: Temporal.Instant;
    };

/**
 * When the last call leaves, by the documented quotas and what is left of them, if nothing else is sent. Refuses what
 * cannot be finished before `deadline`, or not within this month where the platform counts by the month.
 */
export function forecast(
  load: Load,
  quotas: readonly Quota[],
  left: Left,
  now: Temporal.Instant,
  deadline?: Temporal.Instant,
): Forecast {
  let at = now;
  let slowest: string | undefined;
  if (load.calls === 0) return { kind: 'finishes', at, slowest };
  for (const quota of accountQuotas(quotas, load.way)) {
    const amount = amountOf(quota, load);
    const aCall = Math.ceil(amount / load.calls);
    if (aCall > allowed(quota, false))
      return { kind: 'refused', quota: quota.name, reason: 'call-too-large' };
    if ('calendar' in quota.window && quota.window.calendar === 'month' && amount > left(quota))
      return {
        kind: 'refused',
        quota: quota.name,
        reason: 'month-used-up',
        at: calendarEnd(quota.window, now),
      };
    const finish = lastCall(quota, amount, left(quota), now);
    if (Temporal.Instant.compare(finish, at) > 0) {
      at = finish;
      slowest = quota.name;
    }
  }
  if (deadline !== undefined && Temporal.Instant.compare(at, deadline) > 0)
    return { kind: 'refused', quota: slowest ?? '', reason: 'after-deadline', at };
  return { kind: 'finishes', at, slowest };
}

/** When the last of `amount` may leave by this quota alone. */
function lastCall(quota: Quota, amount: number, left: number, now: Temporal.Instant): Temporal.Instant {
  const windows = Math.ceil((amount - left) / allowed(quota, false));
  if (windows <= 0) return now;
  if ('seconds' in quota.window) return now.add({ milliseconds: windows * quota.window.seconds * 1000 });
  let at = now;
  for (let n = 0; n < windows; n += 1) at = calendarEnd(quota.window, at);
  return at;
}

/** The fewest calls that reach this many recipients. */
export function fewestCalls(recipients: number, perCall: number): number {
  return Math.ceil(recipients / perCall);
}
