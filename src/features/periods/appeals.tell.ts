import { inArray } from 'drizzle-orm';
import { dayInWords } from '../../chat/dates.ts';
import { type Locale, localeOf } from '../../chat/locale.ts';
import { type Card, card, type Message, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { employees } from '../directory/directory.tables.ts';
import { reachable } from '../directory/index.ts';
import { peopleOfHr } from './appeals.service.ts';
import { periodHolding } from './periods.service.ts';
import type { Appeal } from './periods.tables.ts';
import { text } from './periods.text.ts';
import { plain } from './periods.trail.ts';

export const DECIDE = 'periods.decide';
export const DECISION_INPUT = 'answer';

interface Named {
  number: string;
  name: string;
  locale: Locale;
}

async function namedPeople(tx: Db, ids: readonly string[]): Promise<Map<string, Named>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: employees.id, number: employees.number, name: employees.name, locale: employees.locale })
    .from(employees)
    .where(inArray(employees.id, [...ids]));
  return new Map(rows.map(({ id, locale, ...named }) => [id, { ...named, locale: localeOf(locale) }]));
}

/** Hands an appeal to everybody of HR but the person themselves; whoever decides first has decided. */
export async function handToHr(
  tx: Db,
  appeal: Appeal,
  { today, at }: { today: Temporal.PlainDate; at: Temporal.Instant },
): Promise<void> {
  const hr = (await peopleOfHr(tx, today)).filter((id) => id !== appeal.employeeId);
  const people = await namedPeople(tx, [...hr, appeal.employeeId]);
  const person = people.get(appeal.employeeId);
  await tell(tx, hr, 'performance.appeal', people, at, (locale) => card(appealCard(appeal, person, locale)));
}

export function appealCard(appeal: Appeal, person: Named | undefined, locale: Locale): Card {
  const t = text[locale];
  const { id, no } = appeal;
  return {
    title: t.hrTitle(no, plain(person?.name ?? '', 40), dayInWords(appeal.day, locale)),
    tone: 'notice',
    body: [t.hrReason(plain(appeal.reason, 400)), '', ...appeal.trail.map((line) => `- ${line}`)]
      .join('\n')
      .slice(0, 3_900),
    facts: [
      { label: t.hrPerson, value: `${person?.name ?? ''} ${person?.number ?? ''}`.slice(0, 200) },
      { label: t.hrAnswerBy, value: dayInWords(appeal.answerBy, locale) },
    ],
    inputs: [
      {
        name: DECISION_INPUT,
        label: t.decisionLabel,
        kind: 'text',
        placeholder: t.decisionPlaceholder,
        maxLength: 300,
      },
    ],
    buttons: [
      {
        label: t.grant,
        tone: 'primary',
        action: { name: DECIDE, data: { a: id, y: true } },
        word: t.grantWord(no),
      },
      { label: t.refuse, action: { name: DECIDE, data: { a: id, y: false } }, word: t.refuseWord(no) },
    ],
  };
}

/** Tells the person what was decided, and why. */
export async function tellDecision(
  tx: Db,
  appeal: Appeal,
  decision: { outcome: 'granted' | 'refused'; reason: string; byName: string; at: Temporal.Instant },
): Promise<void> {
  const { employeeId, day, campaignId } = appeal;
  const closed = (await periodHolding(tx, campaignId, day))?.state === 'closed';
  const people = await namedPeople(tx, [employeeId]);
  await tell(tx, [employeeId], 'performance.decision', people, decision.at, (locale) => {
    const t = text[locale];
    const [when, reason] = [dayInWords(day, locale), plain(decision.reason, 300)];
    if (decision.outcome === 'refused') return words(t.toldRefused(when, reason, decision.byName));
    return words(t.toldGranted(when, reason, closed));
  });
}

/** One message a language, in private chats. */
async function tell(
  tx: Db,
  ids: readonly string[],
  purpose: string,
  people: ReadonlyMap<string, Named>,
  at: Temporal.Instant,
  contentFor: (locale: Locale) => Message,
): Promise<void> {
  const addresses = await reachable(tx, ids);
  for (const locale of ['zh-CN', 'en'] as const) {
    const recipients = ids
      .filter((id) => (people.get(id)?.locale ?? 'zh-CN') === locale)
      .map((employeeId) => ({ employeeId, address: addresses.get(employeeId) }));
    if (recipients.length === 0) continue;
    await promise(tx, { purpose, priority: 'answer', content: contentFor(locale), recipients, at });
  }
}

/** What is told to everybody whose record is ready, in one message a language. */
export async function askToLook(
  tx: Db,
  ids: readonly string[],
  given: { month: string; until: Temporal.PlainDate; campaignId: string; at: Temporal.Instant },
): Promise<void> {
  const { month, until, campaignId, at } = given;
  const PEOPLE_AT_ONCE = 5_000;
  for (let from = 0; from < ids.length; from += PEOPLE_AT_ONCE) {
    const some = ids.slice(from, from + PEOPLE_AT_ONCE);
    const people = await namedPeople(tx, some);
    const addresses = await reachable(tx, some);
    for (const locale of ['zh-CN', 'en'] as const) {
      const t = text[locale];
      const recipients = some
        .filter((id) => people.get(id)?.locale === locale)
        .map((employeeId) => ({ employeeId, address: addresses.get(employeeId) }));
      if (recipients.length === 0) continue;
      const content = card({
        title: t.objectionsTitle(month),
        body: t.objections(month, dayInWords(until, locale)),
      });
      await promise(tx, {
        purpose: 'performance.objections',
        priority: 'campaign',
        campaignId,
        content,
        recipients,
        at,
      });
    }
  }
}
