import { z } from 'zod';
import { card } from '../../chat/message.ts';
import { defineScheduledJob } from '../../kernel/jobs.ts';
import { Temporal } from '../../kernel/time.ts';
import { wrapUp } from './trainings.after.ts';
import { startInWords } from './trainings.calendar.ts';
import { noteCard } from './trainings.cards.ts';
import { lastStep, reminderEnds, whyNotRemind } from './trainings.rules.ts';
import { signupsOf, type Training, trainingById } from './trainings.store.ts';
import { readersOf, stopKeyOf, type Told, tellAll } from './trainings.tell.ts';
import { text } from './trainings.text.ts';

/**
 * Reminds those who are in, and live in this zone (an empty one: everybody). The last reminder passes quiet hours; one
 * whose class has begun, or that something newer has overtaken, is skipped with its reason.
 */
export const remindPeople = defineScheduledJob({
  name: 'trainings.remind',
  payload: z.object({ trainingId: z.uuid(), step: z.string(), zone: z.string() }),
  async run(tx, { trainingId, step, zone }, { slot, now }) {
    // Whoever moves the class, or gives a seat back, withdraws what they find promised: they come before this or after.
    const training = await trainingById(tx, trainingId, { lock: true });
    const where = zone === '' ? 'UTC' : zone;
    const reason = whyNotRemind(training, { step, zone: where, slot, now });
    if (reason !== undefined) return { kind: 'skipped', reason };
    const seated = (await signupsOf(tx, trainingId, ['in'])).map(({ employeeId }) => employeeId);
    const readers = (await readersOf(tx, seated, now)).filter((one) => zone === '' || one.zone === zone);
    if (readers.length === 0) return { kind: 'skipped', reason: 'nobody' };
    const passes = step === lastStep(training.reminders);
    const telling = {
      purpose: 'trainings.reminder',
      at: now,
      passes,
      importance: 8,
      expiresAt: reminderEnds(training, step, where),
      stopKey: stopKeyOf(training),
    };
    await tellAll(tx, readers, telling, (reader) => [card(reminderCard(training, reader, now, passes))]);
    return { kind: 'fired' };
  },
});

function reminderCard(training: Training, reader: Told, now: Temporal.Instant, passes: boolean) {
  const t = text[reader.locale];
  const minutes = Math.max(1, Math.round(now.until(training.startsAt).total('minutes')));
  const body = t.remindBody(
    passes && minutes < SOON_MINUTES ? soonInWords(minutes, reader.locale) : startInWords(training, reader),
  );
  return noteCard(training, reader, { title: t.remindTitle(training.title), tone: 'warm', body });
}

/** What may wait for a decent hour must not say "tomorrow": it names the day. */
const SOON_MINUTES = 12 * 60;

function soonInWords(minutes: number, locale: Told['locale']): string {
  const t = text[locale].remindIn;
  return minutes < 90 && minutes !== 60 ? t.minutes(minutes) : t.hours(Math.round(minutes / 60));
}

/** After a class: the card that asks how it was, the quiz, the recording for whoever was absent. */
export const afterClass = defineScheduledJob({
  name: 'trainings.after',
  payload: z.object({ trainingId: z.uuid() }),
  async run(tx, { trainingId }, { now, log }) {
    const training = await trainingById(tx, trainingId, { lock: true });
    if (training.state !== 'open') return { kind: 'skipped', reason: 'cancelled' };
    if (Temporal.Instant.compare(now, training.endsAt) < 0) return { kind: 'skipped', reason: 'moved' };
    if (training.wrappedUpAt !== null) return { kind: 'skipped', reason: 'done' };
    await wrapUp(tx, training, now, log);
    return { kind: 'fired' };
  },
});
