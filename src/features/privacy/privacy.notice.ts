import { isDeepStrictEqual } from 'node:util';
import { desc, sql } from 'drizzle-orm';
import type { Command, Turn } from '../../chat/command.ts';
import { type Locale, localeOf } from '../../chat/locale.ts';
import { type Card, card } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { reachable } from '../directory/index.ts';
import { privacyNotices } from './privacy.tables.ts';
import { text } from './privacy.text.ts';

export type Notice = typeof privacyNotices.$inferSelect;
export type NoticeFile = Pick<Notice, 'basis' | 'texts' | 'contact'>;

/** Makes the configured wording the one in force; the same again changes nothing. Older versions stay. */
export async function publishNotice(tx: Db, file: NoticeFile, at: Temporal.Instant): Promise<Notice> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('privacy.notice'))`);
  const current = await currentNotice(tx);
  if (current !== undefined) {
    const { basis, texts, contact } = current;
    if (isDeepStrictEqual({ basis, texts, contact }, file)) return current;
  }
  const [written] = await tx
    .insert(privacyNotices)
    .values({ version: (current?.version ?? 0) + 1, ...file, since: at })
    .returning();
  return written as Notice;
}

export async function currentNotice(tx: Db): Promise<Notice | undefined> {
  const [found] = await tx.select().from(privacyNotices).orderBy(desc(privacyNotices.version)).limit(1);
  return found;
}

export function noticeCard({ basis, texts, contact, version, since }: Notice, locale: Locale): Card {
  const t = text[locale];
  return {
    title: t.title,
    tone: 'plain',
    body: texts[locale],
    facts: [
      { label: t.basis, value: t.basisNames[basis] },
      { label: t.contact, value: contact },
    ],
    buttons: [{ label: t.mineButton, action: { name: 'privacy.mine' }, word: t.mineButton }],
    footer: t.footer(version, since.toString().slice(0, 10)),
  };
}

/**
 * Promises the notice to those of these people who have not seen the version in force, and writes down that they were
 * shown it. With the first daily tip it goes ahead of the card on which they could tap; whoever acts before any tip was
 * sent gets it in the transaction that records the deed, so that no tap is lost and none stays unexplained.
 */
export async function showTo(
  tx: Db,
  people: readonly { employeeId: string; locale: string }[],
  { at, priority }: { at: Temporal.Instant; priority: 'answer' | 'campaign' },
): Promise<void> {
  if (people.length === 0) return;
  const notice = await currentNotice(tx);
  if (notice === undefined) return;
  const ids = [...new Set(people.map(({ employeeId }) => employeeId))];
  const addresses = await reachable(tx, ids);
  const { rows } = await tx.execute<{ id: string }>(sql`
    insert into privacy_shown (employee_id, version, at)
    select id, ${notice.version}, ${at.toString()}::timestamptz
    from unnest(${sql.param(ids.filter((id) => addresses.has(id)))}::uuid[]) as id
    on conflict do nothing returning employee_id as id`);
  const fresh = new Set(rows.map(({ id }) => id));
  for (const locale of ['zh-CN', 'en'] as const) {
    const readers = people.filter((one) => fresh.has(one.employeeId) && localeOf(one.locale) === locale);
    if (readers.length === 0) continue;
    await promise(tx, {
      purpose: 'privacy.notice',
      priority,
      importance: 9,
      content: card(noticeCard(notice, locale)),
      recipients: readers.map(({ employeeId }) => ({ employeeId, address: addresses.get(employeeId) })),
      at,
    });
  }
}

/** What these commands collect, nobody hands in without having been told: the notice goes with the first answer. */
export function withNotice(command: Command): Command {
  return {
    ...command,
    async answer(tx: Db, turns: readonly Turn[]) {
      const replies = await command.answer(tx, turns);
      const at = turns[0]?.at;
      if (at !== undefined) {
        const people = turns.map(({ actor }) => ({ employeeId: actor.employeeId, locale: actor.locale }));
        await showTo(tx, people, { at, priority: 'answer' });
      }
      return replies;
    },
  };
}
