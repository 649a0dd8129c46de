import { sql } from 'drizzle-orm';
import { type Locale, localeOf } from '../../chat/locale.ts';
import type { Message } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { employees } from '../directory/directory.tables.ts';
import { reachable } from '../directory/index.ts';
import type { Ticket } from './tickets.store.ts';

export interface Named {
  name: string;
  number: string;
  locale: Locale;
}

export async function peopleBy(tx: Db, ids: readonly string[]): Promise<Map<string, Named>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: employees.id, name: employees.name, number: employees.number, locale: employees.locale })
    .from(employees)
    .where(sql`${employees.id} = any(${sql.param([...ids])}::uuid[])`);
  return new Map(rows.map(({ id, locale, ...named }) => [id, { ...named, locale: localeOf(locale) }]));
}

/** Promises each of these people a message in their language, in their private chat. */
export async function tell(
  tx: Db,
  ids: readonly string[],
  purpose: string,
  contentFor: (locale: Locale) => Message,
  at: Temporal.Instant,
): Promise<void> {
  const people = await peopleBy(tx, ids);
  const addresses = await reachable(tx, [...people.keys()]);
  for (const [employeeId, { locale }] of people) {
    await promise(tx, {
      purpose,
      priority: 'answer',
      content: contentFor(locale),
      recipients: [{ employeeId, address: addresses.get(employeeId) }],
      at,
    });
  }
}

/** Tells the asker where they asked. */
export async function tellAsker(
  tx: Db,
  ticket: Ticket,
  purpose: string,
  contentFor: (locale: Locale) => Message,
  at: Temporal.Instant,
): Promise<void> {
  const { askerId, channel, account, platformId } = ticket;
  const locale = (await peopleBy(tx, [askerId])).get(askerId)?.locale ?? 'zh-CN';
  const address =
    channel !== null && account !== null && platformId !== null
      ? { channel, account, platformId }
      : (await reachable(tx, [askerId])).get(askerId);
  await promise(tx, {
    purpose,
    priority: 'answer',
    content: contentFor(locale),
    recipients: [{ employeeId: askerId, address }],
    at,
  });
}
