import { Cron } from 'croner';
import { AppError, messageOf } from '../kernel/errors.ts';
import { isZone, Temporal } from '../kernel/time.ts';

/** Times on the wall clock of a zone: five cron fields and an IANA name. */
export interface CronRule {
  cron: string;
  zone: string;
}

/** Throws AppError `schedule.invalid` when the fields or the zone cannot be read. */
export function checkCron({ cron, zone }: CronRule): void {
  if (cron.trim().split(/\s+/).length !== 5) {
    throw new AppError('schedule.invalid', `cron "${cron}" must have five fields`);
  }
  if (!isZone(zone)) throw new AppError('schedule.invalid', `"${zone}" is not a time zone`);
  try {
    new Cron(cron, { mode: '5-part', timezone: 'UTC' });
  } catch (error) {
    throw new AppError('schedule.invalid', `cron "${cron}" cannot be read: ${messageOf(error)}`);
  }
}

/**
 * The first slot later than `after`, or undefined when there is none (`0 0 30 2 *`).
 *
 * A slot is a time on the wall clock. One that a clock change skips comes as much later as the clock jumped
 * (02:30 becomes 03:30); one that the clock shows twice counts the first time. Only a rule for every hour
 * (`*` as its second field) fires in both of the repeated hours, so that what runs every five minutes does not
 * rest for an hour.
 */
export function nextSlot(rule: CronRule, after: Temporal.Instant): Temporal.Instant | undefined {
  const key = `${rule.zone} ${rule.cron} ${after.epochNanoseconds}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  const everyHour = rule.cron.trim().split(/\s+/)[1] === '*';
  const next = everyHour ? nextEveryHour(rule, after) : nextOnTheWall(rule, after);
  if (answers.size >= 5_000) answers.clear();
  if (next !== undefined) answers.set(key, next);
  return next;
}

/** Thousands of schedules of one campaign ask the same question in the same minute. */
const answers = new Map<string, Temporal.Instant>();

/** Croner knows this case well: it follows the zone's clock hour by hour. */
function nextEveryHour(rule: CronRule, after: Temporal.Instant): Temporal.Instant | undefined {
  const next = cronOf(rule.cron, rule.zone).nextRun(new Date(after.epochMilliseconds));
  return next === null ? undefined : Temporal.Instant.fromEpochMilliseconds(next.getTime());
}

/** Croner finds the wall times, as if the zone were UTC; Temporal says when each of them is. */
function nextOnTheWall(rule: CronRule, after: Temporal.Instant): Temporal.Instant | undefined {
  const cron = cronOf(rule.cron, 'UTC');
  let wall = startOfSearch(after, rule.zone);
  let best: Temporal.Instant | undefined;
  for (;;) {
    const next = cron.nextRun(new Date(wall.toZonedDateTime('UTC').epochMilliseconds));
    if (next === null) return best;
    wall = Temporal.Instant.fromEpochMilliseconds(next.getTime()).toZonedDateTimeISO('UTC').toPlainDateTime();
    // Slots rise with their wall times, except that one moved out of a skipped hour may pass its successors.
    if (best !== undefined && Temporal.PlainDateTime.compare(wall, wallOf(best, rule.zone)) >= 0) return best;
    const slot = wall.toZonedDateTime(rule.zone, { disambiguation: 'compatible' }).toInstant();
    if (Temporal.Instant.compare(slot, after) <= 0) continue;
    if (best === undefined || Temporal.Instant.compare(slot, best) < 0) best = slot;
    if (wall.equals(wallOf(best, rule.zone))) return best;
  }
}

/** No wall time earlier than this has its slot after `after`. */
function startOfSearch(after: Temporal.Instant, zone: string): Temporal.PlainDateTime {
  const wall = wallOf(after, zone);
  const jumped = offsetOf(after, zone) - offsetOf(after.subtract({ hours: 25 }), zone);
  return jumped > 0 ? wall.subtract({ nanoseconds: jumped }) : wall;
}

function wallOf(instant: Temporal.Instant, zone: string): Temporal.PlainDateTime {
  return instant.toZonedDateTimeISO(zone).toPlainDateTime();
}

function offsetOf(instant: Temporal.Instant, zone: string): number {
  return instant.toZonedDateTimeISO(zone).offsetNanoseconds;
}

const parsed = new Map<string, Cron>();

/** Reading a pattern costs more than asking it: a campaign asks the same few thousands of times. */
function cronOf(cron: string, timezone: string): Cron {
  const key = `${timezone} ${cron}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  if (parsed.size >= 1_000) parsed.clear();
  const fresh = new Cron(cron, { mode: '5-part', timezone });
  parsed.set(key, fresh);
  return fresh;
}
