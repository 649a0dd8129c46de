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
import { cancelButton, noteCard } from './trainings.cards.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { clashesWith, type Signup, type Training } from './trainings.store.ts';
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

/** Sentences about other classes of a reader at the same time. */
async function clashLines(
  tx: Db,
  training: Training,
  employeeIds: readonly string[],
  at: Temporal.Instant,
): Promise<(reader: Told) => string[]> {
  const clashes = await clashesWith(tx, training, employeeIds, at);
  return ({ employeeId, locale, zone }) =>
    (clashes.get(employeeId) ?? []).map((other) =>
      text[locale].alsoThen(other.title, whenInWords(other, zone, locale)),
    );
}

/** Somebody cancelled: whoever moved up hears it at once, with the calendar file. */
export async function tellMovedUp(
  tx: Db,
  deps: Needs,
  training: Training,
  ids: readonly string[],
  at: Temporal.Instant,
): Promise<void> {
  const clashes = await clashLines(tx, training, ids, at);
  const telling = { purpose: 'trainings.moved-up', at, passes: true, expiresAt: training.endsAt };
  await tellAll(tx, await readersOf(tx, ids, at), telling, (reader) => {
    const t = text[reader.locale];
    const note = {
      title: t.movedUpTitle(training.title),
      tone: 'good' as const,
      body: [t.movedUpBody, ...clashes(reader)].join('\n\n'),
    };
    return withCalendar(deps, training, reader, card(noteCard(training, reader, note)));
  });
}

/** Somebody on the list of a class, with a seat or without. */
export type Listed = Pick<Signup, 'employeeId' | 'state'>;

/** Who of a list has a seat, and with it an entry in their calendar. */
const seatedOf = (list: readonly Listed[]): Set<string> =>
  new Set(list.flatMap(({ employeeId, state }) => (state === 'in' ? employeeId : [])));

/** The message, and after it the calendar file; the link instead where a channel takes no such files. */
function withCalendar(deps: Needs, training: Training, reader: Told, message: Message): Message[] {
  const channel = reader.address?.channel;
  return channel === undefined
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
  const seated = seatedOf(list);
  const clashes = await clashLines(tx, after, ids, at);
  const telling = { purpose: 'trainings.changed', at, passes: true, expiresAt: after.endsAt };
  await tellAll(tx, await readersOf(tx, ids, at), { ...telling, stopKey: stopKeyOf(after) }, (reader) => {
    const t = text[reader.locale];
    const isIn = seated.has(reader.employeeId);
    const note = {
      title: t.changedTitle(after.title),
      tone: 'notice' as const,
      body: [
        t.changedBody(t.changedWhat[what], isIn),
        ...(moved ? [t.wasWhen(whenInWords(before, reader.zone, reader.locale))] : []),
        ...clashes(reader),
      ].join('\n\n'),
    };
    if (isIn) return withCalendar(deps, after, reader, card(noteCard(after, reader, note)));
    return [card(noteCard(after, reader, { ...note, buttons: [cancelButton(after, reader.locale)] }))];
  });
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
  const seated = seatedOf(list);
  const telling = { purpose: 'trainings.cancelled', at, passes: true, expiresAt: training.endsAt };
  await tellAll(tx, await readersOf(tx, ids, at), telling, (reader) => {
    const t = text[reader.locale];
    const when = whenInWords(training, reader.zone, reader.locale);
    const body = t.cancelledBody(when, training.cancelReason ?? '');
    const note = { title: t.cancelledTitle(training.title), tone: 'notice' as const, body, buttons: [] };
    const told = card(noteCard(training, reader, note));
    return seated.has(reader.employeeId) ? withCalendar(deps, training, reader, told) : [told];
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
