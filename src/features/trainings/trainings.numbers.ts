import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';

export interface TrainingNumbers {
  /** Open classes that are not over. */
  coming: number;
  signedUp: number;
  waiting: number;
  /** Who is known to have been there, of all classes; corrected ones as corrected. */
  present: number;
}

/** What the metrics say of trainings. */
export async function trainingNumbers(tx: Db, now: string): Promise<TrainingNumbers> {
  const { rows } = await tx.execute<TrainingNumbers & Record<string, unknown>>(sql`
    with coming as (select id from trainings where state = 'open' and ends_at > ${now}::timestamptz)
    select (select count(*)::int from coming) as coming,
      (select count(*)::int from training_signups where state = 'in' and training_id in (select id from coming)) as "signedUp",
      (select count(*)::int from training_signups where state = 'waiting' and training_id in (select id from coming)) as waiting,
      (select count(*)::int from training_attendance a where present
        and not exists (select 1 from training_attendance b where b.corrects = a.id)) as present`);
  return rows[0] as TrainingNumbers;
}
