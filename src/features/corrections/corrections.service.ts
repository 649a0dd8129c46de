import { sql } from 'drizzle-orm';
import { oneAtATime } from '../../chat/one-at-a-time.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { isoOf, type Temporal } from '../../kernel/time.ts';
import { refreshStreaks } from '../checkins/index.ts';
import type { CorrectionCause } from '../performance/performance.schema.ts';

/** What somebody decided about one of a person's days. */
export interface Correction {
  campaignId: string;
  employeeId: string;
  day: Temporal.PlainDate;
  effect: 'counts' | 'does-not-count';
  cause: CorrectionCause;
  /** The make-up, the appeal or the decision that it follows from. */
  causeId: string;
  reason: string;
  by: string;
  at: Temporal.Instant;
}

/**
 * Appends corrections, each of which names the row that held for its day before, and brings the streaks in line, in
 * the caller's transaction. Answers their ids, in order.
 */
export async function correct(tx: Db, corrections: readonly Correction[]): Promise<string[]> {
  if (corrections.length === 0) return [];
  const people = [...new Set(corrections.map(({ employeeId }) => employeeId))];
  await oneAtATime(tx, people);
  const ids: string[] = [];
  for (const one of corrections) {
    const id = newId();
    // The id decides which correction holds, so it is taken while nobody else writes for this person.
    await tx.execute(sql`
      insert into day_corrections (id, campaign_id, employee_id, day, effect, cause, cause_id, corrects, reason, by, at)
      select ${id}, ${one.campaignId}, ${one.employeeId}, ${one.day.toString()}, ${one.effect}, ${one.cause},
             ${one.causeId}, (
               select k.id from day_corrections k
               where k.campaign_id = ${one.campaignId} and k.employee_id = ${one.employeeId} and k.day = ${one.day.toString()}
               order by k.id desc limit 1
             ), ${one.reason}, ${one.by}, ${isoOf(one.at)}`);
    ids.push(id);
  }
  for (const one of corrections) {
    await refreshStreaks(tx, { employeeIds: [one.employeeId], from: one.day, to: one.day, at: one.at });
  }
  return ids;
}
