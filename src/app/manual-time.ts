import { eq } from 'drizzle-orm';
import { manualClockRow } from '../kernel/clock.tables.ts';
import type { Db } from '../kernel/db.ts';
import { type ManualClock, manualClock, Temporal } from '../kernel/time.ts';

const ONLY_ROW = 1;

/** The manual clock as the database left it, so that a restart goes on from there; else at `startAt`, else now. */
export async function restoreManualClock(
  db: Db,
  startAt: Temporal.Instant | undefined,
): Promise<ManualClock> {
  const [kept] = await db.select().from(manualClockRow).where(eq(manualClockRow.id, ONLY_ROW));
  return manualClock(kept?.now ?? startAt ?? Temporal.Now.instant());
}

export async function keepManualClock(db: Db, now: Temporal.Instant): Promise<void> {
  await db
    .insert(manualClockRow)
    .values({ id: ONLY_ROW, now })
    .onConflictDoUpdate({ target: manualClockRow.id, set: { now } });
}
