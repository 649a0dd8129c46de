import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { zonesAt } from '../directory/index.ts';
import { askHowItWas } from './trainings.after.ts';
import { newestOf, record } from './trainings.attend.ts';
import { seatFor } from './trainings.signup.ts';
import { type Deed, refuseUnopened, trainingById } from './trainings.store.ts';

/**
 * Notes down, or takes back, that somebody was there, with a reason; what was known before stays, and is named by the new
 * row. Rejects with AppError `training.not-attended` when there is nothing to take back, and when somebody would be
 * present in a draft or a cancelled class.
 */
export async function correctAttendance(
  tx: Db,
  trainingId: string,
  given: { employeeId: string; present: boolean; late: boolean; reason: string },
  { at, by }: Deed,
): Promise<'recorded' | 'corrected' | 'unchanged'> {
  const { employeeId, present, late, reason } = given;
  const training = await trainingById(tx, trainingId, { lock: true });
  if (present) refuseUnopened(training);
  const before = (await newestOf(tx, trainingId, [employeeId])).get(employeeId);
  if (before === undefined && !present)
    throw new AppError('training.not-attended', 'there is no attendance to take back');
  if (before !== undefined && before.present === present && before.late === late) return 'unchanged';
  if (present) await seatFor(tx, training, employeeId, { at, by });
  const moment = before?.at ?? startOr(training.startsAt, at);
  const zone = (await zonesAt(tx, [employeeId], moment)).get(employeeId) ?? training.zone;
  await record(tx, training, {
    employeeId,
    present,
    at: moment,
    day: localDay(moment, zone),
    late,
    minutes: before?.minutes ?? null,
    source: 'manual',
    grade: 'declared',
    by,
    reason,
    corrects: before?.id ?? null,
  });
  if (present && before?.present !== true && training.wrappedUpAt !== null)
    await askHowItWas(tx, training, [employeeId], at, false);
  return before === undefined ? 'recorded' : 'corrected';
}

/** The start of a class that has begun; before it, now. */
const startOr = (startsAt: Temporal.Instant, at: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(startsAt, at) <= 0 ? startsAt : at;
