import { and, eq, gt, isNull, or } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { zonesInUse } from '../directory/index.ts';
import type { TrainingDeps, TrainingSchedule } from './trainings.deps.ts';
import { afterClass, remindPeople } from './trainings.jobs.ts';
import { isOfDays, reminderAt } from './trainings.rules.ts';
import type { Training } from './trainings.store.ts';
import { trainings } from './trainings.tables.ts';

/** After the last person has gone, and the last tap has come in. */
const AFTER_MINUTES = 5;

/**
 * What a class wants to happen when: each reminder, those of days once a zone, and what follows the class. Putting the
 * same again changes nothing; whatever no longer makes sense when it is due is recorded as skipped, with the reason.
 */
export function schedulesOf(training: Training, zones: readonly string[]): TrainingSchedule[] {
  const { id, startsAt, endsAt } = training;
  const reminders = training.reminders.flatMap((step) =>
    (isOfDays(step) ? zones : ['']).map((zone) => {
      const at = reminderAt(step, startsAt, zone === '' ? 'UTC' : zone);
      return {
        key: `trainings.remind:${id}:${step}${zone === '' ? '' : `:${zone}`}`,
        call: remindPeople.with({ trainingId: id, step, zone }),
        at,
        // Later than this it has begun.
        lateMinutes: Math.max(1, Math.floor(at.until(startsAt).total('minutes'))),
      };
    }),
  );
  const after = {
    key: `trainings.after:${id}`,
    call: afterClass.with({ trainingId: id }),
    at: endsAt.add({ minutes: AFTER_MINUTES }),
  };
  return [...reminders, after];
}

/** The schedules of everything that is still to come or to be wrapped up; people may have come from new zones. */
export async function trainingSchedules(tx: Db, now: Temporal.Instant): Promise<TrainingSchedule[]> {
  const open = await tx
    .select()
    .from(trainings)
    .where(and(eq(trainings.state, 'open'), or(gt(trainings.endsAt, now), isNull(trainings.wrappedUpAt))));
  if (open.length === 0) return [];
  const zones = await zonesInUse(tx);
  return open.flatMap((training) => schedulesOf(training, zones));
}

export async function putSchedules(
  tx: Db,
  { later }: Pick<TrainingDeps, 'later'>,
  training: Training,
): Promise<void> {
  for (const schedule of schedulesOf(training, await zonesInUse(tx))) await later(tx, schedule);
}
