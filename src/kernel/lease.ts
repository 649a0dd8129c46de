import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db } from './db.ts';
import { messageOf } from './errors.ts';
import type { Log } from './log.ts';

export interface Lease {
  /** Gives it back, so that another process need not wait for its end. Resolves when the work has stopped. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  db: Db;
  log: Log;
  /** The same name in all processes that compete. */
  name: string;
  /** How long a dead owner keeps the others waiting. Renewed after a third of it. */
  ttlMs?: number;
  /**
   * What the owner does. Called when the lease is gained, again each time; `lost` aborts when it is lost or released,
   * and the work must then stop at once. When it resolves or rejects by itself, the lease is given back and asked for
   * again.
   */
  work: (lost: AbortSignal) => Promise<void>;
}

/**
 * Competes for a lease until released. One process at a time does `work`: an owner that cannot renew in time stops
 * before another may begin, by the database's clock.
 */
export function holdLease({ db, log, name, ttlMs = 15_000, work }: LeaseOptions): Lease {
  const owner = randomUUID();
  let released = false;
  let timer: NodeJS.Timeout | undefined;
  let at: { stop: AbortController; done: Promise<void>; renewedAt: number } | undefined;

  async function take(): Promise<boolean> {
    const { rows } = await db.execute(sql`
      insert into leases (name, owner, until) values (${name}, ${owner}, now() + ${ttlMs} * interval '1 millisecond')
      on conflict (name) do update set owner = excluded.owner, until = excluded.until
        where leases.owner = excluded.owner or leases.until < now()
      returning 1`);
    return rows.length > 0;
  }

  async function giveBack(): Promise<void> {
    await db.execute(sql`delete from leases where name = ${name} and owner = ${owner}`);
  }

  function begin(asked: number): void {
    const stop = new AbortController();
    const done = work(stop.signal)
      .catch((error: unknown) =>
        log.warn({ lease: name, reason: messageOf(error) }, 'work under a lease failed'),
      )
      .then(async () => {
        at = undefined;
        if (!stop.signal.aborted) await giveBack().catch(() => undefined);
      });
    at = { stop, done, renewedAt: asked };
  }

  async function tick(): Promise<void> {
    const asked = performance.now();
    try {
      const ours = await take();
      if (released) return;
      if (ours && at === undefined) begin(asked);
      else if (ours && at !== undefined) at.renewedAt = asked;
      else at?.stop.abort();
    } catch (error) {
      log.warn({ lease: name, reason: messageOf(error) }, 'lease could not be renewed');
    }
  }

  /** A renewal that hangs must not keep us working into somebody else's time. */
  const guard = setInterval(() => {
    if (at !== undefined && performance.now() - at.renewedAt > ttlMs * 0.8) at.stop.abort();
  }, ttlMs / 10);
  guard.unref();

  async function rounds(): Promise<void> {
    await tick();
    if (released) return;
    timer = setTimeout(() => {
      round = rounds();
    }, ttlMs / 3).unref();
  }
  let round = rounds();

  return {
    async release() {
      released = true;
      clearTimeout(timer);
      clearInterval(guard);
      await round;
      at?.stop.abort();
      await at?.done;
      await giveBack().catch(() => undefined);
    },
  };
}
