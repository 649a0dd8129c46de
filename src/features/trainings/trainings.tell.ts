import { sql } from 'drizzle-orm';
import { type Locale, localeOf } from '../../chat/locale.ts';
import { card, type Message } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type Promised, promiseAll, withdraw } from '../../outbox/outbox.ts';
import { employees } from '../directory/directory.tables.ts';
import { type Address, reachable, zonesAt } from '../directory/index.ts';
import { calendarMessage, whenInWords } from './trainings.calendar.ts';
import { noteCard } from './trainings.cards.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { overlaps } from './trainings.rules.ts';
import { mine, type Signup, type Training } from './trainings.store.ts';
import { text } from './trainings.text.ts';

type Needs = Pick<TrainingDeps, 'fileRoot' | 'secretKey' | 'publicUrl'>;

export interface Told {
  employeeId: string;
  locale: Locale;
  zone: string;
  address: Address | undefined;
}

/** These people with their language, where they are, and how they are reached. */
export async function readersOf(tx: Db, ids: readonly string[], at: Temporal.Instant): Promise<Told[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .select({ id: employees.id, locale: employees.locale })
    .from(employees)
    .where(sql`${employees.id} = any(${sql.param([...ids])}::uuid[])`)
    .orderBy(employees.number);
  const zones = await zonesAt(tx, ids, at);
  const addresses = await reachable(tx, ids);
  return rows.map(({ id, locale }) => ({
    employeeId: id,
    locale: localeOf(locale),
    zone: zones.get(id) ?? 'UTC',
    address: addresses.get(id),
  }));
}

export const stopKeyOf = (training: Pick<Training, 'id'>): string => `training:${training.id}`;

interface Telling {
  purpose: string;
  at: Temporal.Instant;
  /** What follows from a person's own sign-up and does not wait; else it keeps quiet hours and budget. */
  passes: boolean;
  importance?: number;
  expiresAt?: Temporal.Instant;
  stopKey?: string;
}

/** Promises each of these people messages; those who read the same words share one. */
export async function tellAll(
  tx: Db,
  people: readonly Told[],
  { passes, ...telling }: Telling,
  contentsFor: (reader: Told) => Message[],
): Promise<void> {
  const alike = groupBy(
    people.map((reader) => ({ reader, contents: contentsFor(reader) })),
    ({ contents }) => JSON.stringify(contents),
  );
  const promised = [...alike.values()].flatMap((same) =>
    (same[0]?.contents ?? []).map(
      (content): Promised => ({
        ...telling,
        content,
        ...(passes
          ? { priority: 'urgent', passReason: text['zh-CN'].passReason }
          : { priority: 'campaign' as const }),
        recipients: same.map(({ reader: { employeeId, address } }) => ({ employeeId, address })),
      }),
    ),
  );
  await promiseAll(tx, promised);
}

/** Sentences about classes of the same person at the same time. */
async function clashesOf(
  tx: Db,
  training: Training,
  { employeeId, locale, zone }: Told,
  at: Temporal.Instant,
) {
  const t = text[locale];
  return (await mine(tx, employeeId, at))
    .filter(
      ({ training: other, state }) => state === 'in' && other.id !== training.id && overlaps(other, training),
    )
    .map(({ training: other }) => t.alsoThen(other.title, whenInWords(other, zone, locale)));
}

/** Somebody cancelled: whoever moved up hears it at once, with the calendar file. */
export async function tellMovedUp(
  tx: Db,
  deps: Needs,
  training: Training,
  ids: readonly string[],
  at: Temporal.Instant,
): Promise<void> {
  const readers = await readersOf(tx, ids, at);
  for (const reader of readers) {
    const t = text[reader.locale];
    const clashes = await clashesOf(tx, training, reader, at);
    const note = {
      title: t.movedUpTitle(training.title),
      tone: 'good' as const,
      body: [t.movedUpBody, ...clashes].join('\n\n'),
    };
    const telling = { purpose: 'trainings.moved-up', at, passes: true, expiresAt: training.endsAt };
    await tellAll(tx, [reader], telling, () =>
      withCalendar(deps, training, reader, card(noteCard(training, reader, note))),
    );
  }
}

/** Somebody on the list of a class, with a seat or without. */
export type Listed = Pick<Signup, 'employeeId' | 'state'>;

/**
 * The message, and after it the calendar file; the link instead where a channel takes no such files. Of a list only
 * whoever has a seat gets it: the others have nothing to enter.
 */
function withCalendar(
  deps: Needs,
  training: Training,
  reader: Told,
  message: Message,
  list?: readonly Listed[],
): Message[] {
  const channel = reader.address?.channel;
  const seated =
    list?.some(({ employeeId, state }) => employeeId === reader.employeeId && state === 'in') ?? true;
  return channel === undefined || !seated
    ? [message]
    : [message, calendarMessage(deps, training, reader.locale, channel)];
}

/** Time or place changed: everybody who is in or waits hears it once, and not what was still on its way about it. */
export async function tellChanged(
  tx: Db,
  deps: Needs,
  before: Training,
  after: Training,
  list: readonly Listed[],
): Promise<void> {
  const ids = list.map(({ employeeId }) => employeeId);
  const at = after.changedAt as Temporal.Instant;
  await stopFor(tx, after, ids, 'moved', at);
  const moved = !before.startsAt.equals(after.startsAt) || !before.endsAt.equals(after.endsAt);
  const replaced = before.place !== after.place || before.link !== after.link;
  const what = moved && replaced ? 'both' : moved ? 'time' : 'place';
  for (const reader of await readersOf(tx, ids, at)) {
    const t = text[reader.locale];
    const note = {
      title: t.changedTitle(after.title),
      tone: 'notice' as const,
      body: [
        t.changedBody(t.changedWhat[what]),
        ...(moved ? [t.wasWhen(whenInWords(before, reader.zone, reader.locale))] : []),
        ...(await clashesOf(tx, after, reader, at)),
      ].join('\n\n'),
    };
    const telling = { purpose: 'trainings.changed', at, passes: true, expiresAt: after.endsAt };
    await tellAll(tx, [reader], { ...telling, stopKey: stopKeyOf(after) }, () =>
      withCalendar(deps, after, reader, card(noteCard(after, reader, note)), list),
    );
  }
}

/** The class does not take place: said once, with a calendar file that takes the entry away. */
export async function tellCancelled(
  tx: Db,
  deps: Needs,
  training: Training,
  list: readonly Listed[],
  at: Temporal.Instant,
): Promise<void> {
  const ids = list.map(({ employeeId }) => employeeId);
  await stopFor(tx, training, ids, 'cancelled', at);
  const telling = { purpose: 'trainings.cancelled', at, passes: true, expiresAt: training.endsAt };
  await tellAll(tx, await readersOf(tx, ids, at), telling, (reader) => {
    const t = text[reader.locale];
    const when = whenInWords(training, reader.zone, reader.locale);
    const body = t.cancelledBody(when, training.cancelReason ?? '');
    const note = { title: t.cancelledTitle(training.title), tone: 'notice' as const, body, buttons: [] };
    return withCalendar(deps, training, reader, card(noteCard(training, reader, note)), list);
  });
}

/** What has not left yet about this class does not leave any more. */
export async function stopFor(
  tx: Db,
  training: Training,
  employeeIds: readonly string[],
  reason: string,
  at: Temporal.Instant,
): Promise<void> {
  await withdraw(tx, { stopKey: stopKeyOf(training), employeeIds, reason, at });
}
