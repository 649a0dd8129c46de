import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { COPIES } from './privacy.chat.ts';
import { retentionRuns } from './privacy.tables.ts';

/** How many days each class of data is kept. Evidence that decides about pay is not among them: it is never deleted. */
export interface Retention {
  /** What became of messages to people. */
  deliveries: number;
  /** Buttons of other people's cards that were pressed. */
  foreignTaps: number;
  /** The health record. */
  health: number;
  /** Answered requests about personal data. */
  dataRequests: number;
  /** Files with a copy of somebody's own data. */
  dataCopies: number;
}

const deletions: Record<Exclude<keyof Retention, 'dataCopies'>, (before: SQL) => SQL> = {
  deliveries: (before) => sql`
    delete from deliveries where planned_at < ${before} and state not in ('planned', 'held', 'queued', 'sending')`,
  foreignTaps: (before) => sql`delete from foreign_taps where at < ${before}`,
  health: (before) => sql`delete from health_minutes where minute < ${before}`,
  dataRequests: (before) => sql`delete from data_requests where answered_at < ${before}`,
};

/**
 * Deletes what is older than its class is kept, and writes a row of proof for each class, also for nothing. Once a day
 * for the fleet: whoever comes second that day finds it done.
 */
export async function cleanUp(
  db: Db,
  {
    retention,
    fileRoot,
    zone,
    now,
  }: { retention: Retention; fileRoot: string; zone: string; now: Temporal.Instant },
): Promise<number> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtext('privacy.retention')) as mine`,
    );
    const today = localDay(now, zone);
    const { rows: last } = await tx.execute<{ at: string | null }>(
      sql`select max(at at time zone ${zone})::date::text as at from retention_runs`,
    );
    if (rows[0]?.mine !== true || last[0]?.at === today.toString()) return 0;
    let deleted = 0;
    for (const [name, keepDays] of Object.entries(retention) as [keyof Retention, number][]) {
      const olderThan = now.subtract({ hours: 24 * keepDays });
      const n =
        name === 'dataCopies'
          ? await removeCopies(join(fileRoot, COPIES), olderThan)
          : ((await tx.execute(deletions[name](sql`${olderThan.toString()}::timestamptz`))).rowCount ?? 0);
      await tx
        .insert(retentionRuns)
        .values({ id: newId(), class: name, keepDays, olderThan, deleted: n, at: now });
      deleted += n;
    }
    return deleted;
  });
}

async function removeCopies(folder: string, olderThan: Temporal.Instant): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const { mtimeMs } = await stat(join(folder, name));
    if (mtimeMs >= olderThan.epochMilliseconds) continue;
    await rm(join(folder, name), { force: true });
    removed += 1;
  }
  return removed;
}
