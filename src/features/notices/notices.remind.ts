import { and, desc, eq } from 'drizzle-orm';
import { card } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { type Promised, promiseAll, withdraw } from '../../outbox/outbox.ts';
import type { NoticeDeps } from './notices.deps.ts';
import {
  addressed,
  holdersOf,
  liaisonsByDepartment,
  type NoticePerson,
  peopleById,
} from './notices.people.ts';
import { noticeMessage } from './notices.render.ts';
import { type Deed, noteStep, stopKeyOf } from './notices.service.ts';
import { openOnes, type RecipientRow, recipientsOf } from './notices.standing.ts';
import type { Notice } from './notices.tables.ts';
import { noticeMessages, noticeResponses, noticeSteps } from './notices.tables.ts';
import { nameLines } from './notices.tell.ts';
import { text } from './notices.text.ts';

/** So long nobody is reminded by hand of the same notice again. */
const REST_HOURS = 4;
/** A reminder that has not left by then would come out of the blue. */
const KEPT_HOURS = 72;

export type Reminded =
  | { kind: 'sent'; people: number }
  | { kind: 'nobody' }
  | { kind: 'too-soon'; at: Temporal.Instant };

/** Reminds only those who still have something to do; of them, only whom `within` lets the asker see. */
export async function remindOpen(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  deed: Deed,
  within?: { departments: readonly string[]; day: Temporal.PlainDate },
): Promise<Reminded> {
  const [last] = await tx
    .select({ at: noticeSteps.at })
    .from(noticeSteps)
    .where(and(eq(noticeSteps.noticeId, notice.id), eq(noticeSteps.step, 'reminded')))
    .orderBy(desc(noticeSteps.id))
    .limit(1);
  if (last !== undefined && Temporal.Instant.compare(deed.at, last.at.add({ hours: REST_HOURS })) < 0)
    return { kind: 'too-soon', at: last.at };
  const open = openOnes(notice, await recipientsOf(tx, notice, { within }));
  if (open.length === 0) return { kind: 'nobody' };
  await remindPeople(tx, deps, notice, open, deed.at);
  await noteStep(tx, notice, 'reminded', deed, { people: open.length, to: 'person' });
  return { kind: 'sent', people: open.length };
}

/** One rung of the ladder; answers to how many it went. Whoever acts in the meantime is left out by the sender. */
export async function climbRung(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  rung: number,
  deed: Deed,
): Promise<number> {
  const to = notice.ladder[rung]?.to;
  const open = openOnes(notice, await recipientsOf(tx, notice));
  if (to === undefined || open.length === 0) return 0;
  const reached =
    to === 'person'
      ? await remindPeople(tx, deps, notice, open, deed.at)
      : to === 'liaison'
        ? await tellLiaisons(tx, deps, notice, open, deed.at)
        : await tellHr(tx, deps, notice, open, deed.at);
  await noteStep(tx, notice, 'reminded-by-ladder', deed, { people: open.length, to, reached });
  return reached;
}

async function remindPeople(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  open: readonly RecipientRow[],
  at: Temporal.Instant,
): Promise<number> {
  const people = await peopleById(
    tx,
    open.map(({ employeeId }) => employeeId),
    localDay(at, deps.zone),
  );
  const messages = [...groupBy(people, ({ locale }) => locale)].map(([locale, same]) => {
    const t = text[locale];
    const words = {
      title: t.remind.titlePerson(notice.title).slice(0, 120),
      body: `${t.remind.bodyPerson}\n\n**${notice.title}**`,
    };
    // Not the whole text again: it is there already, a line above.
    return {
      content: noticeMessage({ ...notice, format: 'card', attachments: [] }, words, locale),
      people: same,
    };
  });
  await send(tx, deps, notice, messages, at, stopKeyOf(notice.id));
  return people.length;
}

/** Each liaison gets the names of their own departments, and nobody else's. */
async function tellLiaisons(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  open: readonly RecipientRow[],
  at: Temporal.Instant,
): Promise<number> {
  const day = localDay(at, deps.zone);
  const served = await liaisonsByDepartment(tx, day);
  const theirs = new Map<string, RecipientRow[]>();
  for (const row of open) {
    for (const liaison of served.get(row.departmentId ?? '') ?? [])
      theirs.set(liaison, [...(theirs.get(liaison) ?? []), row]);
  }
  const liaisons = await peopleById(tx, [...theirs.keys()], day);
  const messages = liaisons.map((liaison) => {
    const t = text[liaison.locale];
    const rows = theirs.get(liaison.employeeId) ?? [];
    const body = [t.remind.bodyLiaison(rows.length), '', ...nameLines(t, rows)].join('\n');
    return {
      content: card({ title: t.remind.titleLiaison(notice.title).slice(0, 120), body }),
      people: [liaison],
    };
  });
  await send(tx, deps, notice, messages, at, undefined);
  return liaisons.length;
}

/** HR sees how many in which department, without names: those are in the console, audited. */
async function tellHr(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  open: readonly RecipientRow[],
  at: Temporal.Instant,
): Promise<number> {
  const staff = await holdersOf(tx, ['hr'], localDay(at, deps.zone));
  const messages = [...groupBy(staff, ({ locale }) => locale)].map(([locale, people]) => {
    const t = text[locale];
    const lines = [...groupBy(open, ({ department }) => department ?? '—')].map(
      ([name, rows]) => `- ${t.counted(name, rows.length)}`,
    );
    const body = [t.remind.bodyHr(open.length), '', ...lines].join('\n').slice(0, 3_900);
    return { content: card({ title: t.remind.titleHr(notice.title).slice(0, 120), body }), people };
  });
  await send(tx, deps, notice, messages, at, undefined);
  return staff.length;
}

async function send(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  messages: readonly { content: Promised['content']; people: readonly NoticePerson[] }[],
  at: Temporal.Instant,
  stopKey: string | undefined,
): Promise<void> {
  const promised: (Promised & { id: string })[] = [];
  for (const { content, people } of messages) {
    const recipients = await addressed(
      tx,
      deps,
      people.map(({ employeeId }) => employeeId),
    );
    promised.push({
      id: newId(),
      purpose: 'notices.reminder',
      priority: 'campaign',
      importance: 6,
      content,
      recipients,
      at,
      expiresAt: at.add({ hours: KEPT_HOURS }),
      ...(stopKey === undefined ? {} : { stopKey }),
    });
  }
  await promiseAll(tx, promised);
  if (promised.length === 0) return;
  await tx
    .insert(noticeMessages)
    .values(
      promised.map(({ id }) => ({ messageId: id, noticeId: notice.id, part: 'reminder' as const, at })),
    );
}

/** Keeps that somebody answered; the first time counts. Their reminders stop at once. Answers whether it was new. */
export async function respond(
  tx: Db,
  given: {
    noticeId: string;
    employeeId: string;
    response: 'acknowledged' | 'signed-up';
    at: Temporal.Instant;
  },
): Promise<boolean> {
  const made = await tx
    .insert(noticeResponses)
    .values(given)
    .onConflictDoNothing()
    .returning({ at: noticeResponses.at });
  await withdraw(tx, {
    stopKey: stopKeyOf(given.noticeId),
    employeeIds: [given.employeeId],
    reason: 'acted',
    at: given.at,
  });
  return made.length > 0;
}
